// SPDX-License-Identifier: MIT
#include "monitor/own_data.hpp"

#include <string>

#include "core/printable.hpp"
#include "core/wire/exit_statuses.hpp"
#include "monitor/account_report.hpp"
#include "monitor/admin_row.hpp"
#include "monitor/audit_log.hpp"
#include "monitor/keys.hpp"
#include "monitor/paths.hpp"
#include "monitor/patient_reply.hpp"
#include "monitor/person_check.hpp"

namespace latchkey {

namespace {

using nlohmann::json;

using namespace exit_statuses;

// Without the password anybody's process can cause as many as it likes. False: an alarm is logged.
bool remember(const Account& account, const RootSide& on, bool is_owner) {
    AuditEntry entry;
    entry.at = on.clock.now();
    entry.event = "export";
    entry.who = account.name;
    entry.service = "latchkey";
    entry.source = "uid" + std::to_string(account.uid);
    entry.outcome = is_owner ? "begun" : "refused";
    AuditLog audit{paths::kActs, audit_key(on.master_key)};
    return record_audit(audit, entry, is_owner ? AuditCause::Proven : AuditCause::Stranger, on.log);
}

}  // namespace

void serve_own_data(Claimant& claimant, const Account& account, const RootSide& on) {
    Seqpacket& command = claimant.module();
    const auto refuse = [&command](std::uint8_t exit_status, const std::string& sentence) {
        (void)command.send_message(wire::AdminReply{true, exit_status, {}, sentence});
    };
    const auto not_owner = why_not_owner(claimant, account);
    const bool is_recorded = remember(account, on, !not_owner);
    if (not_owner) return refuse(not_owner->exit_status, not_owner->why);
    if (!is_recorded)
        return refuse(kConfiguration,
                      "the audit log cannot be written, so nothing was read; ask the administrator "
                      "to run: latchkey check");
    auto link = AdminLink::start();
    if (!link)
        return refuse(kUnreachable,
                      "the verifier cannot be started; ask the administrator to run: latchkey "
                      "check");
    json report = account_report(account, on.settings, on.master_key, on.clock, {*link});
    report.erase("methods");
    report["part"] = "account";
    auto rows = link->ask(admin_hello(account, wire::AdminVerb::Export, on.master_key));
    if (!rows) {
        on.log.record(Severity::Alarm, "cannot export why=" + in_quotes(rows.error().detail));
        return refuse(kUnreachable,
                      "what is kept cannot be read now; ask the administrator to run: "
                      "latchkey check");
    }
    if (!send_patiently(command, admin_row(report))) return;
    for (const json& row : *rows)
        if (!send_patiently(command, admin_row(row))) return;
    (void)send_patiently(command, wire::AdminReply{true, 0, {}, {}});
}

}  // namespace latchkey
