// SPDX-License-Identifier: MIT
//
// A veto code that is typed at a login prompt: ends the change whose message had it, and tells
// nobody which names exist.
#include <string>
#include <vector>

#include "core/screens.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/change_world.hpp"

namespace latchkey {

using std::chrono::days;
using std::chrono::hours;

namespace {

const std::string kNoVeto = "BCDFG-HJKLX";

// ada has an address, and somebody has added another one.
struct Changed {
    ChangeWorld world;
    std::string code;

    Changed() {
        world.vault.is_scattered = true;
        world.enrol_address(kAdasAddress);
        REQUIRE(world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code()));
        code = world.veto_of(kAdasAddress);
        REQUIRE(code.size() == 11);
        world.acts.proofs.clear();
    }
    [[nodiscard]] std::size_t addresses() const {
        return const_cast<FakeStore&>(world.store).contacts("1001:ada").value().size();
    }
};

enum class Whom { Healthy, Nobody, Unregistered, Locked };

void become(ChangeWorld& world, Whom whom) {
    if (whom == Whom::Healthy || whom == Whom::Locked) world.enrol_everything();
    if (whom == Whom::Nobody) world.be_nobody();
    if (whom == Whom::Locked) world.request.deliverable = false;
}

}  // namespace

TEST_CASE("a veto is typed at the first question of a login, and works once") {
    Changed host;
    SECTION("at a console") {}
    SECTION("over ssh") {
        host.world.over_ssh();
    }
    SECTION("of an account that was locked meanwhile") {
        host.world.request.deliverable = false;
    }
    CHECK(host.world.reconnect(host.code, "") == Outcome::Back);
    CHECK(host.world.kinds() == std::vector{ScreenKind::VetoHeard});
    CHECK(host.world.seen.back().remark == Remark::ChangeUndone);
    CHECK(host.addresses() == 1);
    CHECK(host.world.acts.vetoes == std::vector{false});
    CHECK(host.world.acts.proofs.empty());
    CHECK(host.world.acts.performed.empty());
    CHECK(host.world.store.audit("1001:ada", 1).value().at(0).event == "vetoed");
    CHECK(host.world.reconnect(host.code, "") == Outcome::ResumeUnknown);
    CHECK(host.world.acts.vetoes.size() == 1);
}

TEST_CASE("a veto is typed at the menu of a console, and where ssh asks for an address") {
    Changed host;
    SECTION("at a console") {
        CHECK(host.world.connect(host.code, "") == Outcome::Back);
        CHECK(host.world.kinds() == std::vector{ScreenKind::Menu, ScreenKind::VetoHeard});
    }
    SECTION("over ssh") {
        host.world.over_ssh();
        CHECK(host.world.connect(host.code, "") == Outcome::Back);
        CHECK(host.world.kinds() ==
              std::vector{ScreenKind::AddressOrSavedCode, ScreenKind::VetoHeard});
    }
    SECTION("in small letters, and without the hyphen") {
        std::string typed;
        for (const char c : host.code)
            if (c != '-') typed += static_cast<char>(c - 'A' + 'a');
        CHECK(host.world.connect(typed, "") == Outcome::Back);
    }
    SECTION("behind a first proof") {
        host.world.request.gates_needed = 2;
        host.world.give_saved_codes();
        host.world.clock.advance(std::chrono::minutes{2});
        CHECK(host.world.connect("1", host.world.sent_code(), host.code, "") == Outcome::Back);
    }
    CHECK(host.addresses() == 1);
    CHECK(host.world.acts.performed.empty());
}

TEST_CASE("what is no veto is told at a console like every wrong answer, whoever is meant") {
    const Whom whom = GENERATE(Whom::Healthy, Whom::Nobody, Whom::Unregistered, Whom::Locked);
    ChangeWorld world;
    become(world, whom);
    CHECK(world.connect(kNoVeto, "") == Outcome::Back);
    REQUIRE(world.kinds() == std::vector{ScreenKind::Menu, ScreenKind::Menu});
    CHECK(world.seen[0].remark == Remark::None);
    CHECK(world.seen[1].remark == Remark::CodeWrong);
    CHECK(world.attempts_of(world.request.subject, AttemptKind::Resume) == 1);
    CHECK(world.reconnect(kNoVeto) == Outcome::ResumeUnknown);
    CHECK(world.attempts_of(world.request.subject, AttemptKind::Resume) == 2);
    CHECK(world.acts.vetoes.empty());
}

TEST_CASE("over ssh what is no veto looks like everything of its length, whoever is meant") {
    const auto screens = [](Whom whom, const std::string& typed) {
        ChangeWorld world;
        become(world, whom);
        world.over_ssh();
        CHECK(world.connect(typed, "00000000", "", typed, "00000000") == Outcome::Refused);
        return rendered(world);
    };
    const auto expected = screens(Whom::Healthy, "ada@example");
    const Whom whom = GENERATE(Whom::Healthy, Whom::Nobody, Whom::Unregistered, Whom::Locked);
    CHECK(screens(whom, kNoVeto) == expected);
    CHECK(screens(whom, "???????????") == expected);
}

TEST_CASE("over ssh a veto of somebody else looks like everything of its length") {
    Changed host;
    host.world.over_ssh();
    host.world.be_nobody();
    CHECK(host.world.connect(host.code, "00000000") == Outcome::Refused);
    CHECK(host.world.kinds() == std::vector{ScreenKind::AddressOrSavedCode, ScreenKind::RemoteCode,
                                            ScreenKind::RemoteCode});
    CHECK(host.addresses() == 2);
}

TEST_CASE("guesses at vetoes are counted with those at resume codes, by their source alone") {
    Changed host;
    for (int i = 0; i < 4; ++i) CHECK(host.world.reconnect(kNoVeto) == Outcome::ResumeUnknown);
    for (int i = 0; i < 3; ++i) CHECK(host.world.connect(kNoVeto, "") == Outcome::Back);
    for (int i = 0; i < 3; ++i) CHECK(host.world.reconnect("BCDF-GHJK") == Outcome::ResumeUnknown);
    CHECK(host.world.attempts_of("1001:ada", AttemptKind::Resume) == 10);
    CHECK(host.world.reconnect(host.code) == Outcome::ResumeUnknown);
    CHECK(host.world.decided_by == "limit=wrong_resumes_per_source_hour");
    CHECK(host.world.connect(host.code, "") == Outcome::Back);
    CHECK(host.addresses() == 2);
    SECTION("elsewhere the owner is heard") {
        host.world.request.source = "console:tty2";
        CHECK(host.world.reconnect(host.code, "") == Outcome::Back);
        CHECK(host.addresses() == 1);
    }
    SECTION("and here an hour later") {
        host.world.clock.advance(hours{1});
        CHECK(host.world.reconnect(host.code, "") == Outcome::Back);
        CHECK(host.addresses() == 1);
    }
}

TEST_CASE("behind a wrong answer to the human check over ssh no veto is heard") {
    Changed host;
    host.world.settings.human_check.when = HumanCheckWhen::Always;
    host.world.over_ssh();
    CHECK(host.world.connect("wrong", host.code, "00000000") == Outcome::Refused);
    CHECK(host.addresses() == 2);
    CHECK(host.world.connect([](const Screen& screen) { return screen.signs; }, host.code, "") ==
          Outcome::Back);
    CHECK(host.addresses() == 1);
}

TEST_CASE("a veto of saved codes that wait tells the root side to drop them") {
    ChangeWorld world;
    world.vault.is_scattered = true;
    world.enrol_address(kAdasAddress);
    REQUIRE(world.change({ChangeWish::NewSavedCodes, {}, {}, {}}, "1", world.sent_code()));
    CHECK(world.reconnect(world.veto_of(kAdasAddress), "") == Outcome::Back);
    CHECK(world.acts.vetoes == std::vector{true});
}

TEST_CASE("where the menu is one of a change a veto is no choice of it") {
    Changed host;
    host.world.clock.advance(std::chrono::minutes{2});
    CHECK_FALSE(host.world.remove_by_owner(kNewAddress, host.code, ""));
    CHECK(host.world.seen.back().remark == Remark::ChooseFromList);
    CHECK(host.addresses() == 2);
}

TEST_CASE("a veto that is not told to the root side ends the login as a refusal") {
    Changed host;
    host.world.acts.failure = ErrorKind::Unavailable;
    CHECK(host.world.reconnect(host.code, "") == Outcome::Refused);
}

TEST_CASE("messages say how a change is ended without signing in") {
    Changed host;
    const std::string text = host.world.notice_to(kAdasAddress);
    CHECK(text.find("press Enter at \"Password:\" of a login prompt of\nhost.example.org, and type "
                    "the code at the first question.") != text.npos);
}

}  // namespace latchkey
