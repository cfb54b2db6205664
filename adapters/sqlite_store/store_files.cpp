// SPDX-License-Identifier: MIT
#include "adapters/sqlite_store/store_files.hpp"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

namespace latchkey {

namespace {

Error kernel_refused(const std::string& what) {
    return {ErrorKind::Unavailable, what + ": " + strerrordesc_np(errno)};
}

Error misconfigured(const std::string& what, const char* why) {
    return {ErrorKind::Misconfigured, what + ": " + why};
}

// The rule for everything that exists before us: ours, and nobody else's.
Result<void> check_private(int fd, const std::string& name, mode_t type) {
    struct stat found {};
    if (::fstat(fd, &found) != 0) return kernel_refused(name);
    if ((found.st_mode & S_IFMT) != type)
        return misconfigured(name, type == S_IFDIR ? "not a directory" : "not a plain file");
    if (found.st_uid != ::geteuid()) return misconfigured(name, "belongs to another user");
    if ((found.st_mode & 077) != 0)
        return misconfigured(name, "open to other users; take away their permissions (chmod go=)");
    return {};
}

UniqueFd look_into(const std::string& path) {
    return UniqueFd{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
}

// Looks before it makes: a confined process may not make directories at all.
Result<UniqueFd> open_directory(const std::string& path) {
    UniqueFd fd = look_into(path);
    if (!fd && errno == ENOENT) {
        if (::mkdir(path.c_str(), 0700) == 0) {
            // A umask that takes from the owner shuts even the owner out.
            if (::chmod(path.c_str(), 0700) != 0) return kernel_refused("chmod " + path);
        } else if (errno != EEXIST) {  // unless another process was faster
            return kernel_refused("create " + path);
        }
        fd = look_into(path);
    }
    if (!fd)
        return errno == ENOTDIR || errno == ELOOP ? misconfigured(path, "not a directory")
                                                  : kernel_refused(path);
    auto checked = check_private(fd.get(), path, S_IFDIR);
    if (!checked) return std::move(checked).error();
    return fd;
}

// Creates the file if it is missing. The check of one that is there goes through
// O_PATH: closing a real descriptor of a database would drop the locks that
// another connection of this process holds on it.
Result<void> ensure_file(int directory, const std::string& name) {
    const UniqueFd made{::openat(directory, name.c_str(),
                                 O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (made) {
        if (::fchmod(made.get(), 0600) != 0) return kernel_refused("chmod " + name);
        // The name of the file must survive a power cut as well as its content.
        if (::fsync(directory) != 0) return kernel_refused("sync directory of " + name);
        return {};
    }
    if (errno != EEXIST) return kernel_refused("create " + name);
    const UniqueFd there{::openat(directory, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)};
    if (!there) return kernel_refused(name);
    return check_private(there.get(), name, S_IFREG);
}

}  // namespace

Result<UniqueFd> prepare_files(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == path.size() ||
        path.find('\0') != std::string::npos)
        return misconfigured(path, "must be the absolute path of a file in a directory of its own");
    auto directory = open_directory(path.substr(0, slash));
    if (!directory) return std::move(directory).error();

    const std::string name = path.substr(slash + 1);
    auto database = ensure_file(directory->get(), name);
    if (!database) return std::move(database).error();
    auto queue = ensure_file(directory->get(), name + "-queue");
    if (!queue) return std::move(queue).error();
    UniqueFd fd{
        ::openat(directory->get(), (name + "-queue").c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC)};
    if (!fd) return kernel_refused(name + "-queue");
    return fd;
}

}  // namespace latchkey
