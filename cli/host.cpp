// SPDX-License-Identifier: MIT
#include "cli/host.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <memory>

#include "adapters/system/unique_fd.hpp"

namespace latchkey::cli {

namespace {

constexpr std::size_t kLargestText = 1'048'576;

Error failure(const std::string& path, const char* what) {
    const int number = errno;
    const ErrorKind kind = number == ENOENT ? ErrorKind::NotFound : ErrorKind::Misconfigured;
    return Error{kind, path + ": " + what + ": " + std::strerror(number)};
}

Result<std::string> read_descriptor(int fd, const std::string& path) {
    std::string text;
    std::string buffer(65536, '\0');
    while (true) {
        const ssize_t got = ::read(fd, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failure(path, "read");
        if (got == 0) return text;
        text.append(buffer, 0, static_cast<std::size_t>(got));
        if (text.size() > kLargestText) {
            return Error{ErrorKind::Misconfigured, path + ": larger than 1 MiB"};
        }
    }
}

bool write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t put = ::write(fd, text.data(), text.size());
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
}

Result<void> write_new_file(const std::string& path, const std::string& content, mode_t mode) {
    const UniqueFd fd{
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (!fd) return failure(path, "create");
    const bool written =
        write_all(fd.get(), content) && ::fchmod(fd.get(), mode) == 0 && ::fsync(fd.get()) == 0;
    if (written) return {};
    auto error = failure(path, "write");
    ::unlink(path.c_str());
    return error;
}

Result<void> sync_directory_of(const std::string& path) {
    const std::string directory = path.substr(0, path.rfind('/') + 1);
    const UniqueFd fd{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!fd || ::fsync(fd.get()) != 0) return failure(directory, "sync");
    return {};
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r";
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) ==
               std::tolower(static_cast<unsigned char>(y));
    });
}

}  // namespace

Result<std::string> read_text(const Host& host, const std::string& path) {
    const std::string full = host.at(path);
    const UniqueFd fd{::open(full.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (!fd) return failure(path, "open");
    struct stat facts {};
    if (::fstat(fd.get(), &facts) != 0) return failure(path, "stat");
    if (!S_ISREG(facts.st_mode)) {
        return Error{ErrorKind::Misconfigured, path + ": not a regular file"};
    }
    return read_descriptor(fd.get(), path);
}

Result<void> replace_text(const Host& host, const std::string& path, const std::string& content,
                          mode_t mode) {
    const std::string full = host.at(path);
    // A dot in front: libpam's and our own readers of the directory pass it over.
    const std::size_t slash = full.rfind('/');
    const std::string beside = full.substr(0, slash + 1) + "." + full.substr(slash + 1) + ".new";
    if (::unlink(beside.c_str()) != 0 && errno != ENOENT) return failure(beside, "remove");
    if (auto written = write_new_file(beside, content, mode); !written) return written;
    if (::rename(beside.c_str(), full.c_str()) != 0) {
        auto error = failure(full, "rename");
        ::unlink(beside.c_str());
        return error;
    }
    return sync_directory_of(full);
}

std::optional<FileFacts> facts_of(const Host& host, const std::string& path) {
    struct stat facts {};
    if (::lstat(host.at(path).c_str(), &facts) != 0) return std::nullopt;
    FileType type = FileType::Other;
    if (S_ISREG(facts.st_mode)) type = FileType::Regular;
    if (S_ISDIR(facts.st_mode)) type = FileType::Directory;
    if (S_ISLNK(facts.st_mode)) type = FileType::Link;
    if (S_ISSOCK(facts.st_mode)) type = FileType::Socket;
    return FileFacts{type, facts.st_uid, facts.st_mode & 07777U,
                     static_cast<std::uint64_t>(facts.st_size)};
}

std::vector<std::string> names_in(const Host& host, const std::string& path) {
    std::vector<std::string> names;
    const std::unique_ptr<DIR, int (*)(DIR*)> directory{::opendir(host.at(path).c_str()),
                                                        ::closedir};
    if (!directory) return names;
    while (const dirent* entry = ::readdir(directory.get())) {
        const std::string name = static_cast<const char*>(entry->d_name);
        if (name != "." && name != "..") names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::optional<uid_t> uid_of(const Host& host, const std::string& name) {
    const auto passwd = read_text(host, "/etc/passwd");
    if (!passwd) return std::nullopt;
    const std::string row_start = "\n" + name + ":";
    const std::string text = "\n" + *passwd;
    const std::size_t row = text.find(row_start);
    if (row == std::string::npos) return std::nullopt;
    const std::size_t uid = text.find(':', row + row_start.size());
    if (uid == std::string::npos) return std::nullopt;
    const char* const start = text.c_str() + uid + 1;
    char* end = nullptr;
    const unsigned long value = std::strtoul(start, &end, 10);
    if (end == start || *end != ':') return std::nullopt;
    return static_cast<uid_t>(value);
}

std::optional<std::string> value_of(std::string_view text, std::string_view key) {
    std::optional<std::string> value;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        line = trimmed(line.substr(0, line.find('#')));
        const std::size_t key_end = std::min(line.find_first_of(" \t="), line.size());
        if (!same_word(line.substr(0, key_end), key)) continue;
        std::string_view rest = trimmed(line.substr(key_end));
        if (rest.starts_with('=')) rest = trimmed(rest.substr(1));
        value = std::string(rest);
    }
    return value;
}

}  // namespace latchkey::cli
