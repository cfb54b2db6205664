// SPDX-License-Identifier: MIT
#include "monitor/serve_audit.hpp"

#include <chrono>
#include <deque>

#include <nlohmann/json.hpp>

#include "core/printable.hpp"
#include "core/wire/exit_statuses.hpp"
#include "monitor/admin_link.hpp"
#include "monitor/admin_row.hpp"
#include "monitor/audit_log.hpp"
#include "monitor/keys.hpp"
#include "monitor/login_audit.hpp"
#include "monitor/paths.hpp"
#include "monitor/patient_reply.hpp"
#include "monitor/row_text.hpp"
#include "monitor/store_trail.hpp"
#include "monitor/trail_match.hpp"

namespace latchkey {

namespace {

using nlohmann::json;

using namespace exit_statuses;
constexpr std::size_t kMostRows = 50'000;
// With the 30 s that one answer has, less than what the command waits.
constexpr std::chrono::seconds kReading{25};

json row_of(const AuditRow& row) {
    const AuditEntry& entry = row.entry;
    return {{"number", row.head.number}, {"at", iso_text(entry.at)}, {"event", entry.event},
            {"who", entry.who},          {"service", entry.service}, {"source", entry.source},
            {"gates", entry.gates},      {"proofs", entry.proofs},   {"outcome", entry.outcome},
            {"rule", entry.rule}};
}

// The whole trail, in the time that the command waits for an answer.
Result<void> read_store_trail(StoreTrail& trail) {
    const auto until = std::chrono::steady_clock::now() + kReading;
    auto link = AdminLink::start();
    if (!link) return std::move(link).error();
    wire::AdminHello hello;
    hello.verb = wire::AdminVerb::AuditVerify;
    while (!trail.is_complete()) {
        if (std::chrono::steady_clock::now() > until)
            return Error{ErrorKind::Unavailable, "the verifier takes too long"};
        hello.after = trail.after();
        const auto page = link->ask(hello, wire::kTrailPage + 1);
        if (!page) return Error{page.error()};
        if (auto taken = trail.take(*page); !taken) return taken;
    }
    return {};
}

void list(Seqpacket& command, const wire::AdminRequest& request, const AuditLog& audit,
          const Secret& key) {
    const std::string hashed = audited_name(request.user, false, key);
    std::deque<json> rows;
    const auto done = audit.read([&](std::string_view line) {
        const auto row = audit_row_in(line.substr(0, line.size() - (line.ends_with('\n') ? 1 : 0)));
        if (!row || row->entry.at.time_since_epoch().count() < request.since) return;
        const std::string& who = row->entry.who;
        if (!request.user.empty() && who != request.user && who != hashed) return;
        rows.push_front(row_of(*row));
        if (rows.size() > kMostRows) rows.pop_back();
    });
    if (!done)
        return (void)send_patiently(
            command,
            {true, kConfiguration, {}, "cannot read the audit log: " + done.error().detail});
    for (const json& row : rows)
        if (!send_patiently(command, admin_row(row))) return;
    (void)send_patiently(command, {true, 0, {}, {}});
}

// What the store's trail and the log say to each other. A store that cannot be read is a
// fault: it may be so that nobody compares.
Findings compare_with_store(const AuditLog& audit, const AskedAt& asked_at, StoreTrail& trail) {
    Findings findings;
    if (auto read = read_store_trail(trail); !read) {
        findings.fault("the store's trail cannot be compared: " + escaped(read.error().detail));
        return findings;
    }
    findings.take(trail.findings());
    LoggedSide log;
    const auto done = audit.read([&log](std::string_view line) {
        if (!line.ends_with('\n')) return;
        if (const auto row = audit_row_in(line.substr(0, line.size() - 1))) log.take(*row);
    });
    if (!done) {
        findings.fault("the audit log cannot be compared: " + done.error().detail);
        return findings;
    }
    findings.take(compare_trails(log, trail, asked_at));
    return findings;
}

void verify(Seqpacket& command, const wire::AdminRequest& request, const AuditLog& audit,
            const Clock& clock) {
    std::optional<AuditHead> elsewhere;
    if (!request.head.empty()) {
        elsewhere = audit_head_in(request.head);
        if (!elsewhere)
            return (void)send_patiently(
                command, {true,
                          kUsage,
                          {},
                          "--head takes NUMBER:HEX as the system log has it behind head="});
    }
    const auto check = audit.verify(elsewhere);
    if (!check)
        return (void)send_patiently(
            command,
            {true, kConfiguration, {}, "cannot read the audit log: " + check.error().detail});
    StoreTrail trail;
    const Findings findings =
        compare_with_store(audit, {clock.now(), check->newest().number}, trail);
    (void)send_patiently(command,
                         admin_row({{"records", check->records()},
                                    {"store_rows", trail.rows()},
                                    {"head", check->records() == 0 ? "" : text_of(check->newest())},
                                    {"faults", check->faults()},
                                    {"notes", check->notes()}}));
    // A row each: together they may be longer than a packet.
    for (const std::string& fault : findings.faults())
        (void)send_patiently(command, admin_row({{"fault", fault}}));
    for (const std::string& note : findings.notes())
        (void)send_patiently(command, admin_row({{"note", note}}));
    (void)send_patiently(command, {true, 0, {}, {}});
}

}  // namespace

void serve_audit(Seqpacket& command, const wire::AdminRequest& request, const Secret& master_key,
                 const Clock& clock) {
    const Secret key = audit_key(master_key);
    const AuditLog audit{paths::kActs, key.duplicate()};
    if (request.verb == wire::AdminVerb::Audit) return list(command, request, audit, key);
    verify(command, request, audit, clock);
}

}  // namespace latchkey
