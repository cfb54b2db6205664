// SPDX-License-Identifier: MIT
#include "tests/support/flow_oracle.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "tests/support/same_action.hpp"

namespace latchkey {

namespace {

using flow::Action;
using flow::Judgement;

enum class Rule : std::uint8_t {
    Missing,  // a cell that nobody filled
    Refused,  // the situation does not expect the event
    Leave,
    StayOver,
    FirstOrCheck,
    LookUpResume,
    GoOn,
    HumanAnswer,
    HumanVerdict,
    MenuAnswer,
    FirstRemoteAnswer,
    FullAddress,
    SendToSelected,
    SavedCodeInstead,
    AskForCode,
    NoRequest,
    CodeAnswer,
    Verdict,
    Result,
    WasRead,
    VetoVerdict,
    VetoRead,
};

using Row = std::array<Rule, FlowOracle::kEvents>;
constexpr auto kNo = Rule::Refused;
constexpr auto kLeave = Rule::Leave;

// Columns: Started, ResumeAsked, Resumed, Answered, PersonLeft, Selected, Queued, Judged,
// HumanChecked, VetoJudged, Acted.
constexpr std::array<Row, FlowOracle::kSituations> kTable{{
    /* Nothing             */
    {Rule::FirstOrCheck, Rule::LookUpResume, kNo, kNo, kLeave, kNo, kNo, kNo, kNo, kNo, kNo},
    /* Resuming            */
    {kNo, kNo, Rule::GoOn, kNo, kLeave, kNo, kNo, kNo, kNo, Rule::VetoVerdict, kNo},
    /* HumanCheck          */
    {kNo, kNo, kNo, Rule::HumanAnswer, kLeave, kNo, kNo, kNo, kNo, kNo, kNo},
    /* CheckingHuman       */
    {kNo, kNo, kNo, kNo, kLeave, kNo, kNo, kNo, Rule::HumanVerdict, kNo, kNo},
    /* Menu                */
    {kNo, kNo, kNo, Rule::MenuAnswer, kLeave, kNo, kNo, kNo, kNo, kNo, kNo},
    /* FirstRemoteQuestion */
    {kNo, kNo, kNo, Rule::FirstRemoteAnswer, kLeave, kNo, kNo, kNo, kNo, kNo, kNo},
    /* FullAddress         */
    {kNo, kNo, kNo, Rule::FullAddress, kLeave, kNo, kNo, kNo, kNo, kNo, kNo},
    /* Selecting           */
    {kNo, kNo, kNo, kNo, kLeave, Rule::SendToSelected, kNo, Rule::SavedCodeInstead, kNo,
     Rule::VetoVerdict, kNo},
    /* Sending             */
    {kNo, kNo, kNo, kNo, kLeave, kNo, Rule::AskForCode, Rule::NoRequest, kNo, kNo, kNo},
    /* Code                */
    {kNo, kNo, kNo, Rule::CodeAnswer, kLeave, kNo, kNo, kNo, kNo, kNo, kNo},
    /* Judging             */ {kNo, kNo, kNo, kNo, kLeave, kNo, kNo, Rule::Verdict, kNo, kNo, kNo},
    /* Acting              */ {kNo, kNo, kNo, kNo, kLeave, kNo, kNo, kNo, kNo, kNo, Rule::Result},
    /* WhomToAsk           */ {kNo, kNo, kNo, Rule::WasRead, kLeave, kNo, kNo, kNo, kNo, kNo, kNo},
    /* Hearing             */
    {kNo, kNo, kNo, kNo, kLeave, kNo, kNo, kNo, kNo, Rule::VetoVerdict, kNo},
    /* VetoTold            */ {kNo, kNo, kNo, Rule::VetoRead, kLeave, kNo, kNo, kNo, kNo, kNo, kNo},
    /* Over                */
    {Rule::StayOver, Rule::StayOver, Rule::StayOver, Rule::StayOver, Rule::StayOver, Rule::StayOver,
     Rule::StayOver, Rule::StayOver, Rule::StayOver, Rule::StayOver, Rule::StayOver},
}};

constexpr bool is_complete() {
    for (const Row& row : kTable)
        for (const Rule rule : row)
            if (rule == Rule::Missing) return false;
    return true;
}
static_assert(is_complete(), "every situation has a rule for every event");

FlowOracle::Visits counted{};

// The one that the walks type.
constexpr std::string_view kVetoCode = "BCDFG-HJKLM";

std::string_view without_spaces(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// The menu's number that was typed; 0 if it is none.
std::size_t menu_number(std::string_view text) {
    if (text.empty() || text.size() > 3) return 0;
    std::size_t number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return 0;
        number = number * 10 + static_cast<std::size_t>(c - '0');
    }
    return number;
}

}  // namespace

const FlowOracle::Visits& FlowOracle::visits() {
    return counted;
}

void FlowOracle::expect(const flow::Event& event, const Action& action) {
    const auto situation = static_cast<std::size_t>(now_);
    ++counted.at(situation).at(event.index());
    const Action expected = next(event);
    if (!same_action(expected, action))
        throw std::logic_error("the oracle expects action " + std::to_string(expected.index()) +
                               " and got action " + std::to_string(action.index()) +
                               " in situation " + std::to_string(situation) + " at event " +
                               std::to_string(event.index()));
}

Action FlowOracle::next(const flow::Event& event) {
    const auto text = [&event] { return std::get<flow::Answered>(event).text.reveal(); };
    switch (kTable.at(static_cast<std::size_t>(now_)).at(event.index())) {
        case Rule::Missing:
            throw std::logic_error("a cell of the table is empty");
        case Rule::Refused:
        case Rule::Leave:
            return finish(Outcome::Refused);
        case Rule::StayOver:
            return flow::Finish{outcome_};
        case Rule::FirstOrCheck:
            return setup_.human_checks.empty() ? first_question() : human_check(Remark::None);
        case Rule::LookUpResume:
            now_ = Situation::Resuming;
            return flow::Resume{};
        case Rule::GoOn:
            return resumed(std::get<flow::Resumed>(event));
        case Rule::HumanAnswer:
            return human_answer(text());
        case Rule::HumanVerdict:
            return human_verdict(std::get<flow::HumanChecked>(event).right);
        case Rule::MenuAnswer:
            return menu_answer(without_spaces(text()));
        case Rule::FirstRemoteAnswer:
            return first_remote_answer(text());
        case Rule::FullAddress:
            return full_address(text());
        case Rule::SendToSelected:
            recipient_ = std::get<flow::Selected>(event).method;
            return send(Remark::None);
        case Rule::SavedCodeInstead: {
            const auto& judged = std::get<flow::Judged>(event);
            const bool unknown_remote = setup_.surface == Surface::Remote && !known_;
            if (!unknown_remote || judged.judgement != Judgement::Right)
                return finish(Outcome::Refused);
            recipient_ = {"saved", MethodKind::SavedCode, "saved", "", 0};
            return right(judged);
        }
        case Rule::AskForCode:
            if (recipient_.kind == MethodKind::Approval) {
                const auto& request = std::get<flow::Queued>(event);
                if (request.number.empty()) return finish(Outcome::Refused);  // nothing to show
                if (request.seconds == 0) return menu(Remark::RequestExpired);
            }
            number_ = std::get<flow::Queued>(event).number;
            seconds_ = std::get<flow::Queued>(event).seconds;
            return code(with_the_code_);
        case Rule::NoRequest: {  // the device could not be asked, or may not be
            const auto& judged = std::get<flow::Judged>(event);
            const bool is_reason =
                judged.judgement == Judgement::Limited || judged.judgement == Judgement::NotWorking;
            return recipient_.kind == MethodKind::Approval && is_reason ? of_the_device(judged)
                                                                        : finish(Outcome::Refused);
        }
        case Rule::CodeAnswer:
            return code_answer(text());
        case Rule::Verdict:
            return verdict(std::get<flow::Judged>(event));
        case Rule::Result:
            return result(std::get<flow::Acted>(event).result);
        case Rule::WasRead:
            return finish(Outcome::WhomToAsk);
        case Rule::VetoVerdict:
            return veto_verdict(std::get<flow::VetoJudged>(event).end);
        case Rule::VetoRead:
            return finish(Outcome::Back);
    }
    throw std::logic_error("no rule");
}

// --- what the events mean --------------------------------------------------------

Action FlowOracle::first_question() {
    if (setup_.surface == Surface::Remote) return first_remote_question(Remark::None);
    return offers().empty() ? finish(Outcome::Refused) : menu(Remark::None);
}

Action FlowOracle::human_answer(std::string_view text) {
    if (text.empty()) return finish(Outcome::Back);
    if (text.size() == 1) {
        as_words_ = !as_words_;
        return human_check(Remark::None);
    }
    if (++judgements_ > 31) return finish(Outcome::Refused);
    now_ = Situation::CheckingHuman;
    return flow::CheckHuman{shown_signs_, Secret{text}};
}

Action FlowOracle::human_verdict(bool right) {
    // What a stranger over ssh typed must not be seen.
    if (right || setup_.surface == Surface::Remote) return first_question();
    return ++wrong_checks_ == 3 ? finish(Outcome::Refused) : human_check(Remark::CodeWrong);
}

Action FlowOracle::resumed(const flow::Resumed& resumed) {
    if (!resumed.found) return finish(Outcome::ResumeUnknown);
    if (resumed.proven.empty()) return finish(Outcome::Refused);
    know_the_claimant();
    setup_.reason = resumed.reason;
    setup_.gates_needed = std::max(setup_.gates_needed, resumed.gates_needed);
    // The root side has seen nothing of earlier connections.
    if (!setup_.privileged)
        for (const std::string& possession : resumed.proven)
            if (!is_proven(possession)) proven_.push_back(possession);
    if (has_too_few_ways()) return whom_to_ask(Remark::TooFewWays);
    resume_code_ = resumed.resume_code;
    return menu(Remark::None);
}

Action FlowOracle::menu_answer(std::string_view text) {
    if (text.empty()) return page_ == 0 ? finish(Outcome::Back) : menu(Remark::None, page_ - 1);
    const std::vector<std::size_t> all = lines();
    const std::size_t before = page_ * 5;
    const std::size_t here = std::min<std::size_t>(5, all.size() - before);
    const bool is_last_page = before + here == all.size();
    const std::size_t number = menu_number(text);
    if (text == kVetoCode) {
        if (++judgements_ > 31) return finish(Outcome::Refused);
        now_ = Situation::Hearing;
        return flow::HearVeto{Secret{text}};
    }
    if (number == 0 || number > here + 1) return menu(Remark::ChooseFromList, page_);
    if (number == here + 1)
        return is_last_page ? whom_to_ask(Remark::None) : menu(Remark::None, page_ + 1);
    method_ = all.at(before + number - 1);
    recipient_ = setup_.methods.at(method_);
    if (recipient_.kind == MethodKind::Approval) return send(Remark::None);
    if (recipient_.kind != MethodKind::Delivery) return code(Remark::None);
    if (recipient_.possession.substr(0, 6) == "email:") return send(Remark::None);
    Screen screen;
    screen.kind = ScreenKind::FullAddress;
    screen.method = recipient_.name;
    screen.masked_destination = recipient_.masked_destination;
    return ask(Situation::FullAddress, std::move(screen));
}

Action FlowOracle::veto_verdict(VetoEnd end) {
    const bool instead = now_ == Situation::Selecting;
    // Where an address was chosen from a menu no veto was typed.
    if (instead && (setup_.surface == Surface::Console || known_)) return finish(Outcome::Refused);
    if (end == VetoEnd::None) {
        if (now_ == Situation::Hearing) return menu(Remark::CodeWrong, page_);
        return finish(instead ? Outcome::Refused : Outcome::ResumeUnknown);
    }
    Screen screen;
    screen.kind = ScreenKind::VetoHeard;
    screen.remark = end == VetoEnd::Undone           ? Remark::ChangeUndone
                    : end == VetoEnd::Administrators ? Remark::ChangeIsDecided
                                                     : Remark::RecoveryDenied;
    return ask(Situation::VetoTold, std::move(screen));
}

Action FlowOracle::first_remote_answer(std::string_view text) {
    return text.empty() ? finish(Outcome::Back) : select(std::nullopt, text);
}

Action FlowOracle::full_address(std::string_view text) {
    return without_spaces(text).empty() ? menu(Remark::None)
                                        : select(setup_.methods.at(method_), text);
}

Action FlowOracle::code_answer(std::string_view text) {
    if (setup_.surface == Surface::Remote && !known_) {
        if (text.empty()) return first_remote_question(Remark::None);
        return text.size() > 1 ? judge(text) : send(Remark::SentAgain);
    }
    const std::string_view word = without_spaces(text);
    const bool other_way = word == "m" || word == "M";
    if (recipient_.kind == MethodKind::Approval)
        return other_way ? menu(Remark::None) : judge(text);
    if (word.empty() || other_way) return menu(Remark::None);
    if (word != "r" && word != "R") return judge(text);
    return recipient_.kind == MethodKind::Delivery ? send(Remark::SentAgain) : code(Remark::None);
}

Action FlowOracle::verdict(const flow::Judged& judged) {
    if (judged.judgement == Judgement::Right) return right(judged);
    if (recipient_.kind == MethodKind::Approval) return of_the_device(judged);
    if (setup_.surface == Surface::Remote && !known_) {
        if (++wrong_while_unknown_ < setup_.wrong_per_code) return code(Remark::CodeWrong);
        wrong_while_unknown_ = 0;
        return first_remote_question(Remark::CodeUsedUp);
    }
    if (judged.judgement == Judgement::NotWorking) return menu(Remark::MethodNotWorking);
    if (recipient_.kind == MethodKind::SavedCode) return code(Remark::CodeWrong);
    if (judged.judgement == Judgement::Expired) return code(Remark::CodeExpired);
    const bool last_entry = ++wrong_.at(method_) >= setup_.wrong_per_code;
    // Earlier entries are told to nobody who has proven nothing.
    const bool told = known_ && (judged.judgement == Judgement::Exhausted ||
                                 judged.judgement == Judgement::Limited);
    if (!last_entry && !told) return code(Remark::CodeWrong);
    used_up_.at(method_) = true;
    return offers().empty() ? finish(Outcome::Refused) : menu(Remark::CodeUsedUp);
}

Action FlowOracle::of_the_device(const flow::Judged& judged) {
    switch (judged.judgement) {
        case Judgement::Unanswered:
            if (judged.seconds == 0) return menu(Remark::RequestExpired);
            seconds_ = judged.seconds;
            return code(Remark::NoAnswerYet);
        case Judgement::Expired:
            return menu(Remark::RequestExpired);
        case Judgement::NotWorking:
            return menu(Remark::MethodNotWorking);
        case Judgement::Wrong:
        case Judgement::Limited:  // another number, or no more requests: not this way again
            used_up_.at(method_) = true;
            if (offers().empty()) return finish(Outcome::Refused);
            return menu(judged.judgement == Judgement::Wrong ? Remark::CodeWrong
                                                             : Remark::MethodNotWorking);
        default:
            return finish(Outcome::Refused);
    }
}

Action FlowOracle::right(const flow::Judged& judged) {
    if (recipient_.possession.empty()) return finish(Outcome::Refused);
    if (recipient_.kind == MethodKind::SavedCode)
        recipient_.possession = judged.is_pass ? "pass" : "saved";
    if (!is_proven(recipient_.possession)) proven_.push_back(recipient_.possession);
    know_the_claimant();
    if (missing() == 0) return perform();
    if (has_too_few_ways()) return whom_to_ask(Remark::TooFewWays);
    resume_code_ = judged.resume_code;
    return menu(Remark::OneMoreProof);
}

Action FlowOracle::result(ActResult result) {
    switch (result) {
        case ActResult::Done:
            return finish(setup_.reason == Reason::KnowsPassword ? Outcome::Unlocked
                                                                 : Outcome::Recovered);
        case ActResult::NothingWasLocked:
            return finish(Outcome::NothingWasLocked);
        case ActResult::HeldByAdministrator:
            return whom_to_ask(Remark::None);
        case ActResult::Failed:
            return acts_ < 3 ? perform() : finish(Outcome::Refused);
        case ActResult::RefusedByPolicy:
        case ActResult::NotEligible:
        case ActResult::InPart:
        case ActResult::LedgerFull:
        case ActResult::Declined:
            return finish(Outcome::Refused);
    }
    throw std::logic_error("no result");
}

// --- what has to come ---------------------------------------------------------------

Action FlowOracle::finish(Outcome outcome) {
    now_ = Situation::Over;
    outcome_ = outcome;
    return flow::Finish{outcome};
}

Action FlowOracle::ask(Situation now, Screen screen) {
    if (++questions_ > 60) return finish(Outcome::Refused);
    now_ = now;
    screen.resume_code.swap(resume_code_);
    return flow::Ask{std::move(screen)};
}

Action FlowOracle::human_check(Remark remark) {
    if (checks_shown_ == setup_.human_checks.size()) return finish(Outcome::Refused);
    shown_signs_ = setup_.human_checks.at(checks_shown_++);
    Screen screen;
    screen.kind = ScreenKind::HumanCheck;
    screen.remark = setup_.surface == Surface::Remote ? Remark::MistakeIsNotTold : remark;
    screen.signs = shown_signs_;
    screen.in_words = as_words_;
    return ask(Situation::HumanCheck, std::move(screen));
}

Action FlowOracle::menu(Remark remark, std::size_t page) {
    Screen screen;
    screen.kind = ScreenKind::Menu;
    screen.remark = remark;
    page_ = page;
    std::size_t place = 0;
    for (const std::size_t index : lines()) {
        const Method& method = setup_.methods.at(index);
        if (place / 5 == page) screen.items.push_back({method.name, method.masked_destination});
        screen.has_more = place++ / 5 > page;
    }
    return ask(Situation::Menu, std::move(screen));
}

Action FlowOracle::first_remote_question(Remark remark) {
    Screen screen;
    screen.kind = ScreenKind::AddressOrSavedCode;
    screen.remark = remark;
    return ask(Situation::FirstRemoteQuestion, std::move(screen));
}

Action FlowOracle::code(Remark remark) {
    Screen screen;
    screen.remark = remark;
    if (setup_.surface == Surface::Remote && !known_) {
        screen.kind = ScreenKind::RemoteCode;
        screen.minutes = setup_.remote_minutes;
        return ask(Situation::Code, std::move(screen));
    }
    const Method& method = setup_.methods.at(method_);
    if (method.kind == MethodKind::SavedCode) {
        screen.kind = ScreenKind::SavedCode;
        return ask(Situation::Code, std::move(screen));
    }
    screen.method = method.name;
    screen.kind = ScreenKind::OtpCode;
    if (method.kind == MethodKind::Approval) {
        screen.kind = ScreenKind::Approval;
        screen.number = number_;
        screen.seconds = seconds_;
    }
    if (method.kind == MethodKind::Delivery) {
        screen.kind = ScreenKind::Code;
        const auto minutes = setup_.minutes_of.find(method.name);
        screen.minutes =
            minutes != setup_.minutes_of.end() ? minutes->second : setup_.remote_minutes;
    }
    return ask(Situation::Code, std::move(screen));
}

Action FlowOracle::whom_to_ask(Remark remark) {
    Screen screen;
    screen.kind = ScreenKind::WhomToAsk;
    screen.remark = remark;
    return ask(Situation::WhomToAsk, std::move(screen));
}

Action FlowOracle::send(Remark remark) {
    if (++messages_ > 31) return finish(Outcome::Refused);
    now_ = Situation::Sending;
    with_the_code_ = remark;
    const bool is_personal = known_ || setup_.surface == Surface::Console;
    return flow::Send{recipient_, is_personal ? setup_.methods.at(method_).name : ""};
}

Action FlowOracle::select(std::optional<Method> method, std::string_view text) {
    if (++judgements_ > 31) return finish(Outcome::Refused);
    now_ = Situation::Selecting;
    return flow::Select{std::move(method), Secret{text}};
}

Action FlowOracle::judge(std::string_view text) {
    if (++judgements_ > 31) return finish(Outcome::Refused);
    now_ = Situation::Judging;
    return flow::Judge{recipient_, Secret{text}};
}

Action FlowOracle::perform() {
    ++acts_;
    now_ = Situation::Acting;
    return flow::Perform{setup_.reason == Reason::KnowsPassword ? Act::ClearLockout
                                                                : Act::ChangePassword};
}

// --- gates: each possession opens one, once ----------------------------------------

bool FlowOracle::is_proven(const std::string& possession) const {
    return std::find(proven_.begin(), proven_.end(), possession) != proven_.end();
}

bool FlowOracle::lacks_saved_code() const {
    return setup_.privileged && !is_proven("saved");
}

// How many proofs are still to be given, at least.
std::size_t FlowOracle::missing() const {
    const std::size_t asked = std::max<std::size_t>(setup_.gates_needed, setup_.privileged ? 2 : 1);
    if (asked > proven_.size()) return asked - proven_.size();
    return lacks_saved_code() ? 1 : 0;
}

// The methods, by index, whose proof would bring the claimant further.
std::vector<std::size_t> FlowOracle::offers() const {
    std::vector<std::size_t> offered;
    for (std::size_t i = 0; i < setup_.methods.size(); ++i) {
        const std::string& possession = setup_.methods[i].possession;
        bool helps = !is_proven(possession);
        if (missing() == 0) helps = is_proven(possession);  // all in earlier connections: again
        if (missing() == 1 && lacks_saved_code()) helps = possession == "saved";
        // A device rings for those alone who have shown something else, and not for root.
        if (setup_.methods[i].kind == MethodKind::Approval) helps &= known_ && !setup_.privileged;
        if (helps && !used_up_[i]) offered.push_back(i);
    }
    return offered;
}

// A saved code and a pass are typed in one place, so there is one line for both.
std::vector<std::size_t> FlowOracle::lines() const {
    std::vector<std::size_t> shown;
    bool has_saved_code_line = false;
    for (const std::size_t i : offers()) {
        const bool is_saved_code = setup_.methods[i].kind == MethodKind::SavedCode;
        if (!is_saved_code || !has_saved_code_line) shown.push_back(i);
        has_saved_code_line |= is_saved_code;
    }
    return shown;
}

// From the first proof on the menu is of what is really held.
void FlowOracle::know_the_claimant() {
    if (!known_ && setup_.held) {
        std::vector<bool> used_up;
        std::vector<std::uint32_t> wrong;
        for (const Method& method : *setup_.held) {
            const auto before =
                std::find_if(setup_.methods.begin(), setup_.methods.end(),
                             [&method](const Method& other) { return same(method, other); });
            const auto index = static_cast<std::size_t>(before - setup_.methods.begin());
            const bool was_there = before != setup_.methods.end();
            used_up.push_back(was_there && used_up_.at(index));
            wrong.push_back(was_there ? wrong_.at(index) : 0);
        }
        setup_.methods = *setup_.held;
        used_up_ = used_up;
        wrong_ = wrong;
    }
    known_ = true;
}

bool FlowOracle::has_too_few_ways() const {
    std::set<std::string> within_reach;
    for (const std::size_t i : offers()) within_reach.insert(setup_.methods[i].possession);
    if (lacks_saved_code() && within_reach.count("saved") == 0) return true;
    return within_reach.size() < std::max<std::size_t>(missing(), 1);
}

}  // namespace latchkey
