// SPDX-License-Identifier: MIT
#include "core/recovery_judging.hpp"

#include "core/answers.hpp"
#include "core/codes.hpp"
#include "core/gates.hpp"
#include "core/printable.hpp"
#include "core/recovery_approving.hpp"

namespace latchkey {

namespace {

using flow::Judged;
using flow::Judgement;

Judgement judgement_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::Wrong:
            return Judgement::Wrong;
        case Verdict::Right:
            return Judgement::Right;
        case Verdict::Expired:
            return Judgement::Expired;
        case Verdict::Exhausted:
            return Judgement::Exhausted;
    }
    return Judgement::Wrong;
}

// For the audit log; what a limit refused has named itself.
std::string_view rule_of(Judgement judgement) {
    switch (judgement) {
        case Judgement::Wrong:
            return "proof=wrong";
        case Judgement::Expired:
            return "proof=expired";
        case Judgement::Exhausted:
            return "limit=wrong_per_code";
        case Judgement::NotWorking:
            return "proof=not_working";
        case Judgement::Denied:
            return "proof=denied";
        case Judgement::Unanswered:
            return "proof=unanswered";
        case Judgement::Right:
        case Judgement::Limited:
            break;
    }
    return "";
}

Result<Judged> concluded(RecoveryContext& recovery, const Method& method, Judgement judgement) {
    const bool is_pass = method.possession == kPassPossession;
    if (judgement != Judgement::Limited) recovery.rule = rule_of(judgement);
    if (judgement != Judgement::Right) {
        if (judgement != Judgement::Unanswered)
            recovery.log(Severity::Info, "proof refused", "method=" + method.name);
        return Judged{judgement, {}, seconds_left(recovery)};
    }
    if (auto told = recovery.ports.acts.report_proof(method.possession); !told)
        return std::move(told).error().within("report proof");
    auto resume_code = renew_resume_code(recovery);
    if (!resume_code) return std::move(resume_code).error();
    recovery.is_proven = true;
    recovery.note_proof(method.possession);
    recovery.used.insert(method.contact_id);
    recovery.log(Severity::Info, "gate opened",
                 "method=" + (is_pass ? method.possession : method.name));
    return Judged{judgement, std::move(*resume_code), 0, is_pass};
}

// --- codes that were sent ----------------------------------------------------------

// Why a charge was refused: the code is used up, or the account's limits are reached.
Result<Judgement> refusal(const RecoveryContext& recovery, const Attempt& attempt) {
    const auto& limits = recovery.settings.limits;
    auto wrong =
        recovery.ports.store.count_attempts(attempt, limit_per_code(limits), recovery.now());
    if (!wrong) return std::move(wrong).error().within("count attempts");
    return *wrong >= limits.wrong_per_code ? Judgement::Exhausted : Judgement::Limited;
}

Result<Judgement> judge_code(RecoveryContext& recovery, const flow::Judge& action) {
    const RecoveryRequest& request = recovery.request;
    const RecoveryPorts& ports = recovery.ports;
    const Method& method = action.method;
    // Only who was sent a code, or has proven something, can use up the owner's guesses.
    const bool is_owners = recovery.is_proven || recovery.sent.contains(method.name);
    const Attempt attempt = recovery.attempt(
        AttemptKind::Code, is_owners ? request.subject : stranger_of(request.subject), method.name);
    const auto charge = recovery.charge(attempt);
    if (!charge) return Error{charge.error()}.within("charge attempt");
    if (!charge->allowed) return refusal(recovery, attempt);
    const Digest digest = ports.vault.digest(request.subkey, code_context(recovery, method),
                                             digits_of(action.text.reveal()));
    const auto verdict = ports.store.settle_code(charge->id, recovery.id, method.name, digest,
                                                 recovery.gate(method.possession),
                                                 recovery.settings.limits.wrong_per_code);
    if (!verdict) return Error{verdict.error()}.within("settle code");
    return judgement_of(*verdict);
}

// --- authenticators: apps and tokens ------------------------------------------------

// Without a key (null), one that nobody has is asked about, by the same plugin.
Result<std::optional<std::uint64_t>> matched_step(const RecoveryContext& recovery,
                                                  const flow::Judge& action,
                                                  const AuthenticatorKey* held) {
    const Secret nobodys = recovery.ports.vault.derive(recovery.request.subkey, "nobody's app");
    const Secret otp{digits_of(action.text.reveal())};
    const std::string channel = first_channel(recovery.settings, action.method.name);
    return recovery.ports.channels.verify({channel, held ? held->key : nobodys, otp, recovery.now(),
                                           held ? held->last_step : 0,
                                           recovery.settings.otp_window});
}

// An old OTP is played again by somebody; one of the future points to a plugin that
// names steps of its own, or to this host's clock.
void note_refused_step(const RecoveryContext& recovery, StepResult result,
                       const std::string& method) {
    if (result == StepResult::Used)
        recovery.log(Severity::Warning, "refused an OTP that was used before", "method=" + method);
    if (result == StepResult::OutOfReach)
        recovery.log(Severity::Warning, "refused an OTP that no app or token can have reached",
                     "method=" + method);
}

Result<Judgement> judge_otp(RecoveryContext& recovery, const flow::Judge& action) {
    const SubjectKey& subject = recovery.request.subject;
    const bool is_owners = recovery.ways.has_authenticator;
    Store& store = recovery.ports.store;
    const auto charge = recovery.charge(recovery.attempt(
        AttemptKind::Otp, is_owners ? subject : stranger_of(subject), action.method.name));
    if (!charge) return Error{charge.error()}.within("charge attempt");
    if (!charge->allowed) return Judgement::Limited;
    const auto now = authenticator_of(recovery.request, recovery.settings, recovery.ports);
    if (!now) return Error{now.error()}.within("load authenticator");
    // Whose guesses are a stranger's is compared with nobody's key, whatever was enrolled
    // meanwhile.
    const bool holds = is_owners && now->has_value() && (*now)->method == action.method.name;
    const AuthenticatorKey* held = holds ? &**now : nullptr;
    const auto step = matched_step(recovery, action, held);
    if (!step) {
        // No verdict, nothing learnt: a plugin that fails uses up nobody's guesses.
        if (auto withdrawn = store.withdraw_attempt(charge->id); !withdrawn)
            return std::move(withdrawn).error().within("withdraw attempt");
        recovery.log(Severity::Warning, "cannot check an OTP",
                     "method=" + action.method.name + " why=" + in_quotes(step.error().detail));
        return Judgement::NotWorking;
    }
    // The store may have been set back; the root side's own record cannot be.
    const bool is_right = step->has_value() && held != nullptr && recovery.is_heard;
    const auto spent =
        is_right ? recovery.ports.acts.spend_step(**step) : Result<StepResult>{StepResult::Used};
    if (!spent) return Error{spent.error()}.within("spend OTP");
    if (is_right) note_refused_step(recovery, *spent, action.method.name);
    if (*spent != StepResult::Fresh) {
        auto settled = store.settle_attempt(charge->id, AttemptResult::Wrong);
        if (!settled) return std::move(settled).error().within("settle attempt");
        return Judgement::Wrong;
    }
    const auto verdict =
        store.settle_otp(charge->id, recovery.id, {subject, **step, held->sealed_key},
                         recovery.gate(action.method.possession));
    if (!verdict) return Error{verdict.error()}.within("settle OTP");
    return judgement_of(*verdict);
}

// --- saved codes and temporary passes -------------------------------------------------

Result<void> raise_saved_code_alarm(const RecoveryContext& recovery, const Attempt& attempt) {
    const Limit limit = saved_code_alarm(recovery.settings.limits);
    const auto wrong = recovery.ports.store.count_attempts(attempt, limit, recovery.now());
    if (!wrong) return Error{wrong.error()}.within("count attempts");
    if (*wrong < limit.at_most) return {};
    return recovery.alarm_once_a_day(attempt.subject, "many wrong saved codes",
                                     "in_a_day=" + std::to_string(*wrong));
}

// `method` becomes what was right; which of the two was typed, only the root side can tell.
Result<Judgement> judge_saved(RecoveryContext& recovery, std::string_view typed, Method& method) {
    Store& store = recovery.ports.store;
    const Attempt attempt = recovery.attempt(AttemptKind::SavedCode, recovery.request.subject,
                                             std::string{kSavedPossession});
    const auto charge = recovery.charge(attempt);
    if (!charge) return Error{charge.error()}.within("charge attempt");
    if (!charge->allowed) return Judgement::Limited;
    // Not even compared for who is not heard: the comparison uses the code up.
    if (recovery.is_heard && normalised_saved_code(typed)) {
        const auto used = recovery.ports.acts.use_saved_code();
        if (!used) return Error{used.error()}.within("compare saved code");
        if (used->has_value()) {
            method = (*used)->is_pass ? temporary_pass_method() : saved_code_method();
            if ((*used)->is_pass)
                recovery.pass_used = true;
            else
                recovery.saved_codes_left = (*used)->saved_codes_left;
            auto settled =
                store.settle_saved_code(charge->id, recovery.id, recovery.gate(method.possession));
            if (!settled) return std::move(settled).error().within("settle saved code");
            return Judgement::Right;
        }
    }
    if (auto settled = store.settle_attempt(charge->id, AttemptResult::Wrong); !settled)
        return std::move(settled).error().within("settle attempt");
    if (auto watched = raise_saved_code_alarm(recovery, attempt); !watched)
        return std::move(watched).error();
    return Judgement::Wrong;
}

Result<Judgement> judge_by_kind(RecoveryContext& recovery, const flow::Judge& action,
                                Method& method) {
    switch (action.method.kind) {
        case MethodKind::Delivery:
            return judge_code(recovery, action);
        case MethodKind::Approval:
            return judge_approval(recovery, action.method);
        case MethodKind::Verification:
            return judge_otp(recovery, action);
        case MethodKind::SavedCode:
            return judge_saved(recovery, action.text.reveal(), method);
    }
    return Judgement::Wrong;
}

}  // namespace

Result<std::string> renew_resume_code(const RecoveryContext& recovery) {
    const Secret code = fresh_resume_code(recovery.ports.vault);
    const Digest digest =
        recovery.ports.vault.digest(recovery.request.subkey, kResumeContext, code.reveal());
    const Digest tag = recovery_tag(recovery.ports.vault, recovery.request.subkey, recovery.id,
                                    recovery.opened, digest);
    if (auto kept = recovery.ports.store.set_resume_code(recovery.id, digest, tag); !kept)
        return std::move(kept).error().within("set resume code");
    return std::string{shown_resume_code(code).reveal()};
}

Result<Judged> judge(RecoveryContext& recovery, const flow::Judge& action) {
    Method method = action.method;
    auto judgement = judge_by_kind(recovery, action, method);
    if (!judgement) return std::move(judgement).error();
    return concluded(recovery, method, *judgement);
}

Result<Judged> judge_saved_code(RecoveryContext& recovery, std::string_view typed) {
    Method method = saved_code_method();
    auto judgement = judge_saved(recovery, typed, method);
    if (!judgement) return std::move(judgement).error();
    return concluded(recovery, method, *judgement);
}

}  // namespace latchkey
