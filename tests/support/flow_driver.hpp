// SPDX-License-Identifier: MIT
//
// Hands events to a flow and remembers its last action, so that a test reads as
// the conversation it is about.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/recovery_flow.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/flow_methods.hpp"

namespace latchkey {

class FlowDriver {
public:
    explicit FlowDriver(FlowSetup setup) : flow_(std::move(setup)) {}

    FlowDriver& on(flow::Event event) {
        last_ = flow_.advance(std::move(event));
        return *this;
    }
    FlowDriver& started() { return on(flow::Started{}); }
    FlowDriver& answered(const std::string& text) { return on(flow::Answered{Secret{text}}); }
    FlowDriver& selected(const Method& method) { return on(flow::Selected{method}); }
    FlowDriver& queued() { return on(flow::Queued{}); }
    FlowDriver& judged(flow::Judgement judgement) {
        const bool right = judgement == flow::Judgement::Right;
        return on(flow::Judged{judgement, right ? "BCDF-GHJK" : ""});
    }
    FlowDriver& acted(ActResult result) { return on(flow::Acted{result}); }
    FlowDriver& resumed(std::vector<std::string> proven, std::uint32_t gates = 1) {
        on(flow::ResumeAsked{});
        return on(flow::Resumed{true, Reason::ForgotPassword, gates, std::move(proven)});
    }

    template <class A>
    [[nodiscard]] bool is() const {
        return std::holds_alternative<A>(last_);
    }
    template <class A>
    [[nodiscard]] const A& as() const {
        REQUIRE(is<A>());
        return std::get<A>(last_);
    }
    [[nodiscard]] const Screen& screen() const { return as<flow::Ask>().screen; }
    [[nodiscard]] bool asks(ScreenKind kind, Remark remark = Remark::None) const {
        return is<flow::Ask>() && screen().kind == kind && screen().remark == remark;
    }
    [[nodiscard]] bool finished(Outcome outcome) const {
        return is<flow::Finish>() && as<flow::Finish>().outcome == outcome;
    }
    [[nodiscard]] std::vector<std::string> offered() const {
        std::vector<std::string> names;
        for (const MenuItem& item : screen().items) names.push_back(item.method);
        return names;
    }

private:
    RecoveryFlow flow_;
    flow::Action last_ = flow::Finish{};
};

inline FlowSetup console_setup(std::uint32_t gates = 1) {
    FlowSetup setup;
    setup.surface = Surface::Console;
    setup.gates_needed = gates;
    setup.methods = {email_method(), app_method(), saved_code_method()};
    setup.minutes_of = {{"email", 10}, {"text", 5}};
    setup.remote_minutes = 5;
    return setup;
}
inline FlowSetup remote_setup(std::uint32_t gates = 2) {
    FlowSetup setup = console_setup(gates);
    setup.surface = Surface::Remote;
    return setup;
}

}  // namespace latchkey
