// SPDX-License-Identifier: MIT
#include "monitor/admin_desk.hpp"

#include "core/printable.hpp"
#include "monitor/account_report.hpp"
#include "monitor/audit_log.hpp"
#include "monitor/kernel_audit.hpp"
#include "monitor/keys.hpp"
#include "monitor/paths.hpp"
#include "monitor/patient_reply.hpp"
#include "monitor/start_delivery.hpp"

namespace latchkey {

bool remember_act(const AdminDesk& desk, const std::string& who, const std::string& event,
                  const std::string& outcome, const std::string& rule) {
    AuditEntry entry;
    entry.at = desk.clock.now();
    entry.event = event;
    entry.who = who;
    entry.service = "latchkey";
    entry.source = desk.actor.source;
    entry.outcome = outcome;
    entry.rule = rule;
    if (!desk.actor.is_root())
        entry.rule += (rule.empty() ? "by=" : " by=") + escaped(desk.actor.name);
    tell_kernel_of(entry);
    AuditLog audit{paths::kActs, audit_key(desk.master_key)};
    return record_audit(audit, entry, AuditCause::Proven, desk.log);
}

wire::AdminHello desk_hello(const AdminDesk& desk, const Account& account, wire::AdminVerb verb) {
    wire::AdminHello hello = admin_hello(account, verb, desk.master_key);
    hello.by = desk.actor.name;
    return hello;
}

void send_reply(Seqpacket& command, const wire::AdminReply& reply) {
    (void)send_patiently(command, reply);
}

void refuse_request(Seqpacket& command, std::uint8_t exit_status, const std::string& sentence) {
    send_reply(command, {true, exit_status, {}, sentence});
}

void deliver_now(const AdminDesk& desk) {
    start_delivery(desk.log);
}

}  // namespace latchkey
