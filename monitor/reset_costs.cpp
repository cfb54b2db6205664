// SPDX-License-Identifier: MIT
#include "monitor/reset_costs.hpp"

#include <fcntl.h>
#include <linux/fscrypt.h>
#include <linux/openat2.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <ctime>
#include <string_view>

#include "monitor/home_look.hpp"

namespace latchkey {

namespace {

constexpr std::uint8_t kLooked = 1;
constexpr std::uint8_t kGnomeKeyring = 2;
constexpr std::uint8_t kKWallet = 4;
constexpr std::uint8_t kEcryptfs = 8;
constexpr std::uint8_t kFscrypt = 16;

constexpr const char* kPlainYes =
    "It stays closed until the old password is found.\n"
    "Type yes to choose a new password (Enter to change nothing): ";

// The entry itself, also if it is a link; no link on the way to it.
bool is_there(int home, const char* path) {
    open_how how{};
    how.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
    const auto found = static_cast<int>(::syscall(SYS_openat2, home, path, &how, sizeof how));
    if (found >= 0) ::close(found);
    return found >= 0;
}

// A policy can be read without its key.
bool is_fscrypt(int home) {
    const int opened = ::openat(home, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) return false;
    fscrypt_get_policy_ex_arg policy{};
    policy.policy_size = sizeof policy.policy;
    const bool has_policy = ::ioctl(opened, FS_IOC_GET_ENCRYPTION_POLICY_EX, &policy) == 0;
    ::close(opened);
    return has_policy;
}

// In the child, and so by system calls alone.
std::uint8_t look(int home, std::time_t /*since*/) {
    std::uint8_t seen = kLooked;
    if (is_there(home, ".local/share/keyrings/login.keyring")) seen |= kGnomeKeyring;
    if (is_there(home, ".local/share/kwalletd/kdewallet.kwl")) seen |= kKWallet;
    // Of a home that is closed this is a link.
    if (is_there(home, ".ecryptfs")) seen |= kEcryptfs;
    if (is_fscrypt(home)) seen |= kFscrypt;
    return seen;
}

}  // namespace

ResetCosts reset_costs(const Account& account, std::chrono::milliseconds& patience) {
    const std::uint8_t seen = look_at_home(account, look, 0, patience);
    ResetCosts costs;
    costs.gnome_keyring = (seen & kGnomeKeyring) != 0;
    costs.kwallet = (seen & kKWallet) != 0;
    costs.ecryptfs = (seen & kEcryptfs) != 0;
    costs.fscrypt = (seen & kFscrypt) != 0;
    return costs;
}

std::string text_of(const ResetCosts& costs) {
    std::string text = "A new password does not open what only the old one opens:\n";
    if (costs.gnome_keyring) text += "  the login keyring (GNOME), with the passwords in it\n";
    if (costs.kwallet) text += "  the wallet (KWallet), with the passwords in it\n";
    if (costs.ecryptfs) text += "  an encrypted directory or home (eCryptfs), with all its files\n";
    if (costs.fscrypt) text += "  an encrypted home (fscrypt), with all its files\n";
    return text;
}

bool accept_costs(const ResetCosts& costs, Claimant& claimant) {
    const auto answer = claimant.ask(text_of(costs) + kPlainYes);
    return answer && answer->reveal() == std::string_view{"yes"};
}

}  // namespace latchkey
