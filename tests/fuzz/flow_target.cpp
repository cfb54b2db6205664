// SPDX-License-Identifier: MIT
//
// The whole flow: the input draws a setup, then event after event. The promises and
// the oracle of tests/support watch; what they throw ends the run as a finding.
#include "tests/fuzz/input.hpp"
#include "tests/support/flow_events.hpp"
#include "tests/support/flow_oracle.hpp"
#include "tests/support/flow_promises.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace latchkey;
    constexpr int kMostEvents = 400;  // 60 questions and what lies between them
    fuzz::Input input{data, size};
    FlowEvents events{input};
    const FlowSetup setup = events.setup();
    RecoveryFlow recovery{setup};
    FlowOracle oracle{setup};
    FlowPromises promises{setup};
    flow::Action action = flow::Finish{};
    flow::Event event = events.first();
    for (int i = 0; i < kMostEvents && !input.empty(); ++i) {
        promises.event(action, event);
        const flow::Event same = duplicate(event);
        action = recovery.advance(std::move(event));
        oracle.expect(same, action);
        promises.action(action);
        event = events.after(action);
    }
    return 0;
}
