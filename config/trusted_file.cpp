// SPDX-License-Identifier: MIT
#include "config/trusted_file.hpp"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "adapters/system/unique_fd.hpp"
#include "core/printable.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kMaxFileBytes = 262144;
constexpr std::size_t kMaxDropIns = 64;

Error refused(const std::string& path, const std::string& why_and_mend) {
    return {ErrorKind::Misconfigured, escaped(path) + ": " + why_and_mend};
}

Error unreadable(const std::string& path, int error) {
    return refused(path, std::string{"cannot be read ("} + strerrordesc_np(error) +
                             "); let root read it, or remove it");
}

Result<void> check_owner(const std::string& path, const struct stat& found) {
    if (found.st_uid != 0 && found.st_uid != ::geteuid())
        return refused(path, "does not belong to root; run chown root:root on it");
    if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return refused(path, "may be changed by others than its owner; run chmod go-w on it");
    return {};
}

// Who may write the directory may replace the file.
Result<void> check_directory_of(const std::string& path) {
    const auto slash = path.rfind('/');
    const std::string directory = slash == std::string::npos ? "."
                                  : slash == 0               ? "/"
                                                             : path.substr(0, slash);
    struct stat found {};
    if (::stat(directory.c_str(), &found) != 0) return unreadable(directory, errno);
    return check_owner(directory, found);
}

Result<std::string> whole_text(const UniqueFd& fd, const std::string& path) {
    std::string text;
    std::array<char, 8192> buffer{};
    while (text.size() <= kMaxFileBytes) {
        const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
        if (got == 0) return text;
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return unreadable(path, errno);
        text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return refused(path, "is larger than 256 KiB; remove what is not configuration");
}

}  // namespace

Result<std::optional<std::string>> read_trusted_file(const std::string& path) {
    if (path.find('\0') != std::string::npos)
        return refused(path, "is no path; name a file without NUL");
    // Without O_NONBLOCK a FIFO in its place would stop every recovery.
    const UniqueFd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
    if (!fd && (errno == ENOENT || errno == ENOTDIR)) return std::optional<std::string>{};
    if (!fd) return unreadable(path, errno);
    struct stat found {};
    if (::fstat(fd.get(), &found) != 0) return unreadable(path, errno);
    if (!S_ISREG(found.st_mode))
        return refused(path, "is not a regular file; replace it by one, or remove it");
    if (auto checked = check_owner(path, found); !checked) return std::move(checked).error();
    if (auto checked = check_directory_of(path); !checked) return std::move(checked).error();
    auto text = whole_text(fd, path);
    if (!text) return std::move(text).error();
    return std::optional<std::string>{std::move(*text)};
}

Result<std::vector<std::string>> drop_ins_of(const std::string& directory) {
    std::vector<std::string> paths;
    if (directory.empty()) return paths;
    const std::unique_ptr<DIR, int (*)(DIR*)> open_directory{::opendir(directory.c_str()),
                                                             ::closedir};
    if (!open_directory && errno == ENOENT) return paths;
    if (!open_directory) return unreadable(directory, errno);
    errno = 0;
    while (const dirent* entry = ::readdir(open_directory.get())) {
        const std::string_view name{entry->d_name};
        if (name.starts_with('.') || !name.ends_with(".toml")) continue;
        paths.push_back(directory + '/' + std::string{name});
        if (paths.size() > kMaxDropIns)
            return refused(directory, "holds more than 64 files; put them together");
    }
    if (errno != 0) return unreadable(directory, errno);
    std::sort(paths.begin(), paths.end());
    return paths;
}

}  // namespace latchkey
