// SPDX-License-Identifier: MIT
//
// A method that does not work now is marked for everyone, whoever asks, and nothing
// else follows of it (core/channel_health.hpp).
#include <algorithm>

#include "core/screens.hpp"
#include "tests/support/recovery_world.hpp"

using namespace latchkey;
using std::chrono::seconds;

namespace {

enum class Whom { Healthy, Nobody, Unregistered, Locked, FromABusySource };

void become(RecoveryWorld& world, Whom whom) {
    if (whom != Whom::Nobody && whom != Whom::Unregistered) world.enrol_everything();
    if (whom == Whom::Nobody) world.be_nobody();
    if (whom == Whom::Locked) world.request.deliverable = false;
    if (whom == Whom::FromABusySource)
        for (int i = 0; i < 10; ++i) (void)world.connect("");
}

std::string line_with(const std::string& text, const std::string& word) {
    const std::size_t at = text.find(word);
    if (at == std::string::npos) return {};
    const std::size_t begin = text.rfind('\n', at) + 1;
    return text.substr(begin, text.find('\n', at) - begin);
}

std::string without(std::string text, const std::string& part) {
    const std::size_t at = text.find(part);
    return at == std::string::npos ? text : text.erase(at, part.size());
}

const std::string kMark = " (not working)";
const std::string kRemoteMark = "A way of sending codes is not working just now.\n";

}  // namespace

TEST_CASE("a method that does not work is marked in everybody's menu at a console", "[health]") {
    const Whom whom = GENERATE(Whom::Healthy, Whom::Nobody, Whom::Unregistered, Whom::Locked,
                               Whom::FromABusySource);
    RecoveryWorld world;
    become(world, whom);
    (void)world.connect("");
    const std::string healthy = rendered(world).front();
    world.probe(false, 2);

    (void)world.connect("");

    const std::string marked = rendered(world).front();
    const std::string line = line_with(marked, "E-mail my alternate address");
    CHECK(line.ends_with(kMark));
    CHECK(without(marked, kMark) == healthy);
}

TEST_CASE("over ssh everybody reads the same line above the same questions", "[health]") {
    const Whom whom =
        GENERATE(Whom::Nobody, Whom::Unregistered, Whom::Locked, Whom::FromABusySource);
    const auto screens = [](Whom who) {
        RecoveryWorld world;
        world.over_ssh();
        become(world, who);
        world.probe(false, 2);
        CHECK(world.connect(kAdasAddress, "99999999", "m", "99999999", "", "y") ==
              Outcome::Refused);
        return rendered(world);
    };
    const auto healthy = screens(Whom::Healthy);
    CHECK(healthy.front().starts_with(kRemoteMark));
    CHECK(screens(whom) == healthy);
}

TEST_CASE("after the first proof over ssh the menu is marked as at a console", "[health]") {
    RecoveryWorld world;
    world.over_ssh();
    world.enrol_everything();
    world.probe(false, 2);

    (void)world.connect(kSavedCode, "");

    REQUIRE(world.seen.back().kind == ScreenKind::Menu);
    CHECK(rendered(world).back().find(kMark) != std::string::npos);
}

TEST_CASE("a method that is marked can be chosen, and its code counts as ever", "[health]") {
    const bool remote = GENERATE(false, true);
    RecoveryWorld world;
    if (remote) world.over_ssh();
    world.request.gates_needed = 1;
    world.enrol_everything();
    world.probe(false, 2);
    CHECK(world.connect(remote ? kAdasAddress : "1", world.sent_code()) == Outcome::Recovered);
}

TEST_CASE("a mark changes neither an attempt nor a message nor an act", "[health]") {
    const Whom whom = GENERATE(Whom::Healthy, Whom::Nobody, Whom::Unregistered, Whom::Locked);
    const auto traces = [whom](bool works) {
        RecoveryWorld world;
        become(world, whom);
        world.probe(works, 2);
        (void)world.connect("1", "00000000", "r", "00000000", "m", "1", "00000000");
        std::vector<std::size_t> left{world.store.outbox().size(), world.store.attempts().size(),
                                      world.acts.performed.size(), world.seen.size()};
        for (const OutboxRow& row : world.store.outbox()) left.push_back(row.sealed.size());
        return left;
    };
    CHECK(traces(false) == traces(true));
}

TEST_CASE("a mark goes with the next probe that succeeds, and when nobody probes", "[health]") {
    RecoveryWorld world;
    world.enrol_everything();
    world.probe(false, 3);
    SECTION("a success") {
        world.probe(true);
    }
    SECTION("silence") {
        world.clock.advance(kHealthLasts);
    }
    (void)world.connect("");
    CHECK(world.seen.front().not_working.empty());
}

TEST_CASE("right guesses whose messages cannot leave make no mark", "[health][decoy]") {
    RecoveryWorld world;
    world.over_ssh();
    world.enrol_everything();
    for (int i = 0; i < 5; ++i) {
        (void)world.connect(kAdasAddress, "00000000");
        // Nothing leaves: each message is taken and put off, as with a dead gateway.
        const auto rows = world.store.claim_due(world.clock.now(), world.clock.now(), 64).value();
        for (const OutboxRow& row : rows)
            REQUIRE(world.store.postpone_delivery(row.id, world.clock.now() + seconds{60}));
        world.clock.advance(seconds{120});
    }
    (void)world.connect("");
    CHECK(world.seen.front().not_working.empty());
}

TEST_CASE("while a method is marked a menu has fewer choices on a page, for everybody alike",
          "[health]") {
    RecoveryWorld world;
    world.enrol_everything();
    for (const char* domain : {"a.org", "b.org", "c.org"})
        world.enrol_address(std::string{"ada@"} + domain);
    world.probe(false, 2);
    (void)world.connect("5", "2");
    REQUIRE(world.seen.size() == 3);
    CHECK(world.seen[0].items.size() == kMarkedMenuPageSize);
    CHECK(world.seen[0].has_more);
    CHECK(world.seen[1].items.size() == 2);
    CHECK(world.seen[2].kind == ScreenKind::SavedCode);
    for (const std::string& text : rendered(world)) CHECK(text.size() <= kMaxScreenBytes);
}
