// SPDX-License-Identifier: MIT
//
// Random walks through the flow, both surfaces, watched twice: by promises that know
// nothing of its states, and by an oracle that says every action in full.
#include <map>
#include <random>

#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/support/flow_events.hpp"
#include "tests/support/flow_oracle.hpp"
#include "tests/support/flow_promises.hpp"

using namespace latchkey;

namespace {

const int kEvents = rounds(2'000'000, 20'000'000);

class Dice {
public:
    explicit Dice(std::uint32_t seed) : engine_(seed) {}
    std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>(engine_() % bound);
    }

private:
    std::mt19937 engine_;
};

struct Walked {
    int events = 0;
    int acts = 0;
    std::map<Outcome, int> outcomes;
    std::map<Surface, int> surfaces;
};

// One conversation, and some events beyond its end.
void walk(Dice& dice, Walked& walked) {
    FlowEvents events{dice};
    const FlowSetup setup = events.setup();
    RecoveryFlow recovery{setup};
    FlowOracle oracle{setup};
    FlowPromises promises{setup};
    flow::Action action = flow::Finish{};
    flow::Event event = events.first();
    for (int beyond = 0; beyond < 3; ++walked.events) {
        promises.event(action, event);
        const std::size_t kind = event.index();
        flow::Event same = duplicate(event);
        action = recovery.advance(std::move(event));
        INFO("event " << kind);
        oracle.expect(same, action);
        promises.action(action);
        if (promises.finished()) ++beyond;
        event = events.after(action);
    }
    walked.acts += promises.acts();
    ++walked.outcomes[promises.outcome()];
    ++walked.surfaces[setup.surface];
}

}  // namespace

TEST_CASE("no walk of a million events breaks a promise or surprises the oracle", "[flow][walk]") {
    Dice dice{20261124};
    Walked walked;
    while (walked.events < kEvents) REQUIRE_NOTHROW(walk(dice, walked));
    // The walks went everywhere.
    CHECK(walked.acts > 5000);
    CHECK(walked.outcomes.size() == 7);
    CHECK(walked.surfaces.size() == 2);
    std::size_t cells = 0;
    for (const auto& row : FlowOracle::visits())
        for (const std::uint64_t visits : row) cells += visits > 0 ? 1U : 0U;
    CHECK(cells == FlowOracle::kSituations * FlowOracle::kEvents);
    evidence("G5 state machine",
             std::to_string(walked.events) + " random events, console and remote, " +
                 std::to_string(cells) + " of 176 cells of the table",
             "0 disagreements with the oracle, 0 broken promises");
}
