// SPDX-License-Identifier: MIT
//
// pam_faillock's lockout, read and cleared through the faillock program (the
// tally's format is read only; it is never written by us).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/recovery.hpp"
#include "core/result.hpp"

namespace latchkey {

// faillock.conf(5) as pam_faillock reads it, with its defaults.
struct FaillockSettings {
    std::string directory = "/var/run/faillock";
    std::uint32_t deny = 3;  // 0: nobody is locked out
    std::chrono::seconds fail_interval{900};
    std::chrono::seconds unlock_time{600};  // 0: an administrator releases
    std::string admin_group;                // its members are treated as root is
    bool even_deny_root = false;
    std::optional<std::chrono::seconds> root_unlock_time;  // none: as unlock_time
};
// `directory_argument` (pam_latchkey's faillock_dir=) wins over the file if it is
// an absolute path. What pam_faillock would not understand keeps its default here
// too. Options on pam_faillock's own line in pam.d are not seen.
[[nodiscard]] FaillockSettings read_faillock_settings(const std::string& path,
                                                      const std::string& directory_argument);

enum class LockState : std::uint8_t { NotLocked, Locked, HeldForEver };
// NotLocked also for a tally that is absent or unreadable: nothing can be done about it.
[[nodiscard]] LockState lock_state(const FaillockSettings& settings, const std::string& user,
                                   TimePoint now);

// Runs `faillock --user USER --reset --dir DIR` without a shell, with an empty
// environment and 10 s of time, and checks that the tally is empty afterwards.
// False: it ran, and whether it did it cannot be seen; whoever counts acts counts it.
// Misconfigured: there is no such program. Unavailable: it did not do it.
Result<bool> clear_lockout(const FaillockSettings& settings, const std::string& user);

}  // namespace latchkey
