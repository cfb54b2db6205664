// SPDX-License-Identifier: MIT
#include "monitor/slots.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <string.h>

#include <array>
#include <cstdint>

#include "monitor/root_files.hpp"

namespace latchkey {

namespace {

constexpr off_t kSlots = 32;
constexpr off_t kFirstForConsoles = 28;
constexpr off_t kPerSource = 4;
constexpr off_t kPerUser = 2;
constexpr off_t kFirstSource = 64;  // bytes of the sources lie behind those of the slots

// Locks of the open file description: two conversations in one process (a test)
// exclude each other as well, and both kinds of lock hang on one descriptor.
bool lock_byte(const UniqueFd& file, off_t byte) {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = byte;
    lock.l_len = 1;
    return ::fcntl(file.get(), F_OFD_SETLK, &lock) == 0;
}

bool lock_one_of(const UniqueFd& file, off_t first, off_t end) {
    for (off_t byte = first; byte < end; ++byte)
        if (lock_byte(file, byte)) return true;
    return false;
}

// The first of the source's four bytes. A hash that a stranger can steer could
// be made to collide with somebody else's source and use up their four.
off_t first_byte_of(const std::string& source) {
    std::array<unsigned char, crypto_generichash_BYTES> digest{};
    crypto_generichash(digest.data(), digest.size(),
                       reinterpret_cast<const unsigned char*>(source.data()), source.size(),
                       nullptr, 0);
    std::uint64_t number = 0;
    memcpy(&number, digest.data(), sizeof number);
    constexpr std::uint64_t kRoom = std::uint64_t{1} << 60U;
    return kFirstSource + static_cast<off_t>(number % kRoom) * kPerSource;
}

}  // namespace

std::optional<UniqueFd> take_slot(const std::string& directory, Surface surface,
                                  const std::string& source) {
    auto opened = open_root_directory(directory);
    if (!opened) return std::nullopt;
    UniqueFd file{
        ::openat(opened->get(), "locks", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (!file) return std::nullopt;
    if (surface == Surface::Console) {
        if (lock_one_of(file, kFirstForConsoles, kSlots)) return file;
    } else {
        const off_t first = first_byte_of(source);
        if (!lock_one_of(file, first, first + kPerSource)) return std::nullopt;
    }
    if (!lock_one_of(file, 0, kFirstForConsoles)) return std::nullopt;
    return file;
}

std::optional<UniqueFd> take_user_slot(const std::string& directory, uid_t uid) {
    auto opened = open_root_directory(directory);
    if (!opened) return std::nullopt;
    UniqueFd file{
        ::openat(opened->get(), "users", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)};
    const off_t first = static_cast<off_t>(uid) * kPerUser;
    if (!file || !lock_one_of(file, first, first + kPerUser)) return std::nullopt;
    return file;
}

}  // namespace latchkey
