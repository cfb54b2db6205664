// SPDX-License-Identifier: MIT
//
// The store goes away at every single call of every kind of recovery, for good: no act is done
// behind it, and nobody is told to have recovered.
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "tests/support/recovery_world.hpp"

using namespace latchkey;
using std::chrono::seconds;

namespace {

constexpr std::size_t kMostCalls = 400;

struct Story {
    std::string name;
    std::function<Outcome(RecoveryWorld&)> told;
    Outcome outcome = Outcome::Recovered;  // while the store works
};

RecoveryWorld world_of_everything() {
    RecoveryWorld world;
    world.enrol_everything();
    world.add_device();
    world.request.gates_needed = 2;
    // The menu: 1 e-mail, 2 app, 3 saved codes; behind a proof by mail 1 is the device.
    world.settings.limits.saved_code_alarm = 1;
    return world;
}

ScriptedConversation::Line fail_to_ask(RecoveryWorld& world) {
    return [&world](const Screen&) {
        world.channels.failing_channels = {{"push", ErrorKind::Misconfigured}};
        return std::string{"1"};
    };
}

const std::vector<Story> kStories{
    {"a code and an app",
     [](RecoveryWorld& world) { return world.connect("1", world.sent_code(), "2", world.otp()); }},
    {"wrong saved codes, and a right one",
     [](RecoveryWorld& world) {
         return world.connect("3", kOtherSavedCode.substr(1), "nonsense",
                              world.after(seconds{5}, kSavedCode), "1", world.sent_code());
     }},
    {"wrong codes until none is left",
     [](RecoveryWorld& world) { return world.connect("1", "0", "0", "0", "0", "0", "0", "0"); },
     Outcome::Refused},
    {"a code that is sent again",
     [](RecoveryWorld& world) {
         return world.connect("1", world.after(seconds{90}, "r"), world.sent_code(), "2",
                              world.otp());
     }},
    {"a request that is approved",
     [](RecoveryWorld& world) {
         return world.connect("1", world.sent_code(), "1", "", world.approve());
     }},
    {"a request with another number",
     [](RecoveryWorld& world) {
         return world.connect("1", world.sent_code(), "1", world.approve_another());
     },
     Outcome::Refused},
    {"a request that is denied",
     [](RecoveryWorld& world) { return world.connect("1", world.sent_code(), "1", world.deny()); },
     Outcome::Refused},
    {"a request that nobody answered, and another way",
     [](RecoveryWorld& world) {
         return world.connect("1", world.sent_code(), "1", world.after(seconds{130}, ""), "m", "2",
                              world.otp());
     }},
    {"a denial that is found when the device is to be asked again",
     [](RecoveryWorld& world) {
         world.channels.device = {ApprovalAnswer::Kind::Denied, {}, {}};
         return world.connect("1", world.sent_code(), "1", world.after(seconds{130}, "m"), "1");
     },
     Outcome::Refused},
    {"guesses beyond the hour's",
     [](RecoveryWorld& world) {
         world.settings.limits.wrong_per_hour = 2;
         return world.connect("1", "0", "0", "0");
     },
     Outcome::Refused},
    {"a denial that is found when the person has gone on",
     [](RecoveryWorld& world) {
         world.channels.device = {ApprovalAnswer::Kind::Denied, {}, {}};
         return world.connect("1", world.sent_code(), "1", "m", "3", kSavedCode);
     },
     Outcome::Refused},
    {"a request that reached nobody, and another way",
     [](RecoveryWorld& world) {
         return world.connect("1", world.sent_code(), fail_to_ask(world), "m", "3", kSavedCode);
     }},
    {"a line that is cut, and the resume code",
     [](RecoveryWorld& world) {
         world.connect("1", world.sent_code());
         return world.reconnect(world.shown_resume_code(), "2", world.otp());
     }},
    {"a resume code that is none",
     [](RecoveryWorld& world) { return world.reconnect("BCDF-GHJK", "1"); },
     Outcome::ResumeUnknown},
    {"an address and a saved code over ssh",
     [](RecoveryWorld& world) {
         world.over_ssh();
         return world.connect(kAdasAddress, world.sent_code(), "3", kSavedCode);
     }},
    {"a saved code and an address over ssh",
     [](RecoveryWorld& world) {
         world.over_ssh();
         return world.connect(kSavedCode, "1", world.sent_code());
     }},
    {"a wrong address over ssh",
     [](RecoveryWorld& world) {
         world.over_ssh();
         return world.connect("eve@example.org", "00000000");
     },
     Outcome::Refused},
    {"a human check, read wrong and right",
     [](RecoveryWorld& world) {
         world.settings.human_check.when = HumanCheckWhen::Always;
         const auto reads = [](const Screen& screen) { return screen.signs; };
         return world.connect("wrong", reads, "1", world.sent_code(), "2", world.otp());
     }},
    {"a host at which much was guessed",
     [](RecoveryWorld& world) {
         world.settings.limits.host_alarm_per_day = 1;
         world.connect("1", "0", "0");
         world.clock.advance(seconds{90});
         return world.connect("1", world.sent_code(), "2", world.otp(), "1", kSavedCode);
     }},
    {"an unlock",
     [](RecoveryWorld& world) {
         world.request.reason = Reason::KnowsPassword;
         return world.connect("1", world.sent_code(), "2", world.otp());
     },
     Outcome::Unlocked},
    {"a name that is nobody's",
     [](RecoveryWorld& world) {
         world.be_nobody();
         return world.connect("1", "00000000");
     },
     Outcome::Refused},
};

bool ends_well(Outcome outcome) {
    return outcome == Outcome::Recovered || outcome == Outcome::Unlocked;
}

}  // namespace

TEST_CASE("whichever call of the store fails once, an act has all its proofs all the same",
          "[runner][failure]") {
    std::size_t failures = 0;
    for (const Story& story : kStories) {
        CAPTURE(story.name);
        bool has_failed = true;
        for (std::size_t working = 0; has_failed && working < kMostCalls; ++working) {
            CAPTURE(working);
            RecoveryWorld world = world_of_everything();
            std::size_t proofs = 2;
            world.acts.before_act = [&] {
                proofs = std::set(world.acts.proofs.begin(), world.acts.proofs.end()).size();
            };
            world.store.fail_once_after(working, ErrorKind::Unavailable);
            (void)story.told(world);
            has_failed = world.store.has_failed_once();
            failures += has_failed ? 1 : 0;
            CHECK(proofs >= 2);
            CHECK(world.acts.performed.size() <= 1);
            if (!ends_well(story.outcome)) CHECK(world.acts.performed.empty());
        }
        CHECK_FALSE(has_failed);
    }
    CHECK(failures > 15 * kStories.size());
}

TEST_CASE("whatever way is gone and whichever call of the store fails, no act follows it",
          "[runner][failure]") {
    std::size_t failures = 0;
    for (const Story& story : kStories) {
        CAPTURE(story.name);
        RecoveryWorld healthy = world_of_everything();
        CHECK(story.told(healthy) == story.outcome);
        bool has_failed = true;
        for (std::size_t working = 0; has_failed && working < kMostCalls; ++working) {
            CAPTURE(working);
            RecoveryWorld world = world_of_everything();
            bool acted_behind_it = false;
            world.acts.before_act = [&] { acted_behind_it |= world.store.fails(); };
            world.store.fail_after(working, ErrorKind::Unavailable);
            const Outcome outcome = story.told(world);
            has_failed = world.store.fails();
            if (!has_failed) break;
            ++failures;
            CHECK_FALSE(acted_behind_it);
            if (!ends_well(story.outcome)) CHECK(world.acts.performed.empty());
            if (world.acts.performed.empty()) CHECK_FALSE(ends_well(outcome));
        }
        CHECK_FALSE(has_failed);
    }
    CHECK(failures > 15 * kStories.size());
}
