// SPDX-License-Identifier: MIT
//
// Random walks through the flow, watched by an oracle that knows the promises
// and nothing of the flow's states.
#include <map>
#include <random>
#include <set>

#include "core/recovery_flow.hpp"
#include "core/screens.hpp"
#include "tests/support/flow_driver.hpp"

using namespace latchkey;
using flow::Judgement;

namespace {

constexpr int kSteps = 200'000;

class Dice {
public:
    explicit Dice(std::uint32_t seed) : engine_(seed) {}
    std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>(engine_() % bound);
    }
    bool one_in(std::uint32_t bound) { return below(bound) == 0; }

private:
    std::mt19937 engine_;
};

FlowSetup random_setup(Dice& dice) {
    FlowSetup setup;
    setup.surface = dice.one_in(2) ? Surface::Console : Surface::Remote;
    setup.reason = dice.one_in(2) ? Reason::ForgotPassword : Reason::KnowsPassword;
    setup.privileged = dice.one_in(3);
    setup.gates_needed = 1 + dice.below(3);
    setup.wrong_per_code = 1 + dice.below(5);
    const std::uint32_t addresses = dice.below(8);
    for (std::uint32_t i = 0; i < addresses; ++i)
        setup.methods.push_back(
            email_method(i + 1, dice.one_in(2) ? "example.org" : "example.net"));
    if (dice.one_in(2)) setup.methods.push_back(text_method());
    if (dice.one_in(2)) setup.methods.push_back(app_method());
    if (!dice.one_in(3)) setup.methods.push_back(saved_code_method());
    setup.minutes_of = {{"email", 10}, {"text", 5}};
    setup.remote_minutes = 5;
    return setup;
}

// What a runner could possibly report next, now and then mixed with what it could not.
class Environment {
public:
    Environment(Dice& dice, const FlowSetup& setup) : dice_(dice), setup_(setup) {}

    flow::Event next(const flow::Action& action) {
        if (dice_.one_in(300)) return anything();
        if (std::holds_alternative<flow::Ask>(action)) return answer();
        if (const auto* select = std::get_if<flow::Select>(&action)) return selected(*select);
        if (std::holds_alternative<flow::Send>(action)) return flow::Queued{};
        if (std::holds_alternative<flow::Judge>(action)) return verdict();
        if (std::holds_alternative<flow::Resume>(action)) return resumed();
        if (std::holds_alternative<flow::Perform>(action)) return acted();
        return anything();
    }

    flow::Event first() {
        if (dice_.one_in(4)) return flow::ResumeAsked{};
        return flow::Started{};
    }

private:
    flow::Event answer() {
        static const std::vector<std::string> kAnswers{"",
                                                       "1",
                                                       "1",
                                                       "2",
                                                       "2",
                                                       "3",
                                                       "4",
                                                       "5",
                                                       "6",
                                                       "7",
                                                       "r",
                                                       "m",
                                                       "12345678",
                                                       "12345678",
                                                       "ada@example.org",
                                                       "ABCD-EFGH-JKLM-NPQR"};
        if (dice_.one_in(200)) return flow::PersonLeft{};
        return flow::Answered{
            Secret{kAnswers[dice_.below(static_cast<std::uint32_t>(kAnswers.size()))]}};
    }
    flow::Event selected(const flow::Select& select) {
        if (!select.method && dice_.one_in(4)) return flow::Judged{Judgement::Right, "BCDF-GHJK"};
        if (setup_.methods.empty() || dice_.one_in(2))
            return flow::Selected{{"-", MethodKind::Delivery, "-", "", 0}};
        if (select.method) return flow::Selected{*select.method};
        for (const Method& method : setup_.methods)
            if (method.kind == MethodKind::Delivery) return flow::Selected{method};
        return flow::Selected{{"-", MethodKind::Delivery, "-", "", 0}};
    }
    flow::Event verdict() {
        if (dice_.one_in(2)) return flow::Judged{Judgement::Right, "BCDF-GHJK"};
        return flow::Judged{static_cast<Judgement>(dice_.below(6)), "BCDF-GHJK"};
    }
    flow::Event resumed() {
        std::vector<std::string> proven;
        for (const Method& method : setup_.methods)
            if (dice_.one_in(2)) proven.push_back(method.possession);
        return flow::Resumed{!dice_.one_in(5), Reason::ForgotPassword, 1 + dice_.below(3), proven};
    }
    flow::Event acted() { return flow::Acted{static_cast<ActResult>(dice_.below(8))}; }
    flow::Event anything() {
        switch (dice_.below(7)) {
            case 0:
                return flow::Started{};
            case 1:
                return flow::ResumeAsked{};
            case 2:
                return flow::Resumed{true, Reason::ForgotPassword, 1, {"app", "saved"}};
            case 3:
                return flow::Queued{};
            case 4:
                return flow::Judged{Judgement::Right, "BCDF-GHJK"};
            case 5:
                return flow::Selected{email_method()};
            default:
                return flow::Acted{ActResult::Done};
        }
    }

    Dice& dice_;
    const FlowSetup& setup_;
};

// The promises. It sees what a runner sees: the event that went in, the action before it.
class Oracle {
public:
    explicit Oracle(const FlowSetup& setup) : setup_(setup) {
        settings_.methods["email"] = {"E-mail my alternate address", MethodKind::Delivery, {}, {}};
        settings_.methods["text"] = {"Text my mobile phone", MethodKind::Delivery, {}, {}};
        settings_.methods["totp"] = {"Enter a code from my app", MethodKind::Verification, {}, {}};
    }

    void event(const flow::Action& before, const flow::Event& event) {
        if (const auto* resumed = std::get_if<flow::Resumed>(&event))
            if (std::holds_alternative<flow::Resume>(before) && resumed->found) {
                needed_ = resumed->gates_needed;
                if (!setup_.privileged)
                    proven_.insert(resumed->proven.begin(), resumed->proven.end());
                identified_ = !resumed->proven.empty();
            }
        if (const auto* answer = std::get_if<flow::Answered>(&event))
            chose_ = chose_ || !answer->text.empty();
        const auto* judged = std::get_if<flow::Judged>(&event);
        if (judged == nullptr || judged->judgement != Judgement::Right) return;
        if (const auto* judge = std::get_if<flow::Judge>(&before)) prove(judge->method.possession);
        if (const auto* select = std::get_if<flow::Select>(&before))
            if (!select->method) prove("saved");
    }

    void action(const flow::Action& action) {
        if (finished_) {
            REQUIRE(std::holds_alternative<flow::Finish>(action));
            REQUIRE(std::get<flow::Finish>(action).outcome == outcome_);
            return;
        }
        std::visit([this](const auto& step) { check(step); }, action);
    }

    [[nodiscard]] bool finished() const { return finished_; }
    int performed = 0;

private:
    void prove(const std::string& possession) {
        proven_.insert(possession);
        here_.insert(possession);
        identified_ = true;
    }
    void check(const flow::Ask& ask) {
        REQUIRE(++asked_ <= 60);
        const auto text = render(ask.screen, settings_, "host.example.org");
        REQUIRE(text.has_value());
        REQUIRE(text->size() <= kMaxScreenBytes);
        if (identified_ || setup_.surface == Surface::Console) return;
        const auto kind = ask.screen.kind;
        REQUIRE((kind == ScreenKind::AddressOrSavedCode || kind == ScreenKind::RemoteCode));
        REQUIRE(ask.screen.resume_code.empty());
    }
    void check(const flow::Send& send) {
        REQUIRE(chose_);
        REQUIRE(++sent_ <= 31);
        REQUIRE(send.method.kind == MethodKind::Delivery);
    }
    void check(const flow::Judge& judge) {
        REQUIRE(++judged_ <= 31);
        if (!identified_ && setup_.surface == Surface::Remote)
            REQUIRE(judge.method.kind == MethodKind::Delivery);
    }
    void check(const flow::Select&) { REQUIRE(++judged_ <= 31); }
    void check(const flow::Resume&) {}
    void check(const flow::Perform& perform) {
        ++performed;
        REQUIRE(++acts_ <= 3);
        REQUIRE_FALSE(here_.empty());
        REQUIRE(proven_.size() >= std::max(setup_.gates_needed, needed_));
        if (setup_.privileged) {
            REQUIRE(here_.size() >= 2);
            REQUIRE(here_.contains("saved"));
        }
        REQUIRE((perform.act == Act::ChangePassword || perform.act == Act::ClearLockout));
    }
    void check(const flow::Finish& finish) {
        finished_ = true;
        outcome_ = finish.outcome;
        const bool acted = outcome_ == Outcome::Recovered || outcome_ == Outcome::Unlocked ||
                           outcome_ == Outcome::NothingWasLocked;
        if (acted) REQUIRE(acts_ > 0);
    }

    const FlowSetup& setup_;
    Settings settings_;
    std::set<std::string> proven_;
    std::set<std::string> here_;
    std::uint32_t needed_ = 1;
    bool identified_ = false;
    bool chose_ = false;
    bool finished_ = false;
    Outcome outcome_ = Outcome::Refused;
    int asked_ = 0;
    int sent_ = 0;
    int judged_ = 0;
    int acts_ = 0;
};

}  // namespace

TEST_CASE("no walk through the flow breaks a promise", "[flow][walk]") {
    Dice dice{20261124};
    int steps = 0;
    int acts = 0;
    std::map<Outcome, int> outcomes;
    while (steps < kSteps) {
        const FlowSetup setup = random_setup(dice);
        RecoveryFlow recovery{setup};
        Environment environment{dice, setup};
        Oracle oracle{setup};
        flow::Action action = flow::Finish{};
        flow::Event event = environment.first();
        for (int after_finish = 0; after_finish < 3; ++steps) {
            oracle.event(action, event);
            action = recovery.advance(std::move(event));
            oracle.action(action);
            if (oracle.finished()) {
                if (after_finish++ == 0) ++outcomes[std::get<flow::Finish>(action).outcome];
            }
            event = environment.next(action);
        }
        acts += oracle.performed;
    }
    // The walks went everywhere.
    CHECK(steps >= kSteps);
    CHECK(acts > 1000);
    CHECK(outcomes.size() == 7);
}
