// SPDX-License-Identifier: MIT
//
// Who has signed in enrols a device that is asked to approve: it is asked once another way was
// proven, counts only after its holder has chosen the number of the screen, and waits.
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/change_world.hpp"

namespace latchkey {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

// ada has an address, and a host that asks devices.
struct World : ChangeWorld {
    World() {
        enrol_address(kAdasAddress);
        add_device_method();
    }
    template <class... Lines>
    bool enrol_device(Lines... lines) {
        return change({ChangeWish::EnrolContact, "push", kAdasDevice, {}}, lines...);
    }
    // Behind the code to her address.
    template <class... Lines>
    bool enrol_proven(Lines... lines) {
        return enrol_device("1", sent_code(), lines...);
    }
    // So that only the limits of approvals are met.
    void allow_messages() {
        settings.limits.sends_per_minute = 100;
        settings.limits.sends_per_ten_minutes = 100;
        settings.limits.sends_per_hour = 100;
        settings.limits.sends_per_day = 100;
        settings.limits.starts_per_source_hour = 100;
    }
    [[nodiscard]] std::vector<Contact> devices() {
        auto all = store.contacts("1001:ada").value();
        std::erase_if(all, [](const Contact& each) { return each.method != "push"; });
        return all;
    }
    [[nodiscard]] bool says(const std::string& part) const {
        return end.why.find(part) != std::string::npos;
    }
    // Whether a recovery that needs two proofs is finished on the device.
    bool recovers_on_device() {
        request.gates_needed = 2;
        const bool done = connect("1", sent_code(), "1", approve()) == Outcome::Recovered;
        request.gates_needed = 1;
        return done;
    }
};

}  // namespace

TEST_CASE("a device is asked behind a proof, and counts when it has approved and waited") {
    World world;
    REQUIRE(world.enrol_proven(world.approve()));
    CHECK(world.kinds() == std::vector{ScreenKind::Menu, ScreenKind::Code, ScreenKind::NewAddress});
    CHECK(world.seen.back().masked_destination == "a...e");
    CHECK(world.seen.back().seconds == 120);
    REQUIRE(world.channels.requests.size() == 1);
    const auto& request = world.channels.requests[0];
    CHECK(request.to == kAdasDevice);
    CHECK(request.choices.find(world.seen.back().number) != std::string::npos);
    CHECK(request.text.find("wants this device to be asked") != std::string::npos);
    CHECK(world.end.is_new);
    CHECK_FALSE(world.end.is_first);
    CHECK(world.end.destination == "a...e");
    CHECK(world.end.counts_from == FakeClock::kStart + days{7});
    REQUIRE(world.devices().size() == 1);
    CHECK(world.devices()[0].possession == "app");
    CHECK(world.acts.performed.empty());
}

TEST_CASE("a device that waits is asked in no recovery, and one that has waited is") {
    World world;
    REQUIRE(world.enrol_proven(world.approve()));
    world.clock.advance(days{7} - seconds{1});
    CHECK_FALSE(world.recovers_on_device());
    CHECK(world.channels.requests.size() == 1);
    world.clock.advance(hours{2});
    CHECK(world.recovers_on_device());
    CHECK(world.channels.requests.size() == 2);
}

TEST_CASE("a device that waits is no further proof of a change either") {
    World world;
    world.request.gates_needed = 2;
    SECTION("waiting") {
        world.enrol("push", "ada-tablet", FakeClock::kStart + seconds{1});
        CHECK_FALSE(world.enrol_proven("1", world.approve(), world.approve()));
        CHECK(world.channels.requests.empty());
    }
    SECTION("counting") {
        world.enrol("push", "ada-tablet");
        world.channels.device = {};
        CHECK_FALSE(world.enrol_proven("1", "m"));
        REQUIRE(world.channels.requests.size() == 1);
        CHECK(world.channels.requests[0].to == "ada-tablet");
    }
}

TEST_CASE("every address is told of a new device, and can end it within its waiting time") {
    World world;
    REQUIRE(world.enrol_proven(world.approve()));
    CHECK(world.end.told == 1);
    CHECK(world.notice_to(kAdasAddress).find("the device a...e") != std::string::npos);
    const std::string code = world.veto_of(kAdasAddress);
    SECTION("within it") {
        world.clock.advance(days{7} - seconds{1});
        CHECK(world.deny_by_owner(code));
        CHECK(world.devices().empty());
        CHECK(world.notice_to(kAdasAddress).find("the device a...e") != std::string::npos);
    }
    SECTION("not when it counts") {
        world.clock.advance(days{7});
        CHECK_FALSE(world.deny_by_owner(code));
        CHECK(world.devices().size() == 1);
    }
}

TEST_CASE("who denies on the device ends the change, and is counted") {
    World world;
    CHECK_FALSE(world.enrol_proven(world.deny()));
    CHECK(world.says("nothing was changed: it was denied on the device"));
    CHECK(world.devices().empty());
    CHECK(world.notice_to(kAdasAddress).empty());
    CHECK(world.log.has_alarm());
    CHECK(world.attempts_of("1001:ada", AttemptKind::Denial) == 1);
    CHECK(world.store.audit("1001:ada", 1).value().at(0).event == "denied");
}

TEST_CASE("a no is heard late, and also where nobody pressed Enter for it") {
    World world;
    world.channels.device = {ApprovalAnswer::Kind::Denied, {}, {}};
    SECTION("late") {
        CHECK_FALSE(world.enrol_proven(world.after(seconds{130}, "")));
    }
    SECTION("given up") {
        CHECK_FALSE(world.enrol_proven("n"));
    }
    CHECK(world.says("denied on the device"));
    CHECK(world.attempts_of("1001:ada", AttemptKind::Denial) == 1);
}

TEST_CASE("whoever is rung is protected from all accounts of the host together") {
    World world;
    world.allow_messages();
    const auto be = [&world](const std::string& subject) {
        world.request.subject = subject;
        world.enrol_address(kAdasAddress);
    };
    be("1002:bob");
    CHECK_FALSE(world.enrol_proven(world.deny()));
    CHECK(world.says("denied on the device"));
    be("1003:cyd");
    CHECK_FALSE(world.enrol_proven());
    CHECK(world.says("asked just now"));
    CHECK(world.channels.requests.size() == 1);
    world.clock.advance(minutes{3});
    CHECK_FALSE(world.enrol_proven(world.deny()));
    be("1004:dan");
    world.clock.advance(minutes{3});
    CHECK_FALSE(world.enrol_proven());
    CHECK(world.says("asked too often, or denied"));
    CHECK(world.channels.requests.size() == 2);
    SECTION("and not from its owner's recoveries") {
        world.request.subject = "1001:ada";
        world.enrol("push", kAdasDevice);
        CHECK(world.recovers_on_device());
    }
    SECTION("for a day") {
        world.clock.advance(days{1});
        CHECK(world.enrol_proven(world.approve()));
    }
}

TEST_CASE("a request that is refused uses up no message to a new address") {
    World world;
    world.allow_messages();
    CHECK_FALSE(world.enrol_proven(world.approve_another()));
    CHECK(world.attempts_of("1001:ada", AttemptKind::Send) == 2);  // the code to prove with, too
    CHECK_FALSE(world.enrol_proven());
    CHECK(world.says("asked just now"));
    CHECK(world.attempts_of("1001:ada", AttemptKind::Send) == 3);
}

TEST_CASE("a device that goes is not what leaves nothing, and stays as nothing that is left") {
    World world;
    world.enrol("push", kAdasDevice);
    REQUIRE(world.remove_by_owner(kAdasAddress, "1", world.sent_code()));
    CHECK(world.store.contacts("1001:ada").value().front().gone_from ==
          FakeClock::kStart + world.settings.security_info.replaced_hold);
    world.clock.advance(minutes{2});
    REQUIRE(world.change({ChangeWish::Remove, "push", kAdasDevice, {}}, "1", world.sent_code()));
    CHECK(world.store.contacts("1001:ada").value().front().gone_from == TimePoint{});
}

TEST_CASE("an account that is full rings nobody") {
    World world;
    for (int i = 0; i < 9; ++i) world.enrol_address("ada" + std::to_string(i) + "@example.org");
    CHECK_FALSE(world.enrol_device("1", world.sent_code()));
    CHECK(world.says("has 10 addresses"));
    CHECK(world.channels.requests.empty());
}

TEST_CASE("a stranger's no ends nobody's recovery, and that of a device that counts does") {
    World world;
    world.allow_messages();
    world.give_saved_codes();
    const bool counts = GENERATE(false, true);
    if (counts) world.enrol("push", kAdasDevice);
    world.request.gates_needed = 2;
    (void)world.connect("1", world.sent_code());
    const std::string resume_code = world.shown_resume_code();
    REQUIRE_FALSE(resume_code.empty());
    world.request.gates_needed = 1;
    CHECK_FALSE(world.enrol_proven(world.deny()));
    const bool is_open = world.reconnect(resume_code) != Outcome::ResumeUnknown;
    CHECK(is_open != counts);
}

TEST_CASE("another number on the device ends the change, and there is no second guess") {
    World world;
    world.allow_messages();
    CHECK_FALSE(world.enrol_proven(world.approve_another(), world.approve()));
    CHECK(world.says("another number"));
    CHECK_FALSE(world.said_everything);
    CHECK(world.devices().empty());
    CHECK(world.attempts_of("1001:ada", AttemptKind::Denial) == 1);
    CHECK_FALSE(world.enrol_proven(world.approve()));
    CHECK(world.says("has been asked just now"));
    CHECK(world.channels.requests.size() == 1);
}

TEST_CASE("without an answer Enter asks again until the time is over") {
    World world;
    SECTION("answered at last") {
        CHECK(world.enrol_proven(world.after(seconds{20}, ""), world.after(seconds{30}, ""),
                                 world.approve()));
        REQUIRE(world.seen.size() == 5);
        CHECK(world.seen[3].remark == Remark::NoAnswerYet);
        CHECK(world.seen[3].seconds == 100);
        CHECK(world.seen[4].seconds == 70);
        CHECK(world.seen[4].number == world.seen[2].number);
        CHECK(world.channels.polls[1].state == "state 2");
    }
    SECTION("too late") {
        world.channels.device = {ApprovalAnswer::Kind::Answered, "42", {}};
        CHECK_FALSE(world.enrol_proven(world.after(seconds{120}, "")));
        CHECK(world.says("nobody answered on the device in time"));
    }
    SECTION("given up") {
        CHECK_FALSE(world.enrol_proven("n"));
        CHECK(world.says("the device has not approved"));
    }
    SECTION("a look that fails loses nothing") {
        const auto fails = [&](const Screen&) {
            world.channels.failure = ErrorKind::Unavailable;
            return std::string{};
        };
        const auto works_again = [&](const Screen& screen) {
            world.channels.failure.reset();
            return world.approve()(screen);
        };
        CHECK(world.enrol_proven(fails, works_again));
    }
    CHECK(world.channels.requests.size() == 1);
    CHECK(world.devices().size() == (world.end.done ? 1 : 0));
}

TEST_CASE("requests for enrolments and for recoveries are counted together") {
    World world;
    world.allow_messages();
    world.enrol("push", "ada-tablet");
    for (int i = 0; i < 2; ++i) {
        CHECK_FALSE(world.enrol_proven());
        world.clock.advance(minutes{3});
    }
    world.request.gates_needed = 2;
    (void)world.connect("1", world.sent_code(), "1");
    world.request.gates_needed = 1;
    CHECK(world.channels.requests.size() == 3);
    world.clock.advance(minutes{3});
    CHECK_FALSE(world.enrol_proven(world.approve()));
    CHECK(world.says("asked too often"));
    CHECK(world.channels.requests.size() == 3);
}

TEST_CASE("messages to new addresses and devices are counted together") {
    World world;
    world.give_saved_codes();
    world.settings.limits.sends_per_hour = 1;
    CHECK_FALSE(world.enrol_by_owner(kNewAddress, "2", kSavedCode, ""));
    world.clock.advance(minutes{11});
    CHECK_FALSE(world.enrol_device("2", kOtherSavedCode, world.approve()));
    CHECK(world.says("too many messages"));
    CHECK(world.channels.requests.empty());
}

TEST_CASE("the request is counted on disk before the device is asked") {
    World world;
    std::size_t counted = 0;
    world.channels.before_request = [&] {
        counted = world.attempts_of("1001:ada", AttemptKind::Approval);
    };
    SECTION("and stays counted if it may have been asked") {
        world.channels.failing_channels = {{"push", ErrorKind::Unavailable}};
        CHECK_FALSE(world.enrol_proven(world.approve()));
        CHECK(world.attempts_of("1001:ada", AttemptKind::Approval) == 1);
    }
    SECTION("and is none if nobody can have been asked") {
        world.channels.failing_channels = {{"push", ErrorKind::Misconfigured}};
        CHECK_FALSE(world.enrol_proven(world.approve()));
        CHECK(world.attempts_of("1001:ada", AttemptKind::Approval) == 0);
    }
    CHECK(counted == 1);
    CHECK(world.says("the device could not be asked"));
    CHECK(world.devices().empty());
}

TEST_CASE("an approval that cannot be kept enrols nothing") {
    World world;
    CHECK_FALSE(world.enrol_proven([&](const Screen& screen) {
        world.store.fail_with(ErrorKind::Unavailable);
        return world.approve()(screen);
    }));
    CHECK_FALSE(world.end.why.empty());
    world.store.fail_with(std::nullopt);
    CHECK(world.devices().empty());
}

TEST_CASE("a device is nobody's first way, and none of an account that can become root") {
    SECTION("nothing else") {
        ChangeWorld world;
        world.add_device_method();
        CHECK_FALSE(
            world.change({ChangeWish::EnrolContact, "push", kAdasDevice, {}}, world.approve()));
        CHECK(world.end.why.find("set one up first") != std::string::npos);
        CHECK(world.channels.requests.empty());
        CHECK(world.seen.empty());
    }
    SECTION("another device alone") {
        ChangeWorld world;
        world.add_device();
        CHECK_FALSE(
            world.change({ChangeWish::EnrolContact, "push", "ada-tablet", {}}, world.approve()));
        CHECK(world.channels.requests.empty());
    }
    SECTION("can become root") {
        World world;
        world.privileged = true;
        CHECK_FALSE(world.enrol_proven(world.approve()));
        CHECK(world.says("can become root"));
        CHECK(world.seen.empty());
        CHECK(world.channels.requests.empty());
    }
    SECTION("no proof") {
        World world;
        CHECK_FALSE(world.enrol_device("1", "00000000", world.approve()));
        CHECK(world.channels.requests.empty());
        CHECK(world.devices().empty());
    }
}

TEST_CASE("a device that is there is confirmed anew by its own approval, and goes on counting") {
    World world;
    world.enrol("push", kAdasDevice);
    world.days_pass(200);
    const TimePoint counts_from = world.devices().at(0).usable_from;
    REQUIRE(world.enrol_proven(world.approve()));
    CHECK_FALSE(world.end.is_new);
    CHECK(world.end.told == 0);
    REQUIRE(world.devices().size() == 1);
    CHECK(world.devices()[0].confirmed_at == world.clock.now());
    CHECK(world.devices()[0].usable_from == counts_from);
}

TEST_CASE("a device that nobody confirmed for two years is a new one") {
    World world;
    world.enrol("push", kAdasDevice);
    world.days_pass(365);
    REQUIRE(world.change({ChangeWish::Confirm, {}, {}, {}}));  // the addresses
    world.days_pass(365);
    CHECK_FALSE(world.recovers_on_device());
    world.clock.advance(minutes{10});
    REQUIRE(world.enrol_proven(world.approve()));
    CHECK(world.end.is_new);
    CHECK(world.end.counts_from == world.clock.now() + days{7});
    CHECK(world.devices().size() == 1);
}

TEST_CASE("a device goes as an address does, and who was told can end that") {
    World world;
    world.enrol("push", kAdasDevice);
    REQUIRE(world.change({ChangeWish::Remove, "push", {}, {}}, "1", world.sent_code()));
    CHECK(world.end.destination == "a...e");
    CHECK(world.devices().at(0).gone_from == FakeClock::kStart + days{7});
    CHECK(world.notice_to(kAdasAddress).find("removed the device a...e") != std::string::npos);
    SECTION("and is not kept by approving anew") {
        world.clock.advance(minutes{10});
        CHECK_FALSE(world.enrol_proven(world.approve()));
        CHECK(world.says("is being removed"));
        CHECK(world.channels.requests.empty());
    }
    SECTION("ended") {
        CHECK(world.deny_by_owner(world.veto_of(kAdasAddress)));
        CHECK(world.devices().at(0).gone_from == TimePoint{});
    }
}

TEST_CASE("who forgets everything forgets a device that waits") {
    World world;
    world.allow_messages();
    REQUIRE(world.enrol_proven(world.approve()));
    REQUIRE(world.change({ChangeWish::Forget, {}, {}, {}}, "1", world.sent_code()));
    CHECK(world.devices().at(0).gone_from == FakeClock::kStart + days{30});
    world.clock.advance(days{8});
    CHECK_FALSE(world.recovers_on_device());
}

}  // namespace latchkey
