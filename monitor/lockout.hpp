// SPDX-License-Identifier: MIT
//
// pam_faillock's lockout, read and cleared through the faillock program (the
// tally's format is read only; it is never written by us).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/recovery.hpp"
#include "core/result.hpp"

namespace latchkey {

// faillock.conf(5) as pam_faillock reads it, with its defaults.
struct FaillockSettings {
    std::string directory = "/var/run/faillock";
    std::uint32_t deny = 3;
    std::chrono::seconds fail_interval{900};
    std::chrono::seconds unlock_time{600};  // 0: an administrator releases
};
[[nodiscard]] FaillockSettings read_faillock_settings(const std::string& path,
                                                      const std::string& directory_argument);

enum class LockState : std::uint8_t { NotLocked, Locked, HeldForEver };
[[nodiscard]] LockState lock_state(const FaillockSettings& settings, const std::string& user,
                                   TimePoint now);

// Runs `faillock --user USER --reset --dir DIR` without a shell, with an empty
// environment, and checks that the tally is empty afterwards.
Result<void> clear_lockout(const FaillockSettings& settings, const std::string& user);

}  // namespace latchkey
