// SPDX-License-Identifier: MIT
#include "monitor/root_files.hpp"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace latchkey {

namespace {

Result<void> make_directory(const std::string& path, mode_t mode) {
    if (::mkdir(path.c_str(), mode) == 0) {
        // The umask may have taken bits away.
        if (::chmod(path.c_str(), mode) != 0) return last_error("chmod " + path);
        return {};
    }
    if (errno == EEXIST) return {};
    return last_error("mkdir " + path);
}

Result<void> make_with_parent(const std::string& path) {
    auto made = make_directory(path, 0700);
    if (made || errno != ENOENT) return made;
    auto parent = make_directory(path.substr(0, path.rfind('/')), 0755);
    if (!parent) return parent;
    return make_directory(path, 0700);
}

std::string fresh_name(const std::string& name) {
    return "." + name + ".new";
}

UniqueFd create_fresh(const UniqueFd& directory, const std::string& fresh) {
    // A crash may have left one behind.
    ::unlinkat(directory.get(), fresh.c_str(), 0);
    return UniqueFd{::openat(directory.get(), fresh.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
}

Result<void> put_in_place(const UniqueFd& directory, const std::string& fresh,
                          const std::string& name) {
    if (::renameat(directory.get(), fresh.c_str(), directory.get(), name.c_str()) == 0) return {};
    return last_error("rename " + fresh);
}

}  // namespace

Error last_error(const std::string& what) {
    return {ErrorKind::Unavailable, what + ": " + strerrordesc_np(errno)};
}

Result<UniqueFd> open_root_directory(const std::string& path) {
    constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    UniqueFd directory{::open(path.c_str(), kFlags)};
    if (!directory && errno == ENOENT) {
        auto made = make_with_parent(path);
        if (!made) return std::move(made).error();
        directory = UniqueFd{::open(path.c_str(), kFlags)};
    }
    if (!directory) return Error{ErrorKind::Misconfigured, last_error("open " + path).detail};
    struct stat state {};
    if (::fstat(directory.get(), &state) != 0) return last_error("stat " + path);
    if (state.st_uid != 0 || (state.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return Error{ErrorKind::Misconfigured, path + " is not root's alone"};
    return directory;
}

Result<UniqueFd> open_locked_directory(const std::string& parent, const std::string& name,
                                       int operation) {
    // Both are made by their own rules: a parent made in passing would be 0755.
    auto above = open_root_directory(parent);
    if (!above) return std::move(above).error();
    auto directory = open_root_directory(parent + '/' + name);
    if (!directory) return std::move(directory).error();
    int status = 0;
    do status = ::flock(directory->get(), operation);
    while (status != 0 && errno == EINTR);
    if (status != 0) return last_error("lock " + parent + '/' + name);
    return directory;
}

Result<std::string> read_file_at(const UniqueFd& directory, const std::string& name,
                                 std::size_t limit) {
    // O_NONBLOCK: a FIFO in its place must not hold us.
    const UniqueFd file{
        ::openat(directory.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    if (!file) {
        if (errno == ENOENT) return Error{ErrorKind::NotFound, name};
        if (errno == ELOOP) return Error{ErrorKind::Corrupt, name + " is a link"};
        return last_error("open " + name);
    }
    struct stat state {};
    if (::fstat(file.get(), &state) != 0) return last_error("stat " + name);
    if (!S_ISREG(state.st_mode)) return Error{ErrorKind::Corrupt, name + " is no regular file"};
    std::string content(limit + 1, '\0');
    std::size_t length = 0;
    while (length < content.size()) {
        const ssize_t got = ::read(file.get(), content.data() + length, content.size() - length);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return last_error("read " + name);
        if (got == 0) break;
        length += static_cast<std::size_t>(got);
    }
    if (length > limit) return Error{ErrorKind::Corrupt, name + " is too long"};
    content.resize(length);
    return content;
}

Result<void> write_all(const UniqueFd& file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return last_error("write");
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

Result<void> replace_file_at(const UniqueFd& directory, const std::string& name,
                             std::string_view bytes) {
    const std::string fresh = fresh_name(name);
    const UniqueFd file = create_fresh(directory, fresh);
    if (!file) return last_error("create " + fresh);
    auto written = write_all(file, bytes);
    if (written && ::fsync(file.get()) != 0) written = last_error("sync " + fresh);
    if (written) written = put_in_place(directory, fresh, name);
    if (!written) {
        ::unlinkat(directory.get(), fresh.c_str(), 0);
        return written;
    }
    if (::fsync(directory.get()) != 0) return last_error("sync directory of " + name);
    return {};
}

Result<void> remove_file_at(const UniqueFd& directory, const std::string& name) {
    if (::unlinkat(directory.get(), name.c_str(), 0) != 0 && errno != ENOENT)
        return last_error(name);
    if (::fsync(directory.get()) != 0) return last_error(name);
    return {};
}

Result<void> replace_files_at(const UniqueFd& directory, const std::vector<NamedText>& files) {
    Result<void> written;
    for (const NamedText& each : files) {
        const UniqueFd file = create_fresh(directory, fresh_name(each.name));
        if (!file) written = last_error("create " + fresh_name(each.name));
        if (written) written = write_all(file, each.text);
        if (!written) break;
    }
    if (written && ::syncfs(directory.get()) != 0) written = last_error("sync files");
    for (const NamedText& each : files) {
        const std::string fresh = fresh_name(each.name);
        if (written) written = put_in_place(directory, fresh, each.name);
        if (!written) ::unlinkat(directory.get(), fresh.c_str(), 0);
    }
    if (written && ::fsync(directory.get()) != 0) written = last_error("sync directory");
    return written;
}

}  // namespace latchkey
