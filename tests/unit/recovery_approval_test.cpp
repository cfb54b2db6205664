// SPDX-License-Identifier: MIT
//
// Approvals: asked for behind another proof only, one at a time, one answer to each, and
// ended for good by who denies.
#include <set>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/recovery_world.hpp"

namespace latchkey {

namespace {

using std::chrono::seconds;

struct World : RecoveryWorld {
    World() {
        enrol_address(kAdasAddress);
        add_device();
        request.gates_needed = 2;
    }
    // What comes of a recovery whose second proof is asked of the device.
    template <class... Lines>
    Outcome with_the_code(Lines... lines) {
        return connect("1", sent_code(), "1", lines...);
    }
    void wait(seconds time) { clock.advance(time); }
};

}  // namespace

TEST_CASE("the number of the screen, chosen on the device, is the second proof") {
    World world;
    CHECK(world.with_the_code(world.approve()) == Outcome::Recovered);
    CHECK(world.kinds() ==
          std::vector{ScreenKind::Menu, ScreenKind::Code, ScreenKind::Menu, ScreenKind::Approval});
    REQUIRE(world.channels.requests.size() == 1);
    const auto& request = world.channels.requests[0];
    CHECK(request.to == kAdasDevice);
    CHECK(request.request_id.size() == 32);
    CHECK(request.text.find(world.seen.back().number) == std::string::npos);
    CHECK(world.acts.proofs.back() == "app");
}

TEST_CASE("the device is shown three different numbers, one of them that of the screen") {
    std::set<std::string> places;
    for (int i = 0; i < 60; ++i) {
        World world;
        for (int draw = 0; draw < i; ++draw) (void)world.vault.uniform(90);
        world.with_the_code(world.approve());
        const std::string choices = world.channels.requests.at(0).choices;
        REQUIRE(choices.size() == 8);
        CHECK(std::set{choices.substr(0, 2), choices.substr(3, 2), choices.substr(6, 2)}.size() ==
              3);
        places.insert(std::to_string(choices.find(world.seen.back().number)));
    }
    CHECK(places == std::set<std::string>{"0", "3", "6"});
}

TEST_CASE("no device is asked before another proof, neither at a console nor over ssh") {
    World world;
    world.connect("3", "");
    for (const MenuItem& item : world.seen.front().items) CHECK(item.method != "push");
    CHECK(world.seen.back().kind == ScreenKind::WhomToAsk);
    world.over_ssh();
    world.connect(kAdasDevice, "00000000", "");
    CHECK(world.channels.requests.empty());
}

TEST_CASE("who has a device alone is shown what a stranger is shown") {
    World only_device;
    RecoveryWorld world;
    world.add_device();
    world.connect("1", "00000000", "");
    CHECK(world.seen.front().items.size() >= 2);
    CHECK(world.messages(OutboxPurpose::Code).empty());
    CHECK(world.channels.requests.empty());
}

TEST_CASE("whoever can become root is not asked on a device") {
    World world;
    world.give_saved_codes();
    world.request.privileged = true;
    world.connect("1", world.sent_code(), "1", kSavedCode);
    for (const Screen& screen : world.seen)
        for (const MenuItem& item : screen.items) CHECK(item.method != "push");
}

TEST_CASE("while nobody has answered, Enter asks again and tells how long it lasts") {
    World world;
    CHECK(world.with_the_code(world.after(seconds{20}, ""), world.after(seconds{30}, ""),
                              world.approve()) == Outcome::Recovered);
    CHECK(world.seen[3].seconds == 120);
    CHECK(world.seen[4].seconds == 100);
    CHECK(world.seen[4].remark == Remark::NoAnswerYet);
    CHECK(world.seen[5].seconds == 70);
    CHECK(world.seen[5].number == world.seen[3].number);
    REQUIRE(world.channels.polls.size() == 3);
    CHECK(world.channels.polls[0].state == "state 1");
    CHECK(world.channels.polls[1].state == "state 2");
}

TEST_CASE("an answer that comes late is none") {
    World world;
    world.channels.device = {ApprovalAnswer::Kind::Answered, "42", {}};
    CHECK(world.with_the_code(world.after(seconds{120}, ""), "") != Outcome::Recovered);
    CHECK(world.seen.back().remark == Remark::RequestExpired);
    CHECK(world.acts.performed.empty());
}

TEST_CASE("another number is no proof, and there is no second guess") {
    World world;
    world.with_the_code(world.approve_another());
    CHECK(world.channels.requests.size() == 1);
    CHECK(world.attempts_of("1001:ada", AttemptKind::Denial) == 1);
    CHECK(world.acts.performed.empty());
}

TEST_CASE("who denies ends the recovery for good, and the administrator is told") {
    World world;
    CHECK(world.with_the_code(world.deny()) == Outcome::Refused);
    CHECK(world.log.has("the owner denied a recovery"));
    CHECK(world.log.has_alarm());
    CHECK(world.decided_by == "proof=denied");
    const auto trail = world.store.audit("1001:ada", 1);
    REQUIRE(trail);
    CHECK(trail->at(0).event == "denied");
    const std::string resume_code = world.shown_resume_code();
    REQUIRE_FALSE(resume_code.empty());
    CHECK(world.reconnect(resume_code) == Outcome::ResumeUnknown);
}

TEST_CASE("the device is asked once at a time, and left alone after two denials") {
    World world;
    world.with_the_code("m", "1", "m");
    CHECK(world.channels.requests.size() == 1);  // the same request, shown again
    world.wait(seconds{60});
    world.with_the_code();
    CHECK(world.channels.requests.size() == 1);  // that one is still open
    world.wait(seconds{120});
    world.with_the_code(world.deny());
    world.wait(std::chrono::hours{1});
    world.with_the_code(world.deny());
    CHECK(world.channels.requests.size() == 3);
    world.wait(std::chrono::hours{2});
    world.with_the_code(world.approve());
    CHECK(world.channels.requests.size() == 3);
}

TEST_CASE(
    "who is asked three times in vain is left alone for a day, whether anybody looked or not") {
    World world;
    for (int i = 0; i < 4; ++i) {
        world.with_the_code();  // left without a look
        world.wait(std::chrono::hours{2});
    }
    CHECK(world.channels.requests.size() == 3);
    world.wait(std::chrono::hours{24});
    CHECK(world.with_the_code(world.approve()) == Outcome::Recovered);
}

TEST_CASE("a no that comes late is one") {
    World world;
    world.channels.device = {ApprovalAnswer::Kind::Denied, {}, {}};
    CHECK(world.with_the_code(world.after(seconds{120}, "")) == Outcome::Refused);
    CHECK(world.attempts_of("1001:ada", AttemptKind::Denial) == 1);
}

TEST_CASE("who went on with another proof is stopped by a no that nobody had read") {
    World world;
    world.give_saved_codes();
    world.channels.device = {ApprovalAnswer::Kind::Denied, {}, {}};
    SECTION("while the request was open") {
        CHECK(world.with_the_code("m", "2", kSavedCode) == Outcome::Refused);
    }
    SECTION("when it was void") {
        CHECK(world.with_the_code(world.after(seconds{130}, "m"), "2", kSavedCode) ==
              Outcome::Refused);
    }
    CHECK(world.channels.requests.size() == 1);
    CHECK(world.acts.performed.empty());
    CHECK(world.attempts_of("1001:ada", AttemptKind::Denial) == 1);
    CHECK(world.decided_by == "proof=denied");
}

TEST_CASE("a denial that cannot be kept ends the connection, and opens nothing") {
    World world;
    world.give_saved_codes();
    const auto no_and_a_full_disk = [&](const Screen&) {
        world.channels.device = {ApprovalAnswer::Kind::Denied, {}, {}};
        world.store.fail_with(ErrorKind::Unavailable);
        return std::string{};
    };
    CHECK(world.with_the_code(no_and_a_full_disk, "2", kSavedCode) == Outcome::Refused);
    CHECK(world.acts.performed.empty());
    CHECK(world.log.has("the owner denied a recovery"));
}

TEST_CASE("of two devices the one that was chosen is asked, and one at a time") {
    World world;
    world.enrol("push", "ada-tablet");
    const auto both = [&](const Screen& screen) {
        CHECK(screen.items.size() == 2);
        return std::string{"2"};
    };
    SECTION("the second") {
        CHECK(world.connect("1", world.sent_code(), both, world.approve()) == Outcome::Recovered);
        REQUIRE(world.channels.requests.size() == 1);
        CHECK(world.channels.requests[0].to == "ada-tablet");
    }
    SECTION("while the first is asked the second is not") {
        world.connect("1", world.sent_code(), "1", "m", both);
        REQUIRE(world.channels.requests.size() == 1);
        CHECK(world.channels.requests[0].to == kAdasDevice);
    }
}

TEST_CASE("a gateway that fails while the answer is looked for loses no request") {
    World world;
    const auto fails = [&](const Screen&) {
        world.channels.failure = ErrorKind::Unavailable;
        return std::string{};
    };
    const auto works_again = [&](const Screen& screen) {
        CHECK(screen.remark == Remark::MethodNotWorking);
        world.channels.failure.reset();
        return std::string{"1"};
    };
    CHECK(world.with_the_code(fails, works_again, world.approve()) == Outcome::Recovered);
    CHECK(world.channels.requests.size() == 1);
}

TEST_CASE("before a device is asked again, the answer to the last request is looked at") {
    World world;
    world.settings.limits.sends_per_ten_minutes = 100;
    SECTION("a no ends the recovery") {
        world.channels.device = {ApprovalAnswer::Kind::Denied, {}, {}};
        CHECK(world.with_the_code(world.after(seconds{130}, "m"), "1") == Outcome::Refused);
        CHECK(world.decided_by == "proof=denied");
        CHECK(world.channels.requests.size() == 1);
    }
    SECTION("a number that came too late is none") {
        world.channels.device = {ApprovalAnswer::Kind::Answered, "42", {}};
        CHECK(world.with_the_code(world.after(seconds{130}, "m"), "1", world.approve()) ==
              Outcome::Recovered);
        CHECK(world.channels.requests.size() == 2);
    }
}

TEST_CASE("a gateway that is out of order closes nobody's device") {
    World world;
    const auto kind = GENERATE(ErrorKind::Misconfigured, ErrorKind::Rejected);
    world.channels.failing_channels = {{"push", kind}};
    for (int i = 0; i < 3; ++i) {
        world.with_the_code();
        world.wait(seconds{300});
    }
    world.channels.failing_channels.clear();
    CHECK(world.with_the_code(world.approve()) == Outcome::Recovered);
}

TEST_CASE("the device rings at most three times an hour") {
    World world;
    world.settings.limits.sends_per_hour = 100;
    world.settings.limits.sends_per_ten_minutes = 100;
    world.settings.limits.starts_per_source_hour = 100;
    for (int i = 0; i < 6; ++i) {
        world.with_the_code();
        world.wait(seconds{180});
    }
    CHECK(world.channels.requests.size() == 3);
}

TEST_CASE("the next channel asks if the first was surely not heard, and only then") {
    World world;
    world.settings.methods["push"].channels = {"broken", "push"};
    SECTION("misconfigured") {
        world.channels.failing_channels = {{"broken", ErrorKind::Misconfigured}};
        CHECK(world.with_the_code(world.approve()) == Outcome::Recovered);
        CHECK(world.channels.polls.at(0).channel == "push");
    }
    SECTION("out of reach: it may have been heard") {
        world.channels.failing_channels = {{"broken", ErrorKind::Unavailable}};
        world.with_the_code();
        CHECK(world.channels.requests.size() == 1);
        CHECK(world.seen.back().remark == Remark::MethodNotWorking);
    }
}

TEST_CASE("after a cut an approval completes what was begun") {
    World world;
    world.connect("1", world.sent_code());
    CHECK(world.reconnect(world.shown_resume_code(), "1", world.approve()) == Outcome::Recovered);
    CHECK(world.kinds() == std::vector{ScreenKind::Menu, ScreenKind::Approval});
}

TEST_CASE("the app that shows codes and the one that is asked are one possession") {
    World world;
    world.enrol_app();
    world.request.gates_needed = 3;
    CHECK(world.connect("1", world.sent_code(), "") == Outcome::WhomToAsk);
    CHECK(world.seen.back().remark == Remark::TooFewWays);
}

}  // namespace latchkey
