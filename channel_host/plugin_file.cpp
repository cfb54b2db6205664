// SPDX-License-Identifier: MIT
#include "channel_host/plugin_file.hpp"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "core/printable.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kLongestName = 64;

Error refuse(const std::string& path, const std::string& why) {
    return {ErrorKind::Misconfigured, escaped(path) + ": " + why};
}

bool is_trusted_owner(uid_t owner) {
    struct stat program {};
    return owner == 0 || (::stat("/proc/self/exe", &program) == 0 && owner == program.st_uid);
}

Result<void> check_owner_and_mode(const struct stat& found, const std::string& path) {
    if (!is_trusted_owner(found.st_uid)) return refuse(path, "is not owned by root");
    if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return refuse(path, "may be changed by others than its owner");
    return {};
}

// `path` is for the message; `flags` beside O_NOFOLLOW and O_CLOEXEC.
Result<UniqueFd> open_checked(const UniqueFd& parent, const std::string& name, int flags,
                              const std::string& path) {
    UniqueFd fd{::openat(parent.get(), name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC)};
    if (!fd && (errno == ELOOP || errno == ENOTDIR))
        return refuse(path, "is a symbolic link or no directory");
    if (!fd) return refuse(path, strerrordesc_np(errno));
    struct stat found {};
    if (::fstat(fd.get(), &found) != 0) return refuse(path, strerrordesc_np(errno));
    auto checked = check_owner_and_mode(found, path);
    if (!checked) return std::move(checked).error();
    return fd;
}

bool read_at(const UniqueFd& fd, void* into, std::size_t size, std::uint64_t offset) {
    return ::pread(fd.get(), into, size, static_cast<off_t>(offset)) == static_cast<ssize_t>(size);
}

// True if every segment that would be mapped lies within the file.
bool is_whole_shared_object(const UniqueFd& fd, std::uint64_t file_size) {
    ElfW(Ehdr) header{};
    if (!read_at(fd, &header, sizeof header, 0)) return false;
    if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_type != ET_DYN ||
        header.e_phentsize != sizeof(ElfW(Phdr)))
        return false;
    for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
        ElfW(Phdr) segment{};
        if (header.e_phoff > file_size ||
            !read_at(fd, &segment, sizeof segment, header.e_phoff + i * sizeof segment))
            return false;
        if (segment.p_type == PT_LOAD &&
            (segment.p_offset > file_size || segment.p_filesz > file_size - segment.p_offset))
            return false;
    }
    return header.e_phnum > 0;
}

}  // namespace

bool is_plugin_name(std::string_view name) {
    constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789_-";
    return !name.empty() && name.size() <= kLongestName &&
           name.find_first_not_of(kAllowed) == std::string_view::npos;
}

Result<void> require_shared_object(const UniqueFd& file, const std::string& path) {
    struct stat found {};
    if (::fstat(file.get(), &found) != 0 || !S_ISREG(found.st_mode))
        return refuse(path, "is no regular file");
    if (!is_whole_shared_object(file, static_cast<std::uint64_t>(found.st_size)))
        return refuse(path, "is no shared object, or was cut short");
    return {};
}

Result<UniqueFd> open_trusted_directory(const std::string& directory) {
    if (directory.empty() || directory.front() != '/')
        return refuse(directory, "is no absolute path");
    UniqueFd at{::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)};
    std::string path;
    for (std::size_t begin = 1; begin < directory.size();) {
        const std::size_t end = std::min(directory.find('/', begin), directory.size());
        const std::string name = directory.substr(begin, end - begin);
        begin = end + 1;
        if (name.empty()) continue;
        path += '/' + name;
        if (name == "." || name == "..") return refuse(path, "is no plain path");
        auto next = open_checked(at, name, O_PATH | O_DIRECTORY, path);
        if (!next) return next;
        at = std::move(*next);
    }
    return at;
}

Result<UniqueFd> open_plugin_file(const std::string& directory, const std::string& name) {
    if (!is_plugin_name(name))
        return refuse(name, "is no plugin name; use lower-case letters, digits, - and _");
    auto parent = open_trusted_directory(directory);
    if (!parent) return parent;
    const std::string path = directory + '/' + name + ".so";
    auto file = open_checked(*parent, name + ".so", O_RDONLY | O_NONBLOCK, path);
    if (!file) return file;
    auto usable = require_shared_object(*file, path);
    if (!usable) return std::move(usable).error();
    return file;
}

}  // namespace latchkey
