// SPDX-License-Identifier: MIT
//
// The recovery conversation as a pure state machine. One call, one step: the
// runner hands in what has just happened (an event) and gets back what to do
// next (an action). Nothing here reads a clock, draws a random number or touches
// a store, so a test can walk every path without a machine to sign in to.
//
//   at a console, and everywhere after the first proof
//
//   Started ──► Choosing ──► Typing ──► Selecting ──► Sending ──► Entering ──► Judging
//                 ▲  │  └────────────────────────────────┘ ▲          │  ▲        │
//   Resuming ─────┘  └── app, saved code ──────────────────┼──► Entering └─wrong──┤
//                 ▲                                        └── r ─────┘           │
//                 └──────────── one more gate ◄────────────────────────── right ──┤
//                                                          Acting ◄── last gate ──┘
//
//   over a remote service before the first proof
//
//   Started ──► Identifying ──► Selecting ──► Sending ──► Entering ──► Judging
//
//   where the next screen follows from the *length* of an answer alone: empty is
//   a step back, one character sends again, anything else is judged, and all
//   verdicts but "right" look the same. An app is never asked for there.
//
//   Where a human check is asked for, Checking and Verifying stand between Started and
//   the first question, on both surfaces. Empty goes back, one character changes between
//   picture and words, anything else is judged. At a console a wrong answer is told and
//   asked again, a few times. Over a remote service it goes on like a right one; what
//   follows of it is the runner's business, and is seen on no screen. Who resumes has
//   proven something already and is not asked.
//
//   An approval is a Sending whose Entering shows a number and waits for the device: Enter
//   asks whether there is an answer. It is offered to those only who have proven something
//   else, so that no stranger makes a telephone ring; who denies it ends the recovery.
//
//   The menu before the first proof offers the line for saved codes and temporary passes to
//   everybody. After it the menu lists what is really held. Which of the two was typed is known
//   when it was right, and decides which gate opens.
//
//   A veto code may be typed wherever a way is chosen, and in place of a resume code. One that is
//   none is told like every other wrong answer there; over a remote service that is nothing before
//   the first proof. One that is right opens nothing: it is told, and goes back.
//
//   any state ──► Finished, when the claimant leaves, when a budget of this
//   connection is used up, and on every event that its state does not expect.
//
// A gate is a possession: however many methods reach it, it opens once. What the
// flow is told of a decoy is what it is told of an account; it cannot tell them apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/gates.hpp"
#include "core/recovery.hpp"
#include "core/screen.hpp"
#include "core/secret.hpp"

namespace latchkey {

namespace flow {

// --- what has happened --------------------------------------------------------

struct Started {};
struct ResumeAsked {};
struct Resumed {
    bool found = false;
    Reason reason = Reason::ForgotPassword;
    std::uint32_t gates_needed = 0;
    std::vector<std::string> proven;  // possessions
    std::string resume_code;          // the next one, as it is shown
};
struct Answered {
    Secret text;
};
struct PersonLeft {};
// The address that was typed, or nobody's: then messages of `method` reach nobody.
struct Selected {
    Method method;
};
// For an approval, what stands on the screen meanwhile.
struct Queued {
    std::string number{};
    std::uint32_t seconds = 0;
};

enum class Judgement : std::uint8_t {
    Wrong,
    Right,
    Expired,
    Exhausted,   // too many wrong entries for this code
    Limited,     // not judged: the account's limits are reached
    NotWorking,  // not judged: the method does not work on this host now
    Unanswered,  // not judged: nobody has answered the request yet
    Denied,      // whoever holds the device said no
};
struct Judged {
    Judgement judgement = Judgement::Wrong;
    std::string resume_code{};  // as it is shown; not empty after Right
    std::uint32_t seconds = 0;  // Unanswered: until the request is void
    bool is_pass = false;       // Right, where a saved code is typed: it was a temporary pass
};
struct HumanChecked {
    bool right = false;
};
struct VetoJudged {
    VetoEnd end = VetoEnd::None;
};
struct Acted {
    ActResult result = ActResult::Failed;
};
using Event = std::variant<Started, ResumeAsked, Resumed, Answered, PersonLeft, Selected, Queued,
                           Judged, HumanChecked, VetoJudged, Acted>;

// --- what to do next ----------------------------------------------------------

struct Ask {
    Screen screen;
};
// With what came in place of a reason; answered by Resumed, or by VetoJudged if it looks like a
// veto.
struct Resume {};
// Is `text` the complete address of `method`? Of any method, or a saved recovery
// code or a temporary pass, if there is none: answered by Selected, or by Judged{Right} for the
// latter. Then a veto may be typed as well: answered by VetoJudged if it is one.
struct Select {
    std::optional<Method> method;
    Secret text;
};
// A code, or the request for an approval; the latter may be answered by Judged, too.
struct Send {
    Method method;
    // The method on the screen, as long as which a code lives that nobody gets; empty over a
    // remote service before the first proof.
    std::string shown{};
};
// `text` is the code; of an approval, whether somebody has answered, whatever was typed.
struct Judge {
    Method method;
    Secret text;
};
// Does `text` name the signs? Answered by HumanChecked.
struct CheckHuman {
    std::string signs;
    Secret text;
};
// Is `text` a veto? Answered by VetoJudged.
struct HearVeto {
    Secret text;
};
struct Perform {
    Act act = Act::ChangePassword;
};
struct Finish {
    Outcome outcome = Outcome::Refused;
};
using Action =
    std::variant<Ask, Resume, Select, Send, Judge, CheckHuman, HearVeto, Perform, Finish>;

// What one connection may use up; below what the monitor permits it
// (core/wire/permitted.cpp), and the same for everybody.
inline constexpr std::uint32_t kMaxQuestions = 60;
inline constexpr std::uint32_t kMaxJudged = 31;
inline constexpr std::uint32_t kMaxSends = 31;
inline constexpr std::uint32_t kMaxActs = 3;
inline constexpr std::uint32_t kMaxWrongHuman = 3;  // at a console, where they are told

}  // namespace flow

struct FlowSetup {
    Surface surface = Surface::Remote;
    Reason reason = Reason::ForgotPassword;
    bool privileged = false;  // one of the gates is a saved code
    std::uint32_t gates_needed = 2;
    std::uint32_t wrong_per_code = 5;
    std::vector<Method> methods;                      // in menu order
    std::optional<std::vector<Method>> held{};        // in their place once something is proven
    std::map<std::string, std::uint32_t> minutes_of;  // a method's code lifetime
    std::uint32_t remote_minutes = 10;                // the shortest of them
    std::vector<std::string> human_checks;            // signs, each shown once; none: no check
    std::vector<std::string> not_working;             // methods, marked and offered all the same
};

class RecoveryFlow {
public:
    explicit RecoveryFlow(FlowSetup setup)
        : setup_(std::move(setup)), gates_(setup_.gates_needed, setup_.privileged) {}

    // Advances by one step. An event that the present state does not expect ends
    // the recovery as Refused: it never skips a check. After a Finish every
    // event gives the same Finish.
    [[nodiscard]] flow::Action advance(flow::Event event);

private:
    enum class State : std::uint8_t {
        Idle,
        Resuming,
        Checking,     // the human check
        Verifying,    // its answer
        Choosing,     // a menu is on the screen
        Identifying,  // remote: address or saved code
        Typing,       // the complete address of the chosen method
        Selecting,
        Sending,
        Entering,  // a code, an OTP, a saved code
        Judging,
        Acting,
        Hearing,  // whether something is a veto
        Told,     // what became of a veto; any answer goes back
        Reading,  // whom to ask; any answer ends it
        Finished,
    };

    flow::Action on_started();
    flow::Action on_resume_asked();
    flow::Action on_resumed(const flow::Resumed& resumed);
    flow::Action on_answer(const flow::Answered& answer);
    flow::Action on_selected(const flow::Selected& selected);
    flow::Action on_queued(const flow::Queued& queued);
    flow::Action on_judged(const flow::Judged& judged);
    flow::Action on_human_checked(bool right);
    flow::Action on_veto_judged(VetoEnd end);
    flow::Action on_acted(ActResult result);

    flow::Action check_human(const Secret& text);
    flow::Action choose(std::string_view text);
    flow::Action take(std::size_t index);
    flow::Action identify(const Secret& text);
    flow::Action enter(const Secret& text);
    flow::Action proven(const flow::Judged& judged);
    flow::Action not_proven(flow::Judgement judgement);
    flow::Action not_approved(const flow::Judged& judged);
    flow::Action close_chosen(Remark remark);

    flow::Action select(std::optional<Method> method, const Secret& text);
    flow::Action send(Remark remark);
    flow::Action judge(const Secret& text);
    flow::Action hear_veto(std::string_view text);
    flow::Action perform();
    flow::Action ask(State next, Screen screen);
    flow::Action ask_human(Remark remark);
    flow::Action ask_first();
    flow::Action ask_menu(Remark remark, std::size_t page = 0);
    flow::Action ask_address(Remark remark);
    flow::Action ask_code(Remark remark);
    flow::Action ask_whom(Remark remark);
    flow::Action finish(Outcome outcome);

    // Nothing of this connection has proven anything, and its screens must not
    // depend on what was typed.
    [[nodiscard]] bool blind() const { return setup_.surface == Surface::Remote && !personal_; }
    [[nodiscard]] std::vector<std::size_t> ways() const;     // indices of methods
    [[nodiscard]] std::vector<std::size_t> choices() const;  // the same, one for each line
    [[nodiscard]] bool may_be_asked(const Method& method) const;
    [[nodiscard]] bool can_be_completed() const;
    void become_personal();

    FlowSetup setup_;
    Gates gates_;
    State state_ = State::Idle;
    Outcome outcome_ = Outcome::Refused;          // once Finished
    bool personal_ = false;                       // a proof, or a resume code, was right
    std::set<std::size_t> closed_;                // methods used up in this connection
    std::map<std::size_t, std::uint32_t> wrong_;  // entries, by method
    std::uint32_t wrong_blind_ = 0;
    std::size_t human_checks_ = 0;  // how many were shown
    std::uint32_t wrong_human_ = 0;
    bool in_words_ = false;  // words instead of a picture
    std::size_t page_ = 0;
    std::size_t chosen_ = 0;  // of methods
    Method target_;           // what is sent to and judged by
    Remark after_sending_ = Remark::None;
    std::string number_;  // of the approval that is open
    std::uint32_t seconds_ = 0;
    std::string resume_code_;  // not shown yet
    std::uint32_t asked_ = 0;
    std::uint32_t judged_ = 0;
    std::uint32_t sent_ = 0;
    std::uint32_t performed_ = 0;
};

}  // namespace latchkey
