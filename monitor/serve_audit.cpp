// SPDX-License-Identifier: MIT
#include "monitor/serve_audit.hpp"

#include <errno.h>
#include <poll.h>
#include <time.h>

#include <array>
#include <chrono>
#include <deque>

#include <nlohmann/json.hpp>

#include "monitor/audit_log.hpp"
#include "monitor/keys.hpp"
#include "monitor/login_audit.hpp"
#include "monitor/paths.hpp"

namespace latchkey {

namespace {

using nlohmann::json;

constexpr std::uint8_t kUsage = 2;  // latchkey(1), EXIT STATUS
constexpr std::uint8_t kConfiguration = 5;
constexpr std::size_t kMostRows = 50'000;
constexpr std::chrono::seconds kPatience{10};

void send(Seqpacket& command, const wire::AdminReply& reply) {
    // A list is longer than what the socket holds at once.
    pollfd waiting{command.fd(), POLLOUT, 0};
    int ready = 0;
    do ready = ::poll(&waiting, 1, poll_timeout(std::chrono::steady_clock::now() + kPatience));
    while (ready < 0 && errno == EINTR);
    (void)command.send_message(reply);
}

wire::AdminReply row_with(const json& row) {
    return {false, 0, Secret{row.dump(-1, ' ', true, json::error_handler_t::replace)}, {}};
}

// ISO 8601, UTC.
std::string as_text(TimePoint time) {
    const std::time_t seconds = time.time_since_epoch().count();
    std::tm parts{};
    std::array<char, 32> text{};
    if (::gmtime_r(&seconds, &parts) == nullptr) return {};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

json row_of(const AuditRow& row) {
    const AuditEntry& entry = row.entry;
    return {{"number", row.head.number}, {"at", as_text(entry.at)},  {"event", entry.event},
            {"who", entry.who},          {"service", entry.service}, {"source", entry.source},
            {"gates", entry.gates},      {"proofs", entry.proofs},   {"outcome", entry.outcome},
            {"rule", entry.rule}};
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
        return send(
            command,
            {true, kConfiguration, {}, "cannot read the audit log: " + done.error().detail});
    for (const json& row : rows) send(command, row_with(row));
    send(command, {true, 0, {}, {}});
}

void verify(Seqpacket& command, const wire::AdminRequest& request, const AuditLog& audit) {
    std::optional<AuditHead> elsewhere;
    if (!request.head.empty()) {
        elsewhere = audit_head_in(request.head);
        if (!elsewhere)
            return send(command, {true,
                                  kUsage,
                                  {},
                                  "--head takes NUMBER:HEX as the system log has it behind head="});
    }
    const auto check = audit.verify(elsewhere);
    if (!check)
        return send(
            command,
            {true, kConfiguration, {}, "cannot read the audit log: " + check.error().detail});
    send(command, row_with({{"records", check->records()},
                            {"head", check->records() == 0 ? "" : text_of(check->newest())},
                            {"faults", check->faults()},
                            {"notes", check->notes()}}));
    send(command, {true, 0, {}, {}});
}

}  // namespace

void serve_audit(Seqpacket& command, const wire::AdminRequest& request, const Secret& master_key) {
    const Secret key = audit_key(master_key);
    const AuditLog audit{paths::kActs, key.duplicate()};
    if (request.verb == wire::AdminVerb::Audit) return list(command, request, audit, key);
    verify(command, request, audit);
}

}  // namespace latchkey
