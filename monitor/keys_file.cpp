// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "core/ports/vault.hpp"
#include "monitor/keys.hpp"
#include "monitor/root_files.hpp"

namespace latchkey {

namespace {

constexpr mode_t kKeyMode = 0400;

struct KeyBytes {
    std::array<char, Vault::kKeyBytes> bytes{};
    ~KeyBytes() { explicit_bzero(bytes.data(), bytes.size()); }
};

Error misconfigured(const std::string& path, const std::string& why) {
    return {ErrorKind::Misconfigured, "master key " + path + ": " + why};
}

std::string directory_of(const std::string& path) {
    return path.substr(0, path.rfind('/'));
}
std::string name_of(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

// The directory is opened once and the key relative to it: what was checked is
// what is read.
Result<UniqueFd> open_directory_of(const std::string& path) {
    const std::string directory = directory_of(path);
    if (path.find('/') == path.npos || directory.empty())
        return misconfigured(path, "not below a directory");
    UniqueFd opened{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
    if (!opened) return misconfigured(path, last_error("its directory").detail);
    struct stat state {};
    if (::fstat(opened.get(), &state) != 0 || state.st_uid != 0 || (state.st_mode & 022) != 0)
        return misconfigured(path, "its directory is not root's alone");
    return opened;
}

Result<void> check_key_file(const struct stat& state, const std::string& path) {
    if (!S_ISREG(state.st_mode)) return misconfigured(path, "not a regular file");
    if (state.st_uid != 0 || state.st_gid != 0)
        return misconfigured(path, "owner is not root:root");
    if ((state.st_mode & 07777) != kKeyMode) return misconfigured(path, "mode is not 0400");
    if (state.st_nlink != 1) return misconfigured(path, "has a second name");
    if (state.st_size != static_cast<off_t>(Vault::kKeyBytes))
        return misconfigured(path, "length is not 32 bytes");
    return {};
}

Result<KeyBytes> fresh_key() {
    KeyBytes key;
    std::size_t filled = 0;
    while (filled < key.bytes.size()) {
        const ssize_t got = ::getrandom(key.bytes.data() + filled, key.bytes.size() - filled, 0);
        if (got < 0 && errno != EINTR) return last_error("getrandom");
        if (got > 0) filled += static_cast<std::size_t>(got);
    }
    return key;
}

// Written beside it and moved into place only if nothing is there: neither a
// crash nor a second setup leaves half a key or replaces one.
Result<void> create_key(const UniqueFd& directory, const std::string& name) {
    auto key = fresh_key();
    if (!key) return std::move(key).error();
    const std::string fresh = "." + name + "." + std::to_string(::getpid());
    ::unlinkat(directory.get(), fresh.c_str(), 0);
    const UniqueFd file{::openat(directory.get(), fresh.c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kKeyMode)};
    if (!file) return last_error("create master key");
    Result<void> made = write_all(file, {key->bytes.data(), key->bytes.size()});
    if (made && (::fchown(file.get(), 0, 0) != 0 || ::fchmod(file.get(), kKeyMode) != 0 ||
                 ::fsync(file.get()) != 0))
        made = last_error("write master key");
    if (made &&
        ::renameat2(directory.get(), fresh.c_str(), directory.get(), name.c_str(),
                    RENAME_NOREPLACE) != 0 &&
        errno != EEXIST)
        made = last_error("name master key");
    ::unlinkat(directory.get(), fresh.c_str(), 0);
    if (made && ::fsync(directory.get()) != 0) made = last_error("sync master key's directory");
    return made;
}

}  // namespace

Result<Secret> read_master_key(const std::string& path) {
    auto directory = open_directory_of(path);
    if (!directory) return std::move(directory).error();
    const UniqueFd file{::openat(directory->get(), name_of(path).c_str(),
                                 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    if (!file) return misconfigured(path, last_error("open").detail);
    struct stat state {};
    if (::fstat(file.get(), &state) != 0) return misconfigured(path, last_error("stat").detail);
    auto checked = check_key_file(state, path);
    if (!checked) return std::move(checked).error();
    KeyBytes key;
    if (::read(file.get(), key.bytes.data(), key.bytes.size()) !=
        static_cast<ssize_t>(key.bytes.size()))
        return misconfigured(path, "cannot be read");
    return Secret{std::string_view{key.bytes.data(), key.bytes.size()}};
}

Result<void> make_master_key(const std::string& path) {
    auto directory = open_directory_of(path);
    if (!directory) return std::move(directory).error();
    struct stat state {};
    const bool absent =
        ::fstatat(directory->get(), name_of(path).c_str(), &state, AT_SYMLINK_NOFOLLOW) != 0 &&
        errno == ENOENT;
    if (absent) {
        auto created = create_key(*directory, name_of(path));
        if (!created) return created;
    }
    auto key = read_master_key(path);
    if (!key) return std::move(key).error();
    return {};
}

}  // namespace latchkey
