// SPDX-License-Identifier: MIT
#include "core/recovery_flow.hpp"

#include <algorithm>
#include <charconv>

#include "core/answers.hpp"

namespace latchkey {

using flow::Action;
using flow::Judgement;

namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

// 0 if it is not a number of at most three digits.
std::size_t number_in(std::string_view text) {
    std::size_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc{} && stop == end && text.size() <= 3 ? number : 0;
}

Remark remark_of(VetoEnd end) {
    switch (end) {
        case VetoEnd::Undone:
            return Remark::ChangeUndone;
        case VetoEnd::Administrators:
            return Remark::ChangeIsDecided;
        case VetoEnd::Denied:
            return Remark::RecoveryDenied;
        case VetoEnd::None:
            break;
    }
    return Remark::None;
}

// An e-mail address is recognised by its mask; a telephone number is typed in full.
bool is_typed_in_full(const Method& method) {
    return method.kind == MethodKind::Delivery && !method.possession.starts_with("email:");
}

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace

Action RecoveryFlow::advance(flow::Event event) {
    if (state_ == State::Finished) return flow::Finish{outcome_};
    return std::visit(
        Overloaded{
            [this](const flow::Started&) { return on_started(); },
            [this](const flow::ResumeAsked&) { return on_resume_asked(); },
            [this](const flow::Resumed& resumed) { return on_resumed(resumed); },
            [this](const flow::Answered& answer) { return on_answer(answer); },
            [this](const flow::PersonLeft&) { return finish(Outcome::Refused); },
            [this](const flow::Selected& selected) { return on_selected(selected); },
            [this](const flow::Queued& queued) { return on_queued(queued); },
            [this](const flow::Judged& judged) { return on_judged(judged); },
            [this](const flow::HumanChecked& checked) { return on_human_checked(checked.right); },
            [this](const flow::VetoJudged& judged) { return on_veto_judged(judged.end); },
            [this](const flow::Acted& acted) { return on_acted(acted.result); },
        },
        event);
}

// --- events --------------------------------------------------------------------

Action RecoveryFlow::on_started() {
    if (state_ != State::Idle) return finish(Outcome::Refused);
    return setup_.human_checks.empty() ? ask_first() : ask_human(Remark::None);
}

Action RecoveryFlow::on_resume_asked() {
    if (state_ != State::Idle) return finish(Outcome::Refused);
    state_ = State::Resuming;
    return flow::Resume{};
}

Action RecoveryFlow::on_resumed(const flow::Resumed& resumed) {
    if (state_ != State::Resuming) return finish(Outcome::Refused);
    if (!resumed.found) return finish(Outcome::ResumeUnknown);
    if (resumed.proven.empty()) return finish(Outcome::Refused);
    setup_.reason = resumed.reason;
    gates_.resume(resumed.gates_needed, resumed.proven);
    become_personal();
    if (!can_be_completed()) return ask_whom(Remark::TooFewWays);
    resume_code_ = resumed.resume_code;
    return ask_menu(Remark::None);
}

Action RecoveryFlow::on_answer(const flow::Answered& answer) {
    switch (state_) {
        case State::Checking:
            return check_human(answer.text);
        case State::Choosing:
            return choose(trimmed(answer.text.reveal()));
        case State::Identifying:
            return identify(answer.text);
        case State::Typing:
            if (trimmed(answer.text.reveal()).empty()) return ask_menu(Remark::None);
            return select(setup_.methods[chosen_], answer.text);
        case State::Entering:
            return enter(answer.text);
        case State::Reading:
            return finish(Outcome::WhomToAsk);
        case State::Told:
            return finish(Outcome::Back);
        case State::Idle:
        case State::Resuming:
        case State::Verifying:
        case State::Hearing:
        case State::Selecting:
        case State::Sending:
        case State::Judging:
        case State::Acting:
        case State::Finished:
            break;
    }
    return finish(Outcome::Refused);
}

Action RecoveryFlow::on_selected(const flow::Selected& selected) {
    if (state_ != State::Selecting) return finish(Outcome::Refused);
    target_ = selected.method;
    return send(Remark::None);
}

Action RecoveryFlow::on_queued(const flow::Queued& queued) {
    if (state_ != State::Sending) return finish(Outcome::Refused);
    if (target_.kind == MethodKind::Approval) {
        if (queued.number.empty()) return finish(Outcome::Refused);
        if (queued.seconds == 0) return ask_menu(Remark::RequestExpired);
    }
    number_ = queued.number;
    seconds_ = queued.seconds;
    return ask_code(after_sending_);
}

Action RecoveryFlow::on_judged(const flow::Judged& judged) {
    const bool right = judged.judgement == Judgement::Right;
    if (state_ == State::Selecting && blind() && right) {
        target_ = saved_code_method();
        return proven(judged);
    }
    const bool is_approval = target_.kind == MethodKind::Approval;
    const bool was_not_asked =
        judged.judgement == Judgement::Limited || judged.judgement == Judgement::NotWorking;
    if (state_ == State::Sending && is_approval && was_not_asked) return not_approved(judged);
    if (state_ != State::Judging) return finish(Outcome::Refused);
    if (right) return proven(judged);
    return is_approval ? not_approved(judged) : not_proven(judged.judgement);
}

Action RecoveryFlow::on_human_checked(bool right) {
    if (state_ != State::Verifying) return finish(Outcome::Refused);
    // Over a remote service the answer's content must not be seen.
    if (right || blind()) return ask_first();
    return ++wrong_human_ < flow::kMaxWrongHuman ? ask_human(Remark::CodeWrong)
                                                 : finish(Outcome::Refused);
}

// Only who was sent the code can have typed it, so that they are told on every surface.
Action RecoveryFlow::on_veto_judged(VetoEnd end) {
    const bool was_typed = state_ == State::Hearing || state_ == State::Resuming ||
                           (state_ == State::Selecting && blind());
    if (!was_typed) return finish(Outcome::Refused);
    if (end == VetoEnd::None) {
        if (state_ == State::Hearing) return ask_menu(Remark::CodeWrong, page_);
        return finish(state_ == State::Resuming ? Outcome::ResumeUnknown : Outcome::Refused);
    }
    Screen screen;
    screen.kind = ScreenKind::VetoHeard;
    screen.remark = remark_of(end);
    return ask(State::Told, std::move(screen));
}

Action RecoveryFlow::on_acted(ActResult result) {
    if (state_ != State::Acting) return finish(Outcome::Refused);
    switch (result) {
        case ActResult::Done:
            return finish(setup_.reason == Reason::ForgotPassword ? Outcome::Recovered
                                                                  : Outcome::Unlocked);
        case ActResult::NothingWasLocked:
            return finish(Outcome::NothingWasLocked);
        case ActResult::HeldByAdministrator:
            return ask_whom(Remark::None);
        case ActResult::Failed:
            return performed_ < flow::kMaxActs ? perform() : finish(Outcome::Refused);
        case ActResult::RefusedByPolicy:  // the monitor has asked three times already
        case ActResult::NotEligible:
        case ActResult::InPart:
        case ActResult::LedgerFull:
        case ActResult::Declined:
            break;
    }
    return finish(Outcome::Refused);
}

// --- answers ---------------------------------------------------------------------

Action RecoveryFlow::check_human(const Secret& text) {
    if (text.empty()) return finish(Outcome::Back);
    if (text.size() == 1) {
        in_words_ = !in_words_;
        return ask_human(Remark::None);
    }
    if (++judged_ > flow::kMaxJudged) return finish(Outcome::Refused);
    state_ = State::Verifying;
    return flow::CheckHuman{setup_.human_checks[human_checks_ - 1], text.duplicate()};
}

Action RecoveryFlow::choose(std::string_view text) {
    if (text.empty()) return page_ > 0 ? ask_menu(Remark::None, page_ - 1) : finish(Outcome::Back);
    const auto offered = choices();
    const std::size_t page_size = menu_page_size(setup_.not_working);
    const std::size_t first = page_ * page_size;
    const std::size_t on_page = std::min(page_size, offered.size() - first);
    const std::size_t number = number_in(text);
    if (number >= 1 && number <= on_page) return take(offered[first + number - 1]);
    // Who has signed in has a command for it.
    if (!normalised_veto_code(text).empty() && setup_.reason != Reason::ChangeSecurityInfo)
        return hear_veto(text);
    if (number != on_page + 1) return ask_menu(Remark::ChooseFromList, page_);
    if (first + on_page < offered.size()) return ask_menu(Remark::None, page_ + 1);
    return ask_whom(Remark::None);
}

Action RecoveryFlow::take(std::size_t index) {
    chosen_ = index;
    target_ = setup_.methods[index];
    if (is_typed_in_full(target_)) {
        Screen screen;
        screen.kind = ScreenKind::FullAddress;
        screen.method = target_.name;
        screen.masked_destination = target_.masked_destination;
        return ask(State::Typing, std::move(screen));
    }
    const bool is_sent =
        target_.kind == MethodKind::Delivery || target_.kind == MethodKind::Approval;
    return is_sent ? send(Remark::None) : ask_code(Remark::None);
}

Action RecoveryFlow::identify(const Secret& text) {
    return text.empty() ? finish(Outcome::Back) : select(std::nullopt, text);
}

Action RecoveryFlow::enter(const Secret& text) {
    if (blind()) {
        if (text.empty()) return ask_address(Remark::None);
        return text.size() == 1 ? send(Remark::SentAgain) : judge(text);
    }
    const std::string_view typed = trimmed(text.reveal());
    if (typed == "m" || typed == "M") return ask_menu(Remark::None);
    if (target_.kind == MethodKind::Approval) return judge(text);
    if (typed.empty()) return ask_menu(Remark::None);
    if (typed == "r" || typed == "R")
        return target_.kind == MethodKind::Delivery ? send(Remark::SentAgain)
                                                    : ask_code(Remark::None);
    return judge(text);
}

Action RecoveryFlow::proven(const flow::Judged& judged) {
    if (target_.possession.empty()) return finish(Outcome::Refused);
    if (target_.kind == MethodKind::SavedCode)
        target_ = judged.is_pass ? temporary_pass_method() : saved_code_method();
    gates_.open(target_.possession);
    become_personal();
    if (gates_.is_complete())
        return setup_.reason == Reason::ChangeSecurityInfo ? finish(Outcome::Proven) : perform();
    if (!can_be_completed()) return ask_whom(Remark::TooFewWays);
    resume_code_ = judged.resume_code;
    return ask_menu(Remark::OneMoreProof);
}

Action RecoveryFlow::not_proven(Judgement judgement) {
    if (blind()) {
        if (++wrong_blind_ < setup_.wrong_per_code) return ask_code(Remark::CodeWrong);
        wrong_blind_ = 0;
        return ask_address(Remark::CodeUsedUp);
    }
    if (judgement == Judgement::NotWorking) return ask_menu(Remark::MethodNotWorking);
    // Saved codes are never closed: strangers must not be able to use them up.
    if (target_.kind == MethodKind::SavedCode) return ask_code(Remark::CodeWrong);
    if (judgement == Judgement::Expired) return ask_code(Remark::CodeExpired);
    // Counted here too, so that a code that was never sent is used up like any other,
    // and so that what is known of earlier entries looks like wrong ones until something is proven.
    const bool used_up = ++wrong_[chosen_] >= setup_.wrong_per_code;
    const bool refused = judgement == Judgement::Limited || judgement == Judgement::Exhausted;
    if (used_up || (refused && personal_)) return close_chosen(Remark::CodeUsedUp);
    return ask_code(Remark::CodeWrong);
}

// One request, one answer: whoever chose another number does not get a second one.
Action RecoveryFlow::not_approved(const flow::Judged& judged) {
    switch (judged.judgement) {
        case Judgement::Unanswered:
            // It became void between the look and this.
            if (judged.seconds == 0) return ask_menu(Remark::RequestExpired);
            seconds_ = judged.seconds;
            return ask_code(Remark::NoAnswerYet);
        case Judgement::Expired:
            return ask_menu(Remark::RequestExpired);
        case Judgement::NotWorking:
            return ask_menu(Remark::MethodNotWorking);
        case Judgement::Limited:
            return close_chosen(Remark::MethodNotWorking);
        case Judgement::Wrong:
            return close_chosen(Remark::CodeWrong);
        case Judgement::Exhausted:
        case Judgement::Denied:
        case Judgement::Right:
            break;
    }
    return finish(Outcome::Refused);
}

Action RecoveryFlow::close_chosen(Remark remark) {
    closed_.insert(chosen_);
    return choices().empty() ? finish(Outcome::Refused) : ask_menu(remark);
}

}  // namespace latchkey
