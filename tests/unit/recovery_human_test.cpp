// SPDX-License-Identifier: MIT
//
// Whole recoveries with the human check in front: when it is asked, what a wrong
// answer comes to, and that it relaxes no limit.
#include "core/recovery_checking.hpp"
#include "core/screens.hpp"
#include "tests/support/evidence.hpp"
#include "tests/support/recovery_world.hpp"

using namespace latchkey;
using Kinds = std::vector<ScreenKind>;

namespace {

// What a person types who can read.
std::string read_off(const Screen& screen) {
    return screen.signs;
}
const ScriptedConversation::Line kReadOff = read_off;

bool is_checked(const RecoveryWorld& world) {
    return !world.seen.empty() && world.seen.front().kind == ScreenKind::HumanCheck;
}

struct CheckedWorld : RecoveryWorld {
    CheckedWorld() {
        settings.human_check.when = HumanCheckWhen::Always;
        enrol_everything();
    }
};

}  // namespace

TEST_CASE("who answers the human check recovers as ever", "[runner][human]") {
    CheckedWorld world;
    SECTION("at a console") {
        CHECK(world.connect(kReadOff, "1", world.sent_code()) == Outcome::Recovered);
    }
    SECTION("at a console, by words, after a mistake") {
        CHECK(world.connect("w", "no", kReadOff, "1", world.sent_code()) == Outcome::Recovered);
        CHECK(world.seen[1].in_words);
        CHECK(world.seen[2].in_words);
    }
    SECTION("over ssh") {
        world.over_ssh();
        CHECK(world.connect(kReadOff, kAdasAddress, world.sent_code(), "1", world.otp()) ==
              Outcome::Recovered);
    }
}

TEST_CASE("over ssh a wrong answer to the human check looks right, and nothing is sent",
          "[runner][human]") {
    CheckedWorld world;
    world.over_ssh();
    (void)world.connect(kReadOff, kAdasAddress, "00000000");
    const Kinds right = world.kinds();
    CHECK(world.messages(OutboxPurpose::Code).size() == 1);

    world.clock.advance(std::chrono::minutes{2});
    (void)world.connect("wrong", kAdasAddress, "00000000");
    CHECK(world.kinds() == right);
    CHECK(world.messages(OutboxPurpose::Code).size() == 1);

    // It was the answer, and no limit.
    (void)world.connect(kReadOff, kAdasAddress, "00000000");
    CHECK(world.messages(OutboxPurpose::Code).size() == 2);
}

TEST_CASE(
    "over ssh nothing proves anything after a wrong answer to the human check, and no saved "
    "code is used up",
    "[runner][human]") {
    CheckedWorld world;
    world.over_ssh();
    SECTION("a saved code") {
        (void)world.connect("wrong", kSavedCode, "00000000");
        CHECK(world.kinds() == Kinds{ScreenKind::HumanCheck, ScreenKind::AddressOrSavedCode,
                                     ScreenKind::RemoteCode, ScreenKind::RemoteCode});
        world.clock.advance(std::chrono::seconds{3});
    }
    SECTION("the code of an earlier connection") {
        (void)world.connect(kReadOff, kAdasAddress);
        (void)world.connect("wrong", kAdasAddress, world.sent_code());
    }
    CHECK(world.acts.proofs.empty());
    CHECK(world.decided_by == kHumanCheckRule);
    (void)world.connect(kReadOff, kSavedCode);
    CHECK(world.acts.proofs == std::vector<std::string>{"saved"});
}

TEST_CASE("at a console the third wrong answer to the human check ends it", "[runner][human]") {
    CheckedWorld world;
    CHECK(world.connect("no", "no", "no", "no") == Outcome::Refused);
    CHECK(world.kinds() == Kinds(3, ScreenKind::HumanCheck));
    CHECK(world.decided_by == kHumanCheckRule);
    CHECK(world.connect("no", "no", kReadOff, "1", world.sent_code()) == Outcome::Recovered);
    CHECK(world.decided_by.empty());
}

TEST_CASE("after so many starts of a source the human check is asked, for whichever name",
          "[runner][human]") {
    RecoveryWorld world;
    world.enrol_everything();
    world.over_ssh();
    world.settings.human_check.when = HumanCheckWhen::AfterFailures;
    const bool ends_well = GENERATE(false, true);
    for (int start = 1; start <= 3; ++start) {
        // What becomes of a start must not matter: it depends on the name.
        if (ends_well)
            (void)world.connect(kAdasAddress, world.sent_code());
        else
            (void)world.connect("somebody@else.example", "00000000");
        CHECK_FALSE(is_checked(world));
    }
    SECTION("the same name") {
        (void)world.connect("");
        CHECK(is_checked(world));
    }
    SECTION("an unknown name") {
        world.be_nobody();
        (void)world.connect("");
        CHECK(is_checked(world));
    }
    SECTION("an ineligible name") {
        world.request.deliverable = false;
        (void)world.connect("");
        CHECK(is_checked(world));
    }
    SECTION("another source is not asked") {
        world.over_ssh("192.0.2.8");
        (void)world.connect("");
        CHECK_FALSE(is_checked(world));
    }
    SECTION("an hour later nobody is") {
        world.clock.advance(std::chrono::hours{1});
        (void)world.connect("");
        CHECK_FALSE(is_checked(world));
    }
    SECTION("off is off") {
        world.settings.human_check.when = HumanCheckWhen::Off;
        (void)world.connect("");
        CHECK_FALSE(is_checked(world));
    }
}

TEST_CASE("starts that the limits of their source refuse count for the human check like any",
          "[runner][human]") {
    RecoveryWorld world;
    world.over_ssh();
    world.settings.human_check.when = HumanCheckWhen::AfterFailures;
    SECTION("starts of an hour") {
        world.settings.limits.starts_per_source_hour = 1;
    }
    SECTION("names of an hour") {
        world.settings.limits.names_per_source_hour = 1;
    }
    for (const char* subject : {"1001:ada", "1002:ben", "#0042"}) {
        world.request.subject = subject;
        (void)world.connect("");
        CHECK_FALSE(is_checked(world));
    }
    for (const char* subject : {"1001:ada", "1003:eve", "#0042", "#0043"}) {
        INFO(subject);
        world.request.subject = subject;
        (void)world.connect("");
        CHECK(is_checked(world));
    }
}

// The bucket of an unknown name keeps its newest attempts: a source could push its starts
// out of it, and see by the missing check that the name is nobody's.
TEST_CASE("whoever fills the bucket of an unknown name does not escape the human check",
          "[runner][human]") {
    RecoveryWorld world;
    world.enrol_everything();
    world.over_ssh();
    world.settings.human_check.when = HumanCheckWhen::AfterFailures;
    const SubjectKey subject = GENERATE("1001:ada", "#0042");
    world.request.subject = subject;
    for (int start = 0; start < 3; ++start) {
        (void)world.connect("");
        CHECK_FALSE(is_checked(world));
    }
    for (std::size_t i = 0; i <= kAttemptsPerBucket; ++i)
        REQUIRE(world.store.charge_attempt(
            {subject, world.request.source, AttemptKind::Code, "email", 0}, {}, world.clock.now()));
    (void)world.connect("");
    CHECK(is_checked(world));
}

TEST_CASE("starts without a human check use up no limit of their source", "[runner][human]") {
    RecoveryWorld world;
    world.enrol_everything();
    world.over_ssh();
    world.settings.human_check = {HumanCheckWhen::AfterFailures, 10};
    for (int start = 0; start < 10; ++start) (void)world.connect("");
    CHECK(world.decided_by.empty());
    (void)world.connect("");
    CHECK(world.decided_by == "limit=starts_per_source_hour");
    CHECK(world.attempts_of(world.request.subject, AttemptKind::Start) == 10);
}

TEST_CASE("unknown and ineligible names see the human check of everybody", "[runner][human]") {
    CheckedWorld world;
    world.over_ssh();
    const bool reads = GENERATE(false, true);
    const auto says = [reads](const Screen& screen) { return reads ? screen.signs : "wrong"; };
    const auto seen = [&world, &says] {
        world.vault.foretell(0);
        (void)world.connect("x", says, "ada@example.org", "00000000");
        std::string text;
        for (const Screen& screen : world.seen)
            text += *render(screen, world.settings, world.request.host_name) + '\n';
        return text;
    };
    const std::string known = seen();
    CHECK(known.find("first letter of each word") != std::string::npos);
    SECTION("an ineligible one") {
        world.request.deliverable = false;
    }
    SECTION("an unknown one") {
        world.be_nobody();
    }
    CHECK(seen() == known);
}

TEST_CASE("the limits are equal with the human check on and off", "[runner][human]") {
    const auto attempts_with = [](HumanCheckWhen when) {
        RecoveryWorld world;
        world.enrol_everything();
        world.settings.human_check.when = when;
        for (int i = 0; i < 12; ++i) {
            const auto line = [](const Screen& screen) -> std::string {
                return screen.kind == ScreenKind::Menu ? "1" : "00000000";
            };
            if (when == HumanCheckWhen::Off)
                (void)world.connect(line, line, line, line, line, line);
            else
                (void)world.connect(kReadOff, line, line, line, line, line, line);
        }
        std::vector<std::size_t> counts{world.messages(OutboxPurpose::Code).size()};
        for (const AttemptKind kind : {AttemptKind::Start, AttemptKind::Code, AttemptKind::Send})
            counts.push_back(world.attempts_of("1001:ada", kind));
        return counts;
    };
    const auto with_check = attempts_with(HumanCheckWhen::Always);
    const auto without = attempts_with(HumanCheckWhen::Off);
    CHECK(with_check == without);
    evidence("M5 the human check relaxes no limit",
             "12 recoveries of a program that reads the check, and without a check",
             std::to_string(with_check[0]) + " and " + std::to_string(without[0]) + " messages, " +
                 std::to_string(with_check[2]) + " and " + std::to_string(without[2]) +
                 " guesses counted");
}

TEST_CASE("neither the signs nor the answer of a human check are logged", "[runner][human]") {
    CheckedWorld world;
    world.over_ssh();
    (void)world.connect("NPRTW", "");
    REQUIRE(is_checked(world));
    CHECK(world.log.has("human check failed"));
    CHECK_FALSE(world.log.has("NPRTW"));
    CHECK_FALSE(world.log.has(world.seen.front().signs));
    CHECK(world.decided_by == kHumanCheckRule);
}
