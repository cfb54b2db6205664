// SPDX-License-Identifier: MIT
//
// The help desk: members of a group of this host who may do some of what root does for other
// people, and how often.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/recovery.hpp"
#include "core/result.hpp"
#include "core/wire/message.hpp"
#include "monitor/account.hpp"

namespace latchkey {

inline constexpr const char* kHelpDeskGroup = "latchkey-helpdesk";

// Whether the account is a member, by its primary group or by name: read from group(5) and not
// through NSS, so that no directory makes anybody one. No for a group of gid 0, one that has two
// rows, and a file that cannot be read to its end.
[[nodiscard]] bool is_helper(const Account& account, const std::string& file = "/etc/group");

// What a helper may ask. Reading changes nothing; all else is an act.
[[nodiscard]] bool may_help_with(const wire::AdminRequest& request);
// A helper's pass is for once, and for 24 hours at most. Empty: it is one, or no pass is asked for.
inline constexpr std::uint32_t kLongestPassOfHelper = 24 * 3600;  // seconds
[[nodiscard]] std::string why_not_such_a_pass(const wire::AdminRequest& request);
[[nodiscard]] bool is_act_of_helper(wire::AdminVerb verb);

// How many acts a helper has begun, in one root-only file per uid beside the ledger. Purging the
// helper leaves it.
class HelpDeskActs {
public:
    static constexpr std::size_t kMostPerHour = 20;

    // `directory` is the ledger's (/var/lib/latchkey-acts); the file is helpdesk/UID below it.
    HelpDeskActs(std::string directory, uid_t uid);

    // Counts one more act, durably, before it is done, and whatever becomes of it. Rejected: as
    // many as may be were begun within an hour. Of a clock that was set back the later times
    // count. Corrupt: the file breaks its own format.
    Result<void> begin(TimePoint now);

private:
    std::string directory_;
    std::string file_;
};

}  // namespace latchkey
