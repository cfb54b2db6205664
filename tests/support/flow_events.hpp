// SPDX-License-Identifier: MIT
//
// Setups and events for walks through the flow, drawn from any source of numbers:
// dice in a test, the bytes of an input in a fuzz target.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/recovery_flow.hpp"
#include "tests/support/flow_methods.hpp"

namespace latchkey {

// Events are moved into the flow; an onlooker needs its own.
[[nodiscard]] inline flow::Event duplicate(const flow::Event& event) {
    return std::visit(
        [](const auto& one) -> flow::Event {
            if constexpr (std::is_same_v<std::decay_t<decltype(one)>, flow::Answered>)
                return flow::Answered{one.text.duplicate()};
            else
                return one;
        },
        event);
}

// `Dice` has below(bound), 0 < bound <= 256.
template <class Dice>
class FlowEvents {
public:
    explicit FlowEvents(Dice& dice) : dice_(dice) {}

    [[nodiscard]] FlowSetup setup() {
        FlowSetup setup;
        setup.surface = one_in(2) ? Surface::Console : Surface::Remote;
        setup.reason = one_in(2) ? Reason::ForgotPassword : Reason::KnowsPassword;
        setup.privileged = one_in(3);
        setup.gates_needed = 1 + dice_.below(3);
        setup.wrong_per_code = 1 + dice_.below(5);
        const std::uint32_t addresses = dice_.below(8);
        for (std::uint32_t i = 0; i < addresses; ++i)
            setup.methods.push_back(email_method(i + 1, one_in(2) ? "example.org" : "example.net"));
        if (one_in(2)) setup.methods.push_back(text_method());
        if (one_in(2)) setup.methods.push_back(push_method());
        if (one_in(2)) setup.methods.push_back(app_method());
        if (!one_in(3)) setup.methods.push_back(saved_code_method());
        setup.minutes_of = {{"email", 10}, {"text", 5}};
        setup.remote_minutes = 5;
        if (one_in(3)) setup.human_checks = {"CFHKM", "NPRTW", "XY347", "9CFHK"};
        // Of what was drawn already, so that an input of the corpus stays what it is.
        if (setup.wrong_per_code % 2 == 0) hold(setup, addresses % 2 == 0);
        methods_ = setup.methods;
        return setup;
    }

    // What the runner makes of an account: the first menu has the line for saved codes and
    // passes whether or not it has either.
    static void hold(FlowSetup& setup, bool has_pass) {
        setup.held = setup.methods;
        if (has_pass) setup.held->push_back(temporary_pass_method());
        if (setup.methods.empty() || setup.methods.back().kind != MethodKind::SavedCode)
            setup.methods.push_back(saved_code_method());
    }

    [[nodiscard]] flow::Event first() {
        if (one_in(50)) return anything();
        if (one_in(4)) return flow::ResumeAsked{};
        return flow::Started{};
    }
    // What a runner could report after `action`, now and then what it could not.
    [[nodiscard]] flow::Event after(const flow::Action& action) {
        if (one_in(200)) return anything();
        if (std::holds_alternative<flow::Ask>(action)) return answer();
        if (const auto* select = std::get_if<flow::Select>(&action)) return selected(*select);
        if (const auto* send = std::get_if<flow::Send>(&action)) return sent(*send);
        if (std::holds_alternative<flow::Judge>(action)) return verdict();
        if (std::holds_alternative<flow::Resume>(action)) return resumed();
        if (std::holds_alternative<flow::CheckHuman>(action)) return flow::HumanChecked{one_in(2)};
        if (std::holds_alternative<flow::HearVeto>(action)) return veto();
        if (std::holds_alternative<flow::Perform>(action))
            return flow::Acted{static_cast<ActResult>(dice_.below(8))};
        return anything();
    }

private:
    [[nodiscard]] bool each_other_time() { return is_pass_ = !is_pass_; }
    [[nodiscard]] bool one_in(std::uint32_t bound) { return dice_.below(bound) == 0; }

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
                                                       " 1 ",
                                                       "0",
                                                       "12345678",
                                                       "12345678",
                                                       "ada@example.org",
                                                       "ABCD-EFGH-JKLM-NPQR",
                                                       "BCDFG-HJKLM"};
        if (one_in(200)) return flow::PersonLeft{};
        return flow::Answered{
            Secret{kAnswers[dice_.below(static_cast<std::uint32_t>(kAnswers.size()))]}};
    }
    flow::Event selected(const flow::Select& select) {
        const Method nobody{"-", MethodKind::Delivery, "-", "", 0};
        if (!select.method && one_in(12)) return veto();
        if (!select.method && one_in(4))
            return flow::Judged{flow::Judgement::Right, "BCDF-GHJK", 0, each_other_time()};
        if (methods_.empty() || one_in(2)) return flow::Selected{nobody};
        if (select.method) return flow::Selected{*select.method};
        for (const Method& method : methods_)
            if (method.kind == MethodKind::Delivery) return flow::Selected{method};
        return flow::Selected{nobody};
    }
    flow::Event sent(const flow::Send& send) {
        if (send.method.kind != MethodKind::Approval) return flow::Queued{};
        if (one_in(4)) return verdict();
        return flow::Queued{std::to_string(10 + dice_.below(90)), dice_.below(121)};
    }
    flow::Event verdict() {
        if (one_in(2))
            return flow::Judged{flow::Judgement::Right, "BCDF-GHJK", 0, each_other_time()};
        const auto judgement = static_cast<flow::Judgement>(dice_.below(8));
        return flow::Judged{judgement, "BCDF-GHJK", dice_.below(121)};
    }
    flow::Event veto() { return flow::VetoJudged{static_cast<VetoEnd>(dice_.below(4))}; }
    flow::Event resumed() {
        if (one_in(8)) return veto();
        std::vector<std::string> proven;
        for (const Method& method : methods_)
            if (one_in(2)) proven.push_back(method.possession);
        return flow::Resumed{!one_in(5), one_in(2) ? Reason::ForgotPassword : Reason::KnowsPassword,
                             1 + dice_.below(3), std::move(proven), "BCDF-GHJK"};
    }
    flow::Event anything() {
        switch (dice_.below(11)) {
            case 0:
                return flow::Started{};
            case 1:
                return flow::ResumeAsked{};
            case 2:
                return flow::Resumed{true, Reason::ForgotPassword, 1, {"app", "saved"}, ""};
            case 3:
                return flow::Queued{};
            case 4:
                return flow::Judged{flow::Judgement::Right, "BCDF-GHJK"};
            case 5:
                return flow::Selected{one_in(2) ? email_method() : Method{}};
            case 6:
                return flow::Answered{Secret{std::string_view{"1"}}};
            case 7:
                return flow::PersonLeft{};
            case 8:
                return flow::HumanChecked{one_in(2)};
            case 9:
                return veto();
            default:
                return flow::Acted{ActResult::Done};
        }
    }

    Dice& dice_;
    std::vector<Method> methods_;
    bool is_pass_ = false;
};

}  // namespace latchkey
