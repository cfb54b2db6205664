// SPDX-License-Identifier: MIT
#include "monitor/verifier_relay.hpp"

#include <algorithm>
#include <utility>

#include "core/answers.hpp"
#include "core/printable.hpp"
#include "core/recovery_messages.hpp"
#include "core/screens.hpp"
#include "monitor/after_act.hpp"
#include "monitor/kernel_audit.hpp"
#include "monitor/keys.hpp"
#include "monitor/login_audit.hpp"
#include "monitor/paths.hpp"
#include "monitor/reset_costs.hpp"
#include "monitor/saved_codes.hpp"
#include "monitor/start_delivery.hpp"
#include "monitor/typed_code.hpp"
#include "monitor/used_steps.hpp"

namespace latchkey {

namespace {

// A verifier works between two questions: the store waits for 3 s at most, a
// plugin that checks has its deadline (60 s at most).
constexpr std::chrono::seconds kBetweenQuestions{90};
// The act is done; the verifier only writes it down.
constexpr std::chrono::seconds kAfterAct{10};
// The person has left; the verifier keeps what it has begun, and holds the slot no longer.
constexpr std::chrono::seconds kAfterLeaving{5};

Screen screen_of(const wire::AskScreen& message) {
    Screen screen;
    screen.kind = message.kind;
    screen.remark = message.remark;
    screen.resume_code = message.resume_code;
    screen.method = message.method;
    screen.masked_destination = message.masked_destination;
    screen.minutes = message.minutes;
    screen.has_more = message.has_more;
    screen.signs = message.signs;
    screen.in_words = message.in_words;
    screen.not_working = message.not_working;
    screen.number = message.number;
    screen.seconds = message.seconds;
    for (const auto& [method, masked] : message.items) screen.items.push_back({method, masked});
    return screen;
}

bool has_channel(const Settings& settings, MethodKind kind, const std::string& channel) {
    for (const auto& [name, method] : settings.methods) {
        if (method.kind != kind) continue;
        for (const std::string& candidate : method.channels)
            if (candidate == channel) return true;
    }
    return false;
}

}  // namespace

VerifierRelay::VerifierRelay(const LoginSession& session, Seqpacket& verifier, Claimant& claimant,
                             const Clock& clock, EventLog& log, RelayedChange* change)
    : session_(session),
      verifier_(verifier),
      claimant_(claimant),
      clock_(clock),
      log_(log),
      permitted_(change != nullptr ? wire::change_permissions() : wire::recovery_permissions()),
      record_(session.account && session.privileged, !session.hello.resume_code.empty()),
      grid_(session.grid),
      change_(change) {}

RelayEnd VerifierRelay::run() {
    while (true) {
        auto packet = next_packet();
        if (!packet) {
            broken(packet.error().detail.c_str());
            break;
        }
        if (!handle(*packet)) break;
    }
    if (change_ != nullptr) {
        change_->proofs = record_.proofs();
        return std::move(end_);
    }
    audit_end(session_, {end_.outcome, claimant_.gone(), record_.proofs(), end_.rule}, clock_,
              log_);
    if (!record_.has_proof()) end_.grid = grid_;
    return std::move(end_);
}

Result<Packet> VerifierRelay::next_packet() {
    const Deadline until = patience();
    claimant_.await_companion(until);
    if (!claimant_.gone()) return verifier_.receive(until);
    if (!left_at_) left_at_ = std::chrono::steady_clock::now();
    return verifier_.receive(std::min(until, Deadline{*left_at_ + kAfterLeaving}));
}

Deadline VerifierRelay::patience() const {
    const auto now = std::chrono::steady_clock::now();
    const Deadline patience = now + (acted_ ? kAfterAct : kBetweenQuestions);
    return std::min(patience, claimant_.deadline());
}

bool VerifierRelay::handle(const Packet& packet) {
    const auto type = wire::type_of(packet.bytes);
    if (!type || !permitted_.admit(*type, acted_ ? wire::Phase::Acted : wire::Phase::Talking))
        return broken("a message that is not permitted");
    if (auto ask = wire::decode<wire::AskScreen>(packet.bytes)) return ask_screen(*ask);
    if (wire::decode<wire::CheckSavedCode>(packet.bytes)) return check_saved_code();
    if (auto spend = wire::decode<wire::SpendStep>(packet.bytes)) return spend_step(spend->step);
    if (auto start = wire::decode<wire::StartChannel>(packet.bytes))
        return start_conversation_channel(start->channel);
    if (wire::decode<wire::Queued>(packet.bytes)) {
        start_delivery(log_);
        return true;
    }
    if (auto proof = wire::decode<wire::Proof>(packet.bytes))
        return record_.accept_proof(proof->possession) || broken("a proof that was not relayed");
    if (auto heard = wire::decode<wire::VetoHeard>(packet.bytes)) return hear_veto(*heard);
    if (wire::decode<wire::EndWaitingCodes>(packet.bytes)) return end_waiting_codes();
    if (wire::decode<wire::LookForChanges>(packet.bytes)) return look_for_changes();
    if (auto act = wire::decode<wire::Perform>(packet.bytes)) return perform(act->act);
    if (auto end = wire::decode<wire::RecoveryFinish>(packet.bytes)) return finish(*end);
    if (change_ != nullptr) {
        if (auto key = wire::decode<wire::NewKey>(packet.bytes)) return change_->show_key(*key);
        if (auto coming = wire::decode<wire::AnnounceChange>(packet.bytes))
            return verifier_
                .send_message(wire::ChangeAnnounced{change_->announce(*coming, record_.proofs())})
                .has_value();
        if (auto last = wire::decode<wire::ChangeFinish>(packet.bytes)) {
            change_->finish = std::move(*last);
            return false;
        }
    }
    return broken("a malformed message");
}

bool VerifierRelay::ask_screen(const wire::AskScreen& message) {
    const bool enrols =
        message.kind == ScreenKind::NewAddress || message.kind == ScreenKind::NewAuthenticator;
    if (enrols && change_ == nullptr) return broken("an enrolment where none belongs");
    const auto text = render(screen_of(message), session_.settings, session_.host_name);
    if (!text) return broken(text.error().detail.c_str());
    if (!wait_for_grid()) return broken("the claimant left");
    auto answer = claimant_.ask(*text);
    grid_.begin(std::chrono::steady_clock::now());
    if (!answer) {
        if (verifier_.send_message(wire::Left{})) hear_farewell();
        return broken("the claimant left");
    }
    record_.answered(message.kind, answer->empty());
    last_answer_ = answer->duplicate();
    return verifier_.send_message(wire::Answer{std::move(*answer)}).has_value();
}

bool VerifierRelay::check_saved_code() {
    if (!record_.may_check_saved_code()) return broken("a saved code that was not typed");
    wire::SavedCodeJudged judged;
    // Of an account that can become root a pass must not become ten saved codes.
    const bool takes_passes = change_ == nullptr || !session_.privileged;
    if (session_.account && session_.eligible)
        judged = judge_typed_code(session_, last_answer_, takes_passes, clock_, log_);
    record_.saved_code_was(judged.right && !judged.is_pass);
    record_.pass_was(judged.right && judged.is_pass);
    if (judged.right && !judged.is_pass) saved_codes_left_ = judged.left;
    return verifier_.send_message(judged).has_value();
}

bool VerifierRelay::spend_step(std::uint64_t step) {
    if (!record_.may_spend_step()) return broken("an OTP that was not typed");
    auto result = StepResult::Used;
    if (session_.account && session_.eligible) {
        const auto spent = UsedSteps{paths::kActs, session_.subject, session_.account->uid}.spend(
            step, clock_.now());
        if (!spent) {  // not a wrong OTP, which would count against its owner
            log_.record(Severity::Alarm,
                        "cannot spend an OTP why=" + in_quotes(spent.error().detail));
            return broken("an OTP that cannot be spent");
        }
        result = *spent;
    }
    return verifier_.send_message(wire::StepSpent{result}).has_value();
}

// All that it can do here is to drop codes that open nothing yet: those who were told of them are
// believed that they are not the owner's, at a login as behind `latchkey deny`.
bool VerifierRelay::hear_veto(const wire::VetoHeard& heard) {
    const std::string& came_with = session_.hello.resume_code;
    const std::string_view typed = last_answer_.empty() ? came_with : last_answer_.reveal();
    if (!record_.may_hear_veto() || normalised_veto_code(typed).empty())
        return broken("a veto that was not typed");
    if (!session_.account) return broken("a veto of no account");
    audit_veto(session_, heard.ends_codes, clock_, log_);
    if (heard.ends_codes) drop_waiting_codes();
    return true;
}

bool VerifierRelay::end_waiting_codes() {
    if (!record_.has_proof() || !session_.account) return broken("an end without a proof");
    drop_waiting_codes();
    return true;
}

void VerifierRelay::drop_waiting_codes() const {
    SavedCodes codes{paths::kActs, session_.subject, session_.account->uid,
                     saved_code_key(session_.master_key, session_.subject)};
    if (auto dropped = codes.drop_waiting(); !dropped)
        log_.record(Severity::Alarm,
                    "cannot drop saved codes why=" + in_quotes(dropped.error().detail));
}

// A conversation talks to plugins that check, and to those that ask a device; deliveries are
// the outbox's.
bool VerifierRelay::start_conversation_channel(const std::string& channel) {
    const bool checks = has_channel(session_.settings, MethodKind::Verification, channel);
    if (!checks && !has_channel(session_.settings, MethodKind::Approval, channel))
        return broken("a channel that checks nothing");
    const bool asks_none = change_ != nullptr && !change_->may_ask_devices;
    if (!checks &&
        (asks_none || !session_.account || !session_.eligible || !record_.may_ask_device()))
        return broken("a device that may not be asked");
    auto started = start_channel(session_.settings, channel);
    if (!started) {
        log_.record(Severity::Warning,
                    "cannot start channel why=" + in_quotes(started.error().detail));
        return verifier_.send_message(wire::ChannelStarted{false}).has_value();
    }
    if (!checks) record_.device_asked();
    channel_host_ = std::move(started->host);
    return verifier_.send_message(wire::ChannelStarted{true}, started->socket.get()).has_value();
}

// For whoever may have the act done, and is about to tell the account's addresses of it.
bool VerifierRelay::look_for_changes() {
    if (!record_.may_act()) return broken("a look at an account without the proofs for an act");
    wire::ChangesSeen seen;
    if (session_.account) {
        const AuditLog audit{paths::kActs, audit_key(session_.master_key)};
        seen.changed =
            look_within(patience_with_home_, *session_.account, audit, clock_.now()).kinds;
    }
    return verifier_.send_message(seen).has_value();
}

bool VerifierRelay::perform(Act act) {
    if (!record_.may_act()) return broken("an act without the proofs for it");
    if (!audit_act(session_, record_.proofs(), act, clock_, log_))
        return verifier_.send_message(wire::Acted{ActResult::Failed}).has_value();
    ActDone done = act_at_a_cost(act);
    tell_kernel(act, done.result);
    if (done.result == ActResult::Done || done.result == ActResult::InPart)
        follow_act({act, record_.proofs(), patience_with_home_}, session_, clock_, log_);
    end_.rule = "act=" + std::string{word_for(done.result)};
    switch (done.result) {
        case ActResult::Done:
            acted_ = true;
            end_.text = saved_codes_text();
            end_.outcome = act == Act::ChangePassword ? Outcome::Recovered : Outcome::Unlocked;
            end_.password = std::move(done.password);
            break;
        case ActResult::NothingWasLocked:
            acted_ = true;
            end_.text = saved_codes_text();
            end_.outcome = Outcome::NothingWasLocked;
            break;
        default:
            end_.text = std::move(done.text);
            break;
    }
    if (claimant_.gone()) return false;
    return verifier_.send_message(wire::Acted{done.result}).has_value();
}

// What a new password will not open is said before it is asked for.
ActDone VerifierRelay::act_at_a_cost(Act act) {
    if (act == Act::ChangePassword && session_.account) {
        const ResetCosts costs = reset_costs(*session_.account, patience_with_home_);
        if (costs.any() && !accept_costs(costs, claimant_))
            return {ActResult::Declined, {}, "Nothing was changed."};
    }
    return perform_act(act, session_, claimant_, clock_, log_);
}

std::string VerifierRelay::saved_codes_text() const {
    return saved_codes_left_ ? saved_codes_left_text(*saved_codes_left_) : std::string{};
}

void VerifierRelay::tell_kernel(Act act, ActResult result) const {
    const auto library = session_.account ? load_audit_library() : std::nullopt;
    if (!library) return;
    write_kernel_record(
        *library, {act == Act::ChangePassword ? "change_password" : "clear_lockout",
                   result == ActResult::Done, session_.account->name,
                   session_.surface == Surface::Remote ? session_.source : "", session_.hello.tty});
}

void VerifierRelay::hear_farewell() {
    const auto packet = verifier_.receive(std::chrono::steady_clock::now() + kAfterLeaving);
    const auto end = packet ? wire::decode<wire::RecoveryFinish>(packet->bytes) : std::nullopt;
    if (end) end_.rule = end->rule;
}

bool VerifierRelay::finish(const wire::RecoveryFinish& finish) {
    if (acted_) return false;  // the act decided
    if (end_.rule.empty()) end_.rule = finish.rule;
    switch (finish.outcome) {
        case Outcome::Back:
        case Outcome::ResumeUnknown:
        case Outcome::WhomToAsk:
            end_.outcome = finish.outcome;
            break;
        case Outcome::Recovered:
        case Outcome::Unlocked:
        case Outcome::NothingWasLocked:
            return broken("an outcome without an act");
        case Outcome::Proven:
            return broken("an outcome of no login");
        case Outcome::Refused:
            break;
    }
    return false;
}

bool VerifierRelay::broken(const char* why) {
    if (end_.rule.empty() && !claimant_.gone()) end_.rule = why;
    log_.record(Severity::Warning,
                "ended recovery why=" + in_quotes(why) + " subject=" + session_.subject);
    return false;
}

bool VerifierRelay::wait_for_grid() {
    if (record_.has_proof()) return !claimant_.gone();
    return claimant_.stay_until(grid_.slot_for(std::chrono::steady_clock::now()));
}

}  // namespace latchkey
