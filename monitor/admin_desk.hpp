// SPDX-License-Identifier: MIT
//
// Who acts on other people's accounts, and with what: root, or a helper of the help desk.
#pragma once

#include <string>

#include "adapters/system/seqpacket.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/event_log.hpp"
#include "core/settings.hpp"
#include "core/wire/message.hpp"
#include "monitor/account.hpp"

namespace latchkey {

struct Actor {
    std::string source = "root";  // of the audit log: "root" or "helpdesk"
    std::string name = "root";
    [[nodiscard]] bool is_root() const { return source == "root"; }
};

// All outlive the call.
struct AdminDesk {
    const Settings& settings;
    const Secret& master_key;
    const Clock& clock;
    EventLog& log;
    const Actor& actor;
};

// An act in the audit log, with "by=NAME" in its rule unless root did it. False: nothing was
// recorded, and an alarm is logged.
bool remember_act(const AdminDesk& desk, const std::string& who, const std::string& event,
                  const std::string& outcome, const std::string& rule = {});

// admin_hello() with who asks.
[[nodiscard]] wire::AdminHello desk_hello(const AdminDesk& desk, const Account& account,
                                          wire::AdminVerb verb);

// Sends a reply, also where a list is longer than what the socket holds at once.
void send_reply(Seqpacket& command, const wire::AdminReply& reply);
void refuse_request(Seqpacket& command, std::uint8_t exit_status, const std::string& sentence);

// What is queued is sent at once; that it cannot be is a warning, since a timer does it, too.
void deliver_now(const AdminDesk& desk);

}  // namespace latchkey
