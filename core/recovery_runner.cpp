// SPDX-License-Identifier: MIT
#include "core/recovery_runner.hpp"

#include <set>
#include <string_view>
#include <utility>
#include <variant>

#include "core/answers.hpp"
#include "core/channel_health.hpp"
#include "core/printable.hpp"
#include "core/recovery_approving.hpp"
#include "core/recovery_checking.hpp"
#include "core/recovery_context.hpp"
#include "core/recovery_flow.hpp"
#include "core/recovery_granting.hpp"
#include "core/recovery_judging.hpp"
#include "core/recovery_sending.hpp"
#include "core/recovery_vetoing.hpp"

namespace latchkey {

namespace {

std::string_view name_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::Refused:
            return "refused";
        case Outcome::Recovered:
            return "recovered";
        case Outcome::Unlocked:
            return "unlocked";
        case Outcome::NothingWasLocked:
            return "nothing_was_locked";
        case Outcome::Back:
            return "back";
        case Outcome::ResumeUnknown:
            return "resume_unknown";
        case Outcome::WhomToAsk:
            return "whom_to_ask";
        case Outcome::Proven:
            return "proven";
    }
    return "refused";
}

FlowSetup flow_setup(const RecoveryContext& recovery, std::uint32_t gates_needed) {
    FlowSetup setup;
    setup.surface = recovery.request.surface;
    setup.reason = recovery.request.reason;
    setup.privileged = recovery.request.privileged;
    setup.gates_needed = gates_needed;
    setup.wrong_per_code = recovery.settings.limits.wrong_per_code;
    setup.methods = recovery.ways.methods;
    setup.held = recovery.ways.held;
    for (const Method& method : setup.methods)  // whatever is sent and held is among them
        setup.minutes_of[method.name] =
            static_cast<std::uint32_t>(code_lifetime(recovery.settings, method.name).count());
    setup.remote_minutes = static_cast<std::uint32_t>(code_lifetime(recovery.settings, {}).count());
    return setup;
}

class Runner {
public:
    Runner(const RecoveryRequest& request, const Settings& settings, const RecoveryPorts& ports)
        : recovery_{request, settings, ports, {}} {}

    RecoveryEnd run() {
        auto outcome = converse();
        if (!outcome) {
            recovery_.log(Severity::Warning, "recovery refused",
                          "why=" + in_quotes(outcome.error().detail));
            recovery_.rule = outcome.error().detail;
            outcome = Outcome::Refused;
        }
        if (!recovery_.is_heard) recovery_.rule = kHumanCheckRule;
        let_go();
        recovery_.log(Severity::Info, "recovery finished",
                      "outcome=" + std::string{name_of(*outcome)});
        return {*outcome, std::move(recovery_.rule), recovery_.is_by_own_way};
    }

private:
    Result<Outcome> converse() {
        auto not_working = find_not_working();
        if (!not_working) return std::move(not_working).error();
        auto ways = load_ways(recovery_.request, recovery_.settings, recovery_.ports);
        if (!ways) return std::move(ways).error();
        recovery_.ways = std::move(*ways);
        Result<flow::Event> event = flow::Event{flow::ResumeAsked{}};
        if (recovery_.request.resume_code.empty()) event = open();
        FlowSetup setup = flow_setup(recovery_, gates_needed_);
        setup.not_working = std::move(*not_working);
        setup.human_checks = std::move(human_checks_);
        RecoveryFlow flow{std::move(setup)};
        while (true) {
            if (!event) return std::move(event).error();
            flow::Action action = flow.advance(std::move(*event));
            if (const auto* end = std::get_if<flow::Finish>(&action)) return end->outcome;
            if (recovery_.now() >= expires_at_) return Error{ErrorKind::Rejected, "expired"};
            event = std::visit([this](auto& step) { return execute(step); }, action);
        }
    }

    // --- beginnings ---------------------------------------------------------------

    // One query, the same for every name and before any row of a name is read.
    [[nodiscard]] Result<std::vector<std::string>> find_not_working() const {
        auto health = recovery_.ports.store.channel_health();
        if (!health) return std::move(health).error().within("read the channels' health");
        const auto methods = methods_in_trouble(recovery_.settings, *health, recovery_.now());
        return std::vector<std::string>(methods.begin(), methods.end());
    }

    Result<flow::Event> open() {
        const RecoveryRequest& request = recovery_.request;
        recovery_.reason = request.reason;
        if (auto counted = count_gates(); !counted) return std::move(counted).error();
        const TimePoint now = recovery_.now();
        expires_at_ = now + recovery_.settings.recovery_lifetime;
        // Codes are withheld beyond the limits; whoever recovers all the same (with a saved
        // code) is announced, so the row stays deliverable.
        recovery_.opened = {request.subject,
                            request.deliverable,
                            request.reason,
                            request.service,
                            request.source,
                            gates_needed_,
                            now,
                            expires_at_};
        auto start = record_start(recovery_);
        if (!start) return std::move(start).error();
        recovery_.is_deliverable = request.deliverable && start->is_within_limits;
        human_checks_ = std::move(start->human_checks);
        leased_until_ = now + kFirstLease;
        recovery_.log(Severity::Info, "recovery started",
                      "service=" + request.service +
                          (start->is_within_limits ? "" : " limit=starts_of_source"));
        return flow::Event{flow::Started{}};
    }

    [[nodiscard]] std::size_t possessions() const {
        std::set<std::string_view> held;
        for (const Method& method : recovery_.ways.held) held.insert(method.possession);
        return held.size();
    }

    [[nodiscard]] Result<std::uint32_t> count_wrong(const Limit& limit) const {
        auto wrong = recovery_.ports.store.count_attempts(
            recovery_.attempt(AttemptKind::Code, recovery_.request.subject), limit,
            recovery_.now());
        if (!wrong) return std::move(wrong).error().within("count wrong proofs");
        return *wrong;
    }

    // After very many wrong proofs on this host everybody needs one more, who has one more.
    Result<void> count_gates() {
        const Limit alarm = host_alarm(recovery_.settings.limits);
        const auto wrong = count_wrong(alarm);
        if (!wrong) return Error{wrong.error()};
        if (*wrong < alarm.at_most) return {};
        if (auto said = recovery_.alarm_once_a_day("host", "many wrong proofs on this host",
                                                   "in_a_day=" + std::to_string(*wrong));
            !said)
            return std::move(said).error();
        const Limit gate = host_gate(recovery_.settings.limits);
        const auto lucky = count_wrong(gate);
        if (!lucky) return Error{lucky.error()};
        if (*lucky >= gate.at_most && gates_needed_ < possessions()) ++gates_needed_;
        return {};
    }

    Result<flow::Event> resume() {
        const RecoveryRequest& request = recovery_.request;
        if (looks_like_veto(request.resume_code))
            return as_event(hear_veto(recovery_, request.resume_code));
        // Charged to the source alone: no stranger can use up the owner's resume codes.
        const auto charge =
            recovery_.charge(recovery_.attempt(AttemptKind::Resume, request.subject));
        if (!charge) return Error{charge.error()}.within("charge resume");
        if (!charge->allowed) return flow::Event{flow::Resumed{}};
        const Digest digest = recovery_.ports.vault.digest(
            request.subkey, kResumeContext, normalised_resume_code(request.resume_code));
        auto found = recovery_.ports.store.resume({request.subject, request.service, request.source,
                                                   digest, request.lease, recovery_.now()});
        if (!found) return Error{found.error()}.within("resume");
        const bool is_right =
            *found && is_genuine(**found, digest) && keep_genuine_gates(**found) > 0;
        const auto result = is_right ? AttemptResult::Right : AttemptResult::Wrong;
        if (auto settled = recovery_.ports.store.settle_attempt(charge->id, result); !settled)
            return std::move(settled).error().within("settle resume");
        if (!is_right) return flow::Event{flow::Resumed{}};
        return take_up(**found);
    }

    static Result<flow::Event> as_event(Result<flow::VetoJudged> judged) {
        if (!judged) return std::move(judged).error();
        return flow::Event{*judged};
    }

    // False: a verifier that does not hold this account's key wrote what decides in it.
    [[nodiscard]] bool is_genuine(const ResumedRecovery& found, const Digest& resume_code) const {
        const Digest tag = recovery_tag(recovery_.ports.vault, recovery_.request.subkey, found.id,
                                        found.opened, resume_code);
        if (is_same_tag(recovery_.ports.vault, found.tag, tag)) return true;
        alarm("found a forged recovery", found);
        return false;
    }
    // Drops the gates that such a verifier wrote; how many are left.
    [[nodiscard]] std::size_t keep_genuine_gates(ResumedRecovery& found) const {
        const auto forged = std::erase_if(found.gates, [&](const Gate& gate) {
            const Digest tag = gate_tag(recovery_.ports.vault, recovery_.request.subkey, found.id,
                                        found.opened, gate);
            return !is_same_tag(recovery_.ports.vault, gate.tag, tag);
        });
        if (forged > 0) alarm("found a forged gate", found);
        return found.gates.size();
    }
    void alarm(const std::string& what, const ResumedRecovery& found) const {
        recovery_.log(Severity::Alarm, what, "resumed=" + std::to_string(found.id));
    }

    Result<flow::Event> take_up(const ResumedRecovery& found) {
        recovery_.id = found.id;
        recovery_.opened = found.opened;
        expires_at_ = found.opened.expires_at;
        std::vector<std::string> proven;
        for (const Gate& gate : found.gates) proven.push_back(gate.possession);
        auto resume_code = renew_resume_code(recovery_);
        if (!resume_code) return std::move(resume_code).error();
        recovery_.is_deliverable = recovery_.request.deliverable;
        recovery_.is_proven = true;
        recovery_.proven_before.insert(proven.begin(), proven.end());
        for (const std::string& possession : proven) recovery_.note_proof(possession);
        recovery_.reason = found.opened.reason;
        recovery_.log(
            Severity::Info, "recovery resumed",
            "service=" + recovery_.request.service + " gates=" + std::to_string(proven.size()));
        return flow::Event{flow::Resumed{true, found.opened.reason, found.opened.gates_needed,
                                         std::move(proven), std::move(*resume_code)}};
    }

    // Kept short, so that a connection that died without a word does not keep its
    // owner out for long. One that fell silent and was taken over ends here.
    Result<void> keep_lease() {
        const TimePoint until = recovery_.now() + kFirstLease;
        if (recovery_.id == 0 || until <= leased_until_) return {};
        auto kept =
            recovery_.ports.store.extend_lease(recovery_.id, recovery_.request.lease, until);
        if (!kept) return std::move(kept).error().within("keep recovery");
        leased_until_ = until;
        return {};
    }

    void let_go() {
        if (recovery_.id == 0) return;
        auto released = recovery_.ports.store.release(recovery_.id, recovery_.request.lease);
        if (!released)
            recovery_.log(Severity::Warning, "cannot release recovery",
                          "why=" + in_quotes(released.error().detail));
    }

    // --- the flow's actions -------------------------------------------------------

    Result<flow::Event> execute(flow::Ask& action) {
        if (auto kept = keep_lease(); !kept) return std::move(kept).error();
        auto answer = recovery_.ports.conversation.ask(action.screen);
        if (!answer) return flow::Event{flow::PersonLeft{}};
        return flow::Event{flow::Answered{std::move(*answer)}};
    }
    Result<flow::Event> execute(const flow::Resume&) { return resume(); }
    Result<flow::Event> execute(const flow::HearVeto& action) {
        return as_event(hear_veto(recovery_, action.text.reveal()));
    }
    Result<flow::Event> execute(const flow::Select& action) { return select(recovery_, action); }
    Result<flow::Event> execute(const flow::Send& action) { return send(recovery_, action); }
    Result<flow::Event> execute(const flow::Judge& action) {
        auto judged = judge(recovery_, action);
        if (!judged) return std::move(judged).error();
        return flow::Event{std::move(*judged)};
    }
    Result<flow::Event> execute(const flow::CheckHuman& action) {
        return check_human(recovery_, action);
    }
    Result<flow::Event> execute(const flow::Perform& action) {
        if (!is_granted_) {
            const auto denied = look_for_denial(recovery_);
            if (!denied) return Error{denied.error()};
            if (*denied) return flow::Event{flow::Acted{ActResult::NotEligible}};
            if (auto granted = spend_grant(recovery_); !granted) return std::move(granted).error();
            is_granted_ = true;
        }
        auto result = perform(recovery_, action.act);
        if (!result) return std::move(result).error();
        return flow::Event{flow::Acted{*result}};
    }
    Result<flow::Event> execute(const flow::Finish&) {
        return Error{ErrorKind::Corrupt, "a finished recovery goes on"};
    }

    RecoveryContext recovery_;
    std::vector<std::string> human_checks_;
    std::uint32_t gates_needed_ = recovery_.request.gates_needed;
    // Of a resumed recovery take_up() knows when it really ends.
    TimePoint expires_at_ = recovery_.now() + recovery_.settings.recovery_lifetime;
    TimePoint leased_until_;
    bool is_granted_ = false;
};

}  // namespace

RecoveryEnd run_recovery(const RecoveryRequest& request, const Settings& settings,
                         RecoveryPorts ports) {
    return Runner{request, settings, ports}.run();
}

}  // namespace latchkey
