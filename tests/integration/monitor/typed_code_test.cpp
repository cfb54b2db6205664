// SPDX-License-Identifier: MIT
//
// What a verifier hears of a code that was typed, and what it may make of it.
#include "monitor/typed_code.hpp"

#include "monitor/audit_log.hpp"
#include "monitor/keys.hpp"
#include "monitor/paths.hpp"
#include "monitor/saved_codes.hpp"
#include "monitor/temporary_passes.hpp"
#include "tests/integration/monitor/relayed_talk.hpp"

using namespace latchkey;

namespace {

std::string issue_pass(const char* reason, bool is_for_once = true) {
    const LoginSession ada = session_of_ada();
    TemporaryPasses passes{paths::kActs, ada.subject, 1001,
                           temporary_pass_key(ada.master_key, ada.subject)};
    REQUIRE(passes.revoke(0, FakeClock::kStart));
    auto issued = passes.issue(std::chrono::hours{1}, is_for_once, reason, FakeClock::kStart);
    REQUIRE(issued);
    return std::string{issued->shown.reveal()};
}
std::string issue_saved_code() {
    const LoginSession ada = session_of_ada();
    SavedCodes codes{paths::kActs, ada.subject, 1001, saved_code_key(ada.master_key, ada.subject)};
    auto issued = codes.issue(1);
    REQUIRE(issued);
    return std::string{issued->front().reveal()};
}

// Sets every entry of the log about passes beside each other.
std::string logged_passes() {
    const LoginSession ada = session_of_ada();
    const AuditLog audit{paths::kActs, audit_key(ada.master_key)};
    std::string text;
    REQUIRE(audit.read([&text](std::string_view line) {
        if (line.find("\tpass\t") != std::string_view::npos) text += line;
    }));
    return text;
}

}  // namespace

TEST_CASE("a right pass is told to be one, opens its own gate, and its use is in the audit log") {
    const std::string pass = issue_pass("asked for by \"B\", ticket 4711");
    Relay relay{session_of_ada};
    const auto kind = GENERATE(ScreenKind::SavedCode, ScreenKind::AddressOrSavedCode);
    const auto judged = relay.judge_typed(pass, kind);
    CHECK(judged.right);
    CHECK(judged.is_pass);
    relay.say(wire::Proof{"pass"});
    CHECK(relay.perform() == ActResult::NotEligible);  // this host has no ada
    CHECK(relay.ended().text.empty());
    const std::string log = logged_passes();
    CHECK(log.find("\tused\t") != std::string::npos);
    CHECK(log.find("once until=") != std::string::npos);
    CHECK(log.find("reason=\"asked for by 'B', ticket 4711\"") != std::string::npos);
    CHECK(log.find(pass) == std::string::npos);
}

TEST_CASE("a pass that was right is no proof by a saved code, nor a saved code one by a pass") {
    const std::string pass = issue_pass("x");
    Relay as_saved{session_of_ada};
    CHECK(as_saved.judge_typed(pass).is_pass);
    as_saved.say(wire::Proof{"saved"});
    bool is_alive = false;
    (void)as_saved.replies(is_alive);
    CHECK_FALSE(is_alive);

    Relay as_pass{session_of_ada};
    const auto judged = as_pass.judge_typed(issue_saved_code());
    CHECK(judged.right);
    CHECK_FALSE(judged.is_pass);
    as_pass.say(wire::Proof{"pass"});
    (void)as_pass.replies(is_alive);
    CHECK_FALSE(is_alive);
}

TEST_CASE("no pass and no other code opens an account that can become root without a saved code") {
    const std::string pass = issue_pass("x", false);
    Relay relay{session_of_ada_who_can_become_root};
    CHECK(relay.judge_typed(pass).is_pass);
    relay.say(wire::Proof{"pass"});
    relay.say(screen(ScreenKind::Code));
    relay.answer("12345678");
    relay.say(wire::Proof{kMail});
    CHECK_FALSE(relay.perform().has_value());

    Relay with_saved_code{session_of_ada_who_can_become_root};
    CHECK(with_saved_code.judge_typed(pass).is_pass);
    with_saved_code.say(wire::Proof{"pass"});
    CHECK_FALSE(with_saved_code.judge_typed(issue_saved_code()).is_pass);
    with_saved_code.say(wire::Proof{"saved"});
    CHECK(with_saved_code.perform() == ActResult::NotEligible);
}

TEST_CASE("nobody's and a locked account's answers are compared with no pass") {
    const std::string pass = issue_pass("x", false);
    Relay nobody{session_of_nobody};
    CHECK_FALSE(nobody.judge_typed(pass).right);
    Relay locked{[] {
        LoginSession session = session_of_ada();
        session.eligible = false;
        return session;
    }};
    CHECK_FALSE(locked.judge_typed(pass).right);
    Relay ada{session_of_ada};
    CHECK(ada.judge_typed(pass).right);
}
