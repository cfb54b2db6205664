// SPDX-License-Identifier: MIT
//
// Same for everyone until the first proof: screens, calls of the store, work.
#include "core/screens.hpp"
#include "tests/support/recovery_world.hpp"

using namespace latchkey;

namespace {

enum class Whom { Healthy, Nobody, Unregistered, Locked, FromABusySource };

// Ada as she is, and everybody who must not be told from her.
void become(RecoveryWorld& world, Whom whom) {
    if (whom != Whom::Nobody && whom != Whom::Unregistered) world.enrol_everything();
    switch (whom) {
        case Whom::Healthy:
            break;
        case Whom::Nobody:
            world.be_nobody();
            break;
        case Whom::Unregistered:
            break;
        case Whom::Locked:
            world.request.deliverable = false;
            break;
        case Whom::FromABusySource:
            for (int i = 0; i < 10; ++i) (void)world.connect("");
            break;
    }
}

// Every path a stranger can take over ssh; the texts are of the right lengths only.
template <class... Lines>
std::vector<std::string> remote_screens(Whom whom, Lines... lines) {
    RecoveryWorld world;
    world.over_ssh();
    become(world, whom);
    CHECK(world.connect(lines...) == Outcome::Refused);
    return rendered(world);
}

}  // namespace

TEST_CASE("over ssh everybody sees the same screens up to the first proof", "[runner][decoy]") {
    const Whom whom =
        GENERATE(Whom::Nobody, Whom::Unregistered, Whom::Locked, Whom::FromABusySource);
    const std::string junk(kAdasAddress.size(), '?');

    CHECK(remote_screens(whom, junk, "00000000", "r", "00000000", "", "x") ==
          remote_screens(Whom::Healthy, kAdasAddress, "99999999", "m", "99999999", "", "y"));
    CHECK(remote_screens(whom, "?", "1", "1", "1", "1", "00000000") ==
          remote_screens(Whom::Healthy, "1", "r", "r", "r", "m", "99999999"));
    CHECK(remote_screens(whom, junk, "00000000", "00000000", "00000000", "00000000", "00000000",
                         junk, "00000000") ==
          remote_screens(Whom::Healthy, kAdasAddress, "99999999", "99999999", "99999999",
                         "99999999", "99999999", kAdasAddress, "99999999"));
    CHECK(remote_screens(whom, std::string(19, '?'), "00000000") ==
          remote_screens(Whom::Healthy, "AAAA-AAAA-AAAA-AAAA", "99999999"));
}

TEST_CASE("a decoy is never sent anything, and no act follows", "[runner][decoy]") {
    const Whom whom =
        GENERATE(Whom::Nobody, Whom::Unregistered, Whom::Locked, Whom::FromABusySource);
    const bool remote = GENERATE(false, true);
    RecoveryWorld world;
    if (remote) world.over_ssh();
    become(world, whom);
    const std::string choice = remote ? kAdasAddress : "1";

    CHECK(world.connect(choice, "00000000", "r", "00000000") == Outcome::Refused);

    for (const OutboxRow& row : world.store.outbox()) CHECK(row.sealed.empty());
    CHECK(world.acts.proofs.empty());
    CHECK(world.acts.performed.empty());
}

TEST_CASE("a decoy at a console has a menu of its own that lasts", "[runner][decoy]") {
    RecoveryWorld world;
    world.be_nobody();

    (void)world.connect("");
    const auto first = rendered(world);
    (void)world.connect("");

    CHECK(rendered(world) == first);
    CHECK(!world.seen[0].items.empty());
}

TEST_CASE("at a console a decoy's code is used up like any other", "[runner][decoy]") {
    const Whom whom = GENERATE(Whom::Healthy, Whom::Nobody, Whom::Unregistered, Whom::Locked);
    RecoveryWorld world;
    become(world, whom);

    (void)world.connect("1", "1", "2", "r", "3", "4", "5");

    std::vector<std::pair<ScreenKind, Remark>> shown;
    for (const Screen& screen : world.seen) shown.emplace_back(screen.kind, screen.remark);
    const std::vector<std::pair<ScreenKind, Remark>> expected{
        {ScreenKind::Menu, Remark::None},      {ScreenKind::Code, Remark::None},
        {ScreenKind::Code, Remark::CodeWrong}, {ScreenKind::Code, Remark::CodeWrong},
        {ScreenKind::Code, Remark::SentAgain}, {ScreenKind::Code, Remark::CodeWrong},
        {ScreenKind::Code, Remark::CodeWrong}, {ScreenKind::Menu, Remark::CodeUsedUp}};
    CHECK(shown == expected);
}

TEST_CASE("at a console a code that may not be sent again dies for everybody when it would have",
          "[runner][decoy]") {
    using std::chrono::seconds;
    const Whom whom = GENERATE(Whom::Healthy, Whom::Nobody, Whom::Unregistered, Whom::Locked);
    RecoveryWorld world;
    become(world, whom);

    // Sent at 0:00, 1:00 and 2:00; the fourth within ten minutes, at 9:00, is not. What
    // left at 2:00 is good until 12:00.
    (void)world.connect("1", world.after(seconds{60}, "r"), world.after(seconds{60}, "r"),
                        world.after(seconds{7 * 60}, "r"), world.after(seconds{150}, "00000000"),
                        world.after(seconds{60}, "00000000"));

    CHECK(world.messages(OutboxPurpose::Code).size() == (whom == Whom::Healthy ? 3 : 0));
    std::vector<Remark> remarks;
    for (const Screen& screen : world.seen) remarks.push_back(screen.remark);
    CHECK(remarks == std::vector{Remark::None, Remark::None, Remark::SentAgain, Remark::SentAgain,
                                 Remark::SentAgain, Remark::CodeWrong, Remark::CodeExpired});
}

TEST_CASE("a locked account keeps its own menu", "[runner][decoy]") {
    RecoveryWorld world;
    world.enrol_everything();
    (void)world.connect("");
    const auto healthy = rendered(world);

    world.request.deliverable = false;
    (void)world.connect("");

    CHECK(rendered(world) == healthy);
}

TEST_CASE("an app that is not there is asked about all the same", "[runner][decoy]") {
    RecoveryWorld world;
    std::uint32_t choice = 0;
    // Not every name's decoy has an app: take the first one that has.
    for (char name = 'a'; choice == 0 && name <= 'z'; ++name) {
        world.request.subkey = Secret{std::string(Vault::kKeyBytes, name)};
        (void)world.connect("");
        for (std::uint32_t i = 0; i < world.seen[0].items.size(); ++i)
            if (world.seen[0].items[i].method == "totp") choice = i + 1;
        world.clock.advance(std::chrono::hours{1});
    }
    REQUIRE(choice != 0);

    CHECK(world.connect(std::to_string(choice), world.otp()) == Outcome::Refused);

    CHECK(world.channels.asked.size() == 1);
    CHECK(world.seen.back().remark == Remark::CodeWrong);
    CHECK(world.attempts_of("1001:ada", AttemptKind::Otp) == 0);
}

TEST_CASE("a right saved code that is no account's opens nothing", "[runner][decoy]") {
    RecoveryWorld world;
    world.over_ssh();
    world.be_nobody();

    CHECK(world.connect(kSavedCode, "00000000") == Outcome::Refused);
    CHECK(world.acts.compared == 1);
    CHECK(world.acts.proofs.empty());
}
