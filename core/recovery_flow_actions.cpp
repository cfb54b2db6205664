// SPDX-License-Identifier: MIT
//
// The flow's actions: what each one asks for, counts and leaves behind.
#include <algorithm>

#include "core/recovery_flow.hpp"

namespace latchkey {

using flow::Action;

namespace {

ScreenKind question_for(MethodKind kind) {
    switch (kind) {
        case MethodKind::Delivery:
            return ScreenKind::Code;
        case MethodKind::Approval:
            return ScreenKind::Approval;
        case MethodKind::Verification:
            return ScreenKind::OtpCode;
        case MethodKind::SavedCode:
            return ScreenKind::SavedCode;
    }
    return ScreenKind::SavedCode;
}

bool is_same(const Method& one, const Method& other) {
    return one.name == other.name && one.possession == other.possession &&
           one.contact_id == other.contact_id;
}

bool is_saved_code(const Method& method) {
    return method.kind == MethodKind::SavedCode;
}

}  // namespace

Action RecoveryFlow::select(std::optional<Method> method, const Secret& text) {
    if (++judged_ > flow::kMaxJudged) return finish(Outcome::Refused);
    state_ = State::Selecting;
    return flow::Select{std::move(method), text.duplicate()};
}

Action RecoveryFlow::send(Remark remark) {
    if (++sent_ > flow::kMaxSends) return finish(Outcome::Refused);
    state_ = State::Sending;
    after_sending_ = remark;
    return flow::Send{target_, blind() ? std::string{} : setup_.methods[chosen_].name};
}

Action RecoveryFlow::judge(const Secret& text) {
    if (++judged_ > flow::kMaxJudged) return finish(Outcome::Refused);
    state_ = State::Judging;
    return flow::Judge{target_, text.duplicate()};
}

Action RecoveryFlow::hear_veto(std::string_view text) {
    if (++judged_ > flow::kMaxJudged) return finish(Outcome::Refused);
    state_ = State::Hearing;
    return flow::HearVeto{Secret{text}};
}

Action RecoveryFlow::perform() {
    ++performed_;
    state_ = State::Acting;
    return flow::Perform{setup_.reason == Reason::ForgotPassword ? Act::ChangePassword
                                                                 : Act::ClearLockout};
}

Action RecoveryFlow::ask(State next, Screen screen) {
    if (++asked_ > flow::kMaxQuestions) return finish(Outcome::Refused);
    state_ = next;
    screen.resume_code = std::exchange(resume_code_, {});
    return flow::Ask{std::move(screen)};
}

// Other signs each time, so that one answer is judged of each.
Action RecoveryFlow::ask_human(Remark remark) {
    if (human_checks_ >= setup_.human_checks.size()) return finish(Outcome::Refused);
    Screen screen;
    screen.kind = ScreenKind::HumanCheck;
    screen.remark = blind() ? Remark::MistakeIsNotTold : remark;
    screen.signs = setup_.human_checks[human_checks_++];
    screen.in_words = in_words_;
    return ask(State::Checking, std::move(screen));
}

Action RecoveryFlow::ask_first() {
    if (blind()) return ask_address(Remark::None);
    return choices().empty() ? finish(Outcome::Refused) : ask_menu(Remark::None);
}

Action RecoveryFlow::ask_menu(Remark remark, std::size_t page) {
    const auto offered = choices();
    page_ = page;
    Screen screen;
    screen.kind = ScreenKind::Menu;
    screen.remark = remark;
    screen.not_working = setup_.not_working;
    const std::size_t page_size = menu_page_size(setup_.not_working);
    const std::size_t end = std::min(offered.size(), (page + 1) * page_size);
    for (std::size_t i = page * page_size; i < end; ++i) {
        const Method& method = setup_.methods[offered[i]];
        screen.items.push_back({method.name, method.masked_destination});
    }
    screen.has_more = end < offered.size();
    return ask(State::Choosing, std::move(screen));
}

Action RecoveryFlow::ask_address(Remark remark) {
    Screen screen;
    screen.kind = ScreenKind::AddressOrSavedCode;
    screen.remark = remark;
    screen.not_working = setup_.not_working;
    return ask(State::Identifying, std::move(screen));
}

Action RecoveryFlow::ask_code(Remark remark) {
    Screen screen;
    screen.remark = remark;
    if (blind()) {
        screen.kind = ScreenKind::RemoteCode;
        screen.minutes = setup_.remote_minutes;
        return ask(State::Entering, std::move(screen));
    }
    const Method& method = setup_.methods[chosen_];
    screen.kind = question_for(method.kind);
    if (method.kind != MethodKind::SavedCode) screen.method = method.name;
    if (method.kind == MethodKind::Approval) {
        screen.number = number_;
        screen.seconds = seconds_;
    }
    if (method.kind == MethodKind::Delivery) {
        const auto minutes = setup_.minutes_of.find(method.name);
        screen.minutes =
            minutes == setup_.minutes_of.end() ? setup_.remote_minutes : minutes->second;
    }
    return ask(State::Entering, std::move(screen));
}

Action RecoveryFlow::ask_whom(Remark remark) {
    Screen screen;
    screen.kind = ScreenKind::WhomToAsk;
    screen.remark = remark;
    resume_code_.clear();
    return ask(State::Reading, std::move(screen));
}

Action RecoveryFlow::finish(Outcome outcome) {
    state_ = State::Finished;
    outcome_ = outcome;
    return flow::Finish{outcome};
}

// --- ways ------------------------------------------------------------------------

// What stands in both lists keeps its wrong entries, and stays closed.
void RecoveryFlow::become_personal() {
    personal_ = true;
    if (!setup_.held) return;
    std::set<std::size_t> closed;
    std::map<std::size_t, std::uint32_t> wrong;
    for (std::size_t i = 0; i < setup_.held->size(); ++i)
        for (std::size_t before = 0; before < setup_.methods.size(); ++before) {
            if (!is_same((*setup_.held)[i], setup_.methods[before])) continue;
            if (closed_.contains(before)) closed.insert(i);
            if (wrong_.contains(before)) wrong[i] = wrong_[before];
        }
    setup_.methods = std::move(*setup_.held);
    setup_.held.reset();
    closed_ = std::move(closed);
    wrong_ = std::move(wrong);
}

std::vector<std::size_t> RecoveryFlow::choices() const {
    std::vector<std::size_t> indices;
    for (const std::size_t i : ways()) {
        const bool is_shown = std::any_of(indices.begin(), indices.end(), [&](std::size_t other) {
            return is_saved_code(setup_.methods[i]) && is_saved_code(setup_.methods[other]);
        });
        if (!is_shown) indices.push_back(i);
    }
    return indices;
}

std::vector<std::size_t> RecoveryFlow::ways() const {
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < setup_.methods.size(); ++i)
        if (!closed_.contains(i) && may_be_asked(setup_.methods[i]) &&
            gates_.may_open(setup_.methods[i]))
            indices.push_back(i);
    return indices;
}

// A plugin's word opens no account that can become root, and is nobody's first proof.
bool RecoveryFlow::may_be_asked(const Method& method) const {
    return method.kind != MethodKind::Approval || (personal_ && !setup_.privileged);
}

bool RecoveryFlow::can_be_completed() const {
    std::vector<Method> open;
    for (const std::size_t i : ways()) open.push_back(setup_.methods[i]);
    return gates_.can_be_completed(open);
}

}  // namespace latchkey
