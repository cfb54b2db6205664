// SPDX-License-Identifier: MIT
//
// Ends what runs as an account whose password was just changed, so that nobody stays who got
// in with the old one. By the process table, whatever started a process: a host
// needs no systemd for it, and with one its user services are ended, too.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "monitor/account.hpp"
#include "monitor/paths.hpp"

namespace latchkey {

struct EndedSessions {
    std::uint32_t ended = 0;  // processes that were seen, and are gone
    std::uint32_t left = 0;   // still there when the time was up
};

// Every process whose real uid is the account's gets SIGHUP. Half a second later, or when
// none is seen any more, `killer` is run with --kill-all=UID, until none is left or
// `deadline` has come. The login that recovers has no process of that uid yet. Rejected,
// and nothing is ended: root's uid, or one that is no person's by the host's rules.
// Unavailable: the process table cannot be read, or not all could be killed in time.
Result<EndedSessions> end_sessions(uid_t uid, const HostAccountRules& rules,
                                   std::chrono::steady_clock::time_point deadline,
                                   const std::string& killer = paths::kMonitor);

// What --kill-all=UID does: takes on that uid and has the kernel kill every process that it
// may, which is one step for whoever forks meanwhile, however fast; reading the process table
// is not. A program of its own, because what runs as the account could stop it or look into
// it: it holds no secret and has nobody else's rights. The exit status, 0 once
// it is done. Refused (2): what is no uid, and root's.
[[nodiscard]] int kill_all_of(std::string_view uid);

}  // namespace latchkey
