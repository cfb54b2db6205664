// SPDX-License-Identifier: MIT
//
// Messages about an account to those who run the host. They are no proof of anything and
// end nothing: an administrator acts as root.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/recovery_context.hpp"

namespace latchkey {

// One row for each address of `administrator_mail`; where it is empty, one for root's mailbox
// on this host, if there is one. None where nothing carries e-mail about the account: what is
// about one that can become root goes to no channel that runs programs. `message` is made for each.
[[nodiscard]] std::vector<OutboxRow> notices_to_administrators(
    const RecoveryContext& recovery, const std::function<MessageText()>& message);

// False: `administrator_mail` is set, and no channel would carry what it is for.
[[nodiscard]] bool reaches_administrators(const Settings& settings);

// The mailbox of an account on this host, where mail is handed to servers of this host alone.
// `privileged`: the message is about an account that can become root.
[[nodiscard]] std::optional<StoredAddress> mailbox_on_this_host(const Settings& settings,
                                                                const std::string& account_name,
                                                                bool privileged);

}  // namespace latchkey
