// SPDX-License-Identifier: MIT
#include "cli/import_file.hpp"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "adapters/system/unique_fd.hpp"

namespace latchkey::cli {

namespace {

constexpr std::size_t kPiece = 65536;

// Never moved while it grows: what it held before would lie about.
struct Buffer {
    explicit Buffer(std::size_t room) { text.reserve(room); }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer() { explicit_bzero(text.data(), text.size()); }
    std::string text;
};

Error failure(const std::string& path, const std::string& why) {
    return {ErrorKind::Misconfigured, path + ": " + why};
}

Error too_long(const std::string& path, std::size_t limit) {
    return failure(path, "longer than " + std::to_string(limit / 1024) +
                             " KiB; give what it holds in several files");
}

Result<UniqueFd> open_file(const std::string& path, std::size_t limit) {
    // O_NONBLOCK: a FIFO in its place must not hold us.
    UniqueFd file{::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    if (!file && errno == ELOOP)
        return failure(path, "a link, which is not followed; name the file itself");
    if (!file) return failure(path, std::string{strerrordesc_np(errno)} + "; name a file to read");
    struct stat facts {};
    if (::fstat(file.get(), &facts) != 0) return failure(path, strerrordesc_np(errno));
    if (!S_ISREG(facts.st_mode))
        return failure(path, "not a regular file; name one, or - for standard input");
    if (static_cast<std::size_t>(facts.st_size) > limit) return too_long(path, limit);
    return file;
}

}  // namespace

Result<Secret> read_import_file(const std::string& path, std::istream& in, std::size_t limit) {
    Buffer buffer{limit + kPiece};
    std::string& text = buffer.text;
    UniqueFd file;
    if (path != "-") {
        auto opened = open_file(path, limit);
        if (!opened) return std::move(opened).error();
        file = std::move(*opened);
    }
    while (text.size() <= limit) {
        const std::size_t before = text.size();
        text.resize(before + kPiece);
        ssize_t got = 0;
        if (file) {
            do got = ::read(file.get(), text.data() + before, kPiece);
            while (got < 0 && errno == EINTR);
        } else {
            in.read(text.data() + before, kPiece);
            got = in.bad() ? -1 : static_cast<ssize_t>(in.gcount());
        }
        text.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        if (got < 0) return failure(path, "cannot be read; look at the file and try again");
        if (got == 0) return Secret{std::string_view{text}};
    }
    return too_long(path, limit);
}

}  // namespace latchkey::cli
