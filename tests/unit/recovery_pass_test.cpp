// SPDX-License-Identifier: MIT
//
// Temporary passes: typed where saved codes are, a gate of their own, and seen on no menu.
#include "core/gates.hpp"
#include "tests/support/recovery_world.hpp"

using namespace latchkey;

namespace {

// The number of the line for saved codes and passes on the menu that was seen last.
std::string saved_code_line(const Screen& menu) {
    for (std::size_t i = 0; i < menu.items.size(); ++i)
        if (menu.items[i].method == kSavedMethod) return std::to_string(i + 1);
    return {};
}
ScriptedConversation::Line choose_pass() {
    return [](const Screen& menu) { return saved_code_line(menu); };
}

// Guesses from one source are two seconds apart at least.
ScriptedConversation::Line typed_later(RecoveryWorld& world, const std::string& text) {
    return world.after(std::chrono::seconds{3}, text);
}

std::vector<std::string> offered(const Screen& menu) {
    std::vector<std::string> names;
    for (const MenuItem& item : menu.items) names.push_back(item.method);
    return names;
}

}  // namespace

TEST_CASE("at a console a pass alone is enough for who has nothing else", "[runner][pass]") {
    RecoveryWorld world;
    world.give_pass();

    CHECK(world.connect(choose_pass(), kPass) == Outcome::Recovered);

    CHECK(world.acts.proofs == std::vector<std::string>{"pass"});
    CHECK(world.acts.performed == std::vector{Act::ChangePassword});
}

TEST_CASE("a pass for once is refused the second time, and another one is good until it ends",
          "[runner][pass]") {
    RecoveryWorld world;
    world.give_pass();
    CHECK(world.connect(choose_pass(), kPass) == Outcome::Recovered);
    CHECK(world.connect(choose_pass(), typed_later(world, kPass)) == Outcome::Refused);
    CHECK(world.seen.back().remark == Remark::CodeWrong);
    CHECK(world.acts.compared == 2);

    RecoveryWorld often;
    often.give_pass(false);
    for (int i = 0; i < 3; ++i)
        CHECK(often.connect(choose_pass(), typed_later(often, kPass)) == Outcome::Recovered);
}

TEST_CASE("over ssh a pass is one of two gates, at the first question or behind another proof",
          "[runner][pass]") {
    RecoveryWorld first;
    first.over_ssh();
    first.enrol_app();
    first.give_pass();
    CHECK(first.connect(kPass, "1", first.otp()) == Outcome::Recovered);
    CHECK(first.acts.proofs == std::vector<std::string>{"pass", "app"});

    RecoveryWorld second;
    second.over_ssh();
    second.enrol_address(kAdasAddress);
    second.give_pass();
    CHECK(second.connect(kAdasAddress, second.sent_code(), choose_pass(), kPass) ==
          Outcome::Recovered);
    CHECK(second.acts.proofs == std::vector<std::string>{"email:example.org", "pass"});
}

TEST_CASE("two gates of an account with nothing but a pass: it is told that one is missing",
          "[runner][pass]") {
    RecoveryWorld world;
    world.over_ssh();
    world.give_pass();

    CHECK(world.connect(kPass, "") == Outcome::WhomToAsk);

    CHECK(world.seen.back().remark == Remark::TooFewWays);
    CHECK(world.acts.performed.empty());
}

TEST_CASE("a pass and a saved code are two gates, in one line of the menu", "[runner][pass]") {
    RecoveryWorld world;
    world.request.gates_needed = 2;
    world.give_saved_codes();
    world.give_pass();

    CHECK(world.connect("1", kPass, "1", typed_later(world, kSavedCode)) == Outcome::Recovered);

    CHECK(world.acts.proofs == std::vector<std::string>{"pass", "saved"});
    CHECK(offered(world.seen[2]) == std::vector<std::string>{"saved"});
}

TEST_CASE("who can become root gets nowhere with a pass in the saved code's place",
          "[runner][pass]") {
    RecoveryWorld alone;
    alone.request.privileged = true;
    alone.give_pass(false);
    CHECK(alone.connect(choose_pass(), kPass, "") == Outcome::WhomToAsk);
    CHECK(alone.seen.back().remark == Remark::TooFewWays);

    RecoveryWorld beside;
    beside.request.privileged = true;
    beside.enrol_address(kAdasAddress);
    beside.enrol_app();
    beside.give_pass(false);
    CHECK(beside.connect("1", beside.sent_code(), "") == Outcome::WhomToAsk);

    RecoveryWorld instead;
    instead.request.privileged = true;
    instead.enrol_everything();
    instead.give_pass(false);
    CHECK(instead.connect("1", instead.sent_code(), "1", kPass, "1", typed_later(instead, kPass)) ==
          Outcome::Refused);
    for (const RecoveryWorld* world : {&alone, &beside, &instead})
        CHECK(world->acts.performed.empty());

    // Beside a saved code it is the other proof.
    CHECK(instead.connect("3", typed_later(instead, kPass), "1",
                          typed_later(instead, kSavedCode)) == Outcome::Recovered);
}

TEST_CASE("no menu before the first proof tells whether a pass is alive", "[runner][pass]") {
    const bool is_registered = GENERATE(false, true);
    const bool has_saved_codes = GENERATE(false, true);
    const auto first_screen = [&](bool has_pass, bool remote) {
        RecoveryWorld world;
        if (remote) world.over_ssh();
        if (is_registered) world.enrol_address(kAdasAddress);
        if (is_registered && has_saved_codes) world.give_saved_codes();
        if (has_pass) world.give_pass();
        (void)world.connect("");
        return rendered(world);
    };
    for (const bool remote : {false, true})
        CHECK(first_screen(true, remote) == first_screen(false, remote));
}

TEST_CASE("behind the first proof the line is there for who has a code or a pass",
          "[runner][pass]") {
    const bool has_pass = GENERATE(false, true);
    RecoveryWorld world;
    world.request.gates_needed = 2;
    world.enrol_address(kAdasAddress);
    world.enrol_app();
    if (has_pass) world.give_pass();

    (void)world.connect("1", world.sent_code());

    CHECK(offered(world.seen.front()) == std::vector<std::string>{"email", "totp", "saved"});
    CHECK(offered(world.seen.back()) == (has_pass ? std::vector<std::string>{"totp", "saved"}
                                                  : std::vector<std::string>{"totp"}));
}

TEST_CASE("who was cut off behind a pass goes on with the resume code, and types no pass again",
          "[runner][pass]") {
    RecoveryWorld world;
    world.request.gates_needed = 2;
    world.enrol_address(kAdasAddress);
    world.give_pass();
    (void)world.connect(choose_pass(), kPass);
    world.request.has_pass = false;  // it is used up

    CHECK(world.reconnect(world.shown_resume_code(), "1", world.sent_code()) == Outcome::Recovered);

    const auto notices = world.messages(OutboxPurpose::Notice);
    REQUIRE(notices.size() == 1);
    CHECK(notices[0].text.reveal().find("temporary pass was used") != std::string_view::npos);
}

TEST_CASE("where no new password comes of it, a pass for once is spent like a saved code",
          "[runner][pass]") {
    const bool is_pass = GENERATE(false, true);
    RecoveryWorld world;
    if (is_pass)
        world.give_pass();
    else
        world.acts.saved_codes = {"ABCDEFGHJKLMNPQR"}, world.request.has_saved_codes = true;
    const std::string& typed = is_pass ? kPass : kSavedCode;
    world.acts.results = {ActResult::RefusedByPolicy};  // no password came
    CHECK(world.connect(choose_pass(), typed) == Outcome::Refused);

    CHECK(world.shown_resume_code().empty());
    CHECK(world.connect(choose_pass(), typed_later(world, typed)) == Outcome::Refused);
    CHECK(world.seen.back().remark == Remark::CodeWrong);
}

TEST_CASE("the notice of a recovery by pass says so, and holds no pass", "[runner][pass]") {
    RecoveryWorld world;
    world.enrol_address(kAdasAddress);
    world.give_pass();

    CHECK(world.connect(choose_pass(), kPass) == Outcome::Recovered);

    const auto notices = world.messages(OutboxPurpose::Notice);
    REQUIRE(notices.size() == 1);
    const std::string_view text = notices[0].text.reveal();
    CHECK(text.find("A temporary pass was used for it") != text.npos);
    CHECK(text.find("recovery code was used up") == text.npos);
    CHECK(text.find("PPPP") == text.npos);
}

TEST_CASE("a guess at a pass is charged before it is compared, as one at a saved code",
          "[runner][pass]") {
    RecoveryWorld world;
    world.give_pass();

    (void)world.connect(choose_pass(), "AAAA-AAAA-AAAA-AAAA");

    CHECK(world.acts.compared == 1);
    CHECK(world.attempts_of("1001:ada", AttemptKind::SavedCode) == 1);
}
