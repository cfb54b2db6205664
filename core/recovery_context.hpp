// SPDX-License-Identifier: MIT
//
// One open recovery, as the parts of the runner share it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "core/gates.hpp"
#include "core/limits.hpp"
#include "core/recovery_messages.hpp"
#include "core/recovery_runner.hpp"
#include "core/recovery_ways.hpp"
#include "core/row_tags.hpp"

namespace latchkey {

// A request that a device was asked.
struct OpenApproval {
    AttemptId attempt = 0;
    std::int64_t contact_id = 0;
    std::string channel;
    std::string request_id;
    std::string choices;
    std::string number;  // the one of them that the claimant's screen shows
    Secret state;        // the plugin's
    TimePoint expires_at;
};

// A code that a recovery contact has: it is one of the account and not of a recovery.
struct ContactCode {
    TimePoint issued_at;
    Digest sent_to{};
};

struct RecoveryContext {
    const RecoveryRequest& request;
    const Settings& settings;
    RecoveryPorts ports;
    Ways ways;
    RecoveryId id = 0;
    NewRecovery opened{};  // as it was opened, here or in an earlier connection
    Reason reason = Reason::ForgotPassword;
    bool is_deliverable = false;            // false: messages are made and reach nobody
    bool is_heard = true;                   // false: nothing that is typed proves anything
    bool is_proven = false;                 // a gate is open: the claimant is no stranger any more
    std::set<std::string> proven_before{};  // possessions, in earlier connections
    std::set<std::string> sent{};           // methods of which a code was sent in this connection
    std::set<std::string> queued{};         // likewise, also of those that reach nobody
    std::set<std::int64_t> used{};          // contact_id of addresses whose code was right in it
    std::map<std::string, ContactCode> contact_codes{};  // alive, by their methods
    std::optional<OpenApproval> approval{};              // of this connection; may be void by now
    std::optional<std::uint32_t> saved_codes_left{};     // after one was used in this connection
    bool pass_used = false;                              // in this connection
    bool is_by_own_way = false;                          // a gate of its own, and not by a pass
    // What decided last, for the audit log alone: "limit=wrong_per_day", "proof=wrong".
    std::string rule{};

    [[nodiscard]] TimePoint now() const { return ports.clock.now(); }

    // An attempt by whom the guesses at `method` are to be counted.
    [[nodiscard]] Attempt attempt(AttemptKind kind, SubjectKey subject,
                                  std::string method = {}) const {
        return {std::move(subject), request.source, kind, std::move(method), id};
    }
    [[nodiscard]] LimitedAttempt limited(Attempt attempt) const {
        const AttemptKind kind = attempt.kind;
        return {std::move(attempt), limits_for(kind, settings.limits)};
    }
    [[nodiscard]] Result<Charge> charge(Attempt attempt) {
        const LimitedAttempt charged = limited(std::move(attempt));
        auto charge = ports.store.charge_attempt(charged.attempt, charged.limits, now());
        if (charge) note_refusal(*charge);
        return charge;
    }
    void note_refusal(const Charge& charge) {
        if (!charge.allowed) rule = "limit=" + std::string{charge.refused_by};
    }
    // About each subject once a day: an alarm that can be repeated at will is none any more.
    // Recorded under a name that is no bucket's, where newer rows would push it out.
    [[nodiscard]] Result<void> alarm_once_a_day(const SubjectKey& about, const std::string& event,
                                                const std::string& more) const {
        const LimitedAttempt said = limited(attempt(AttemptKind::Alarm, "alarm:" + about));
        const auto charge = ports.store.charge_attempt(said.attempt, said.limits, now());
        if (!charge) return Error{charge.error()}.within("charge alarm");
        if (charge->allowed) log(Severity::Alarm, event, more);
        return {};
    }
    void note_proof(std::string_view possession) {
        if (possession != kPassPossession) is_by_own_way = true;
    }
    // A gate that opens now, as only a verifier of this account can write it.
    [[nodiscard]] Gate gate(std::string possession) const {
        Gate gate{std::move(possession), now()};
        gate.tag = gate_tag(ports.vault, request.subkey, id, opened, gate);
        return gate;
    }
    [[nodiscard]] MessageFacts facts() const {
        return {request.account_name,
                request.host_name,
                request.service,
                request.source,
                settings.whom_to_ask,
                reason,
                now(),
                saved_codes_left,
                pass_used || proven_before.contains(std::string{kPassPossession})};
    }
    // One event of this recovery. `event` is a verb phrase, `more` is key=value pairs.
    void log(Severity severity, const std::string& event, const std::string& more = {}) const {
        ports.log.record(severity, event + " recovery=" + std::to_string(id) +
                                       " subject=" + request.subject + " source=" + request.source +
                                       (more.empty() ? "" : " ") + more);
    }
};

// What a code is hashed with: in one recovery it opens the gate of the address it was
// sent to. A contact's code outlives the recovery; its address and its age are in it instead.
[[nodiscard]] inline std::string code_context(const RecoveryContext& recovery,
                                              const Method& method) {
    const auto found = recovery.contact_codes.find(method.name);
    if (found != recovery.contact_codes.end())
        return "contact code|" +
               row_text({recovery.request.subject, method.name, method.possession,
                         row_field(found->second.sent_to), row_field(found->second.issued_at)});
    return "code|" +
           row_text({recovery_text(recovery.id, recovery.opened), method.name, method.possession});
}
inline constexpr std::string_view kResumeContext = "resume";

}  // namespace latchkey
