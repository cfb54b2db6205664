// SPDX-License-Identifier: MIT
//
// How long a pass lives, how often it works, and what ends it.
#include "monitor/temporary_passes.hpp"

#include <filesystem>
#include <set>
#include <string>

#include "core/alphabets.hpp"
#include "tests/integration/monitor/passes_host.hpp"

using namespace latchkey;
using namespace std::chrono_literals;

TEST_CASE("a pass has the form of a saved code, and none is like another") {
    const PassesHost host;
    std::set<std::string> seen;
    for (int i = 0; i < 20; ++i) {
        const std::string text = host.issue();
        REQUIRE(text.size() == 19);
        for (std::size_t at = 0; at < text.size(); ++at) {
            const bool is_hyphen = at % 5 == 4;
            CHECK(
                (is_hyphen ? text[at] == '-' : kSavedAlphabet.find(text[at]) != std::string::npos));
        }
        CHECK(seen.insert(text).second);
        CHECK(host.revoked(0) == 1);
    }
}

TEST_CASE("a pass for once works once, in any case and spacing") {
    const PassesHost host;
    std::string typed = host.issue();
    for (char& c : typed) c = c == '-' ? ' ' : static_cast<char>(std::tolower(c));
    CHECK(host.accepts(typed));
    CHECK_FALSE(host.accepts(typed));
    CHECK(host.alive() == 0);
}

TEST_CASE("a pass for many uses works until its end, and not to the second of it") {
    const PassesHost host;
    const std::string pass = host.issue(1h, false);
    for (const auto later : {0s, 1s, 1800s, 3599s}) CHECK(host.accepts(pass, kNow + later));
    CHECK_FALSE(host.accepts(pass, kNow + 1h));
    CHECK_FALSE(host.accepts(pass, kNow + 2h));
}

TEST_CASE("what is right is named, with root's reason") {
    const PassesHost host;
    const std::string first = host.issue(1h, false);
    const std::string second = host.issue(24h);
    const auto used = host.passes().use(Secret{second}, kNow + 5s).value();
    REQUIRE(used.has_value());
    CHECK(used->id == 2);
    CHECK(used->issued_at == kNow);
    CHECK(used->ends_at == kNow + 24h);
    CHECK(used->is_for_once);
    CHECK(used->reason == "ticket 4711");
    CHECK(host.passes().use(Secret{first}, kNow + 5s).value()->id == 1);
}

TEST_CASE("a life of 10 minutes to 30 days is taken, and no other") {
    const PassesHost host;
    for (const std::chrono::seconds life :
         {0s, -1s, 599s, std::chrono::seconds{30 * 86400 + 1}, std::chrono::seconds::max()}) {
        const auto refused = host.passes().issue(life, true, "x", kNow);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == ErrorKind::Rejected);
    }
    CHECK(host.passes().issue(10min, true, "x", kNow));
    CHECK(host.passes().issue(std::chrono::days{30}, true, "x", kNow));
}

TEST_CASE("a reason is printable and bounded, and comes back as it was given") {
    const PassesHost host;
    for (const std::string& reason :
         {std::string{}, std::string(121, 'r'), std::string{"tab\t"}, std::string{"line\n"},
          std::string{"nul\0", 4}, std::string{"\xff"}, std::string{"caf\xc3\xa9"}}) {
        const auto refused = host.passes().issue(1h, true, reason, kNow);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == ErrorKind::Rejected);
    }
    CHECK_FALSE(std::filesystem::exists(host.file()));
    const std::string odd = R"(100% "sure" \t; see http://x/?a=b'c)";
    REQUIRE(host.passes().issue(1h, true, odd, kNow));
    REQUIRE(host.passes().issue(1h, true, std::string(120, '%'), kNow));
    const auto listed = host.passes().alive(kNow).value();
    REQUIRE(listed.size() == 2);
    CHECK(listed[0].reason == odd);
    CHECK(listed[1].reason == std::string(120, '%'));
}

TEST_CASE("three passes are alive at most, and one that has ended makes room") {
    const PassesHost host;
    (void)host.issue(10min);
    const std::string used = host.issue(1h);
    (void)host.issue(1h);
    const auto refused = host.passes().issue(1h, true, "x", kNow);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::Rejected);
    CHECK(refused.error().detail.find("revoke one first") != std::string::npos);
    CHECK(host.alive() == 3);
    CHECK(host.passes().issue(1h, true, "x", kNow + 10min));
    CHECK_FALSE(host.passes().issue(1h, true, "x", kNow + 10min));
    CHECK(host.accepts(used, kNow + 10min));
    CHECK(host.passes().issue(1h, true, "x", kNow + 10min).value().pass.id == 5);
}

TEST_CASE("a revoked pass is wrong from then on, one alone or all of the account") {
    const PassesHost host;
    const std::string first = host.issue(1h, false);
    const std::string second = host.issue(1h, false);
    const std::string third = host.issue(1h, false);
    const auto named = host.passes().revoke(2, kNow).value();
    REQUIRE(named.size() == 1);
    CHECK(named[0].id == 2);
    CHECK(named[0].reason == "ticket 4711");
    CHECK(host.revoked(2) == 0);
    CHECK(host.revoked(4) == 0);
    CHECK(host.accepts(first));
    CHECK_FALSE(host.accepts(second));
    CHECK(host.revoked(0) == 2);
    CHECK_FALSE(host.accepts(first));
    CHECK_FALSE(host.accepts(third));
    CHECK(host.revoked(0) == 0);
}

TEST_CASE("under a clock that was set back before its issue a pass is wrong, and is good again") {
    const PassesHost host;
    const std::string pass = host.issue(1h, false);
    CHECK_FALSE(host.accepts(pass, kNow - 1s));
    CHECK_FALSE(host.accepts(pass, TimePoint{}));
    CHECK(host.accepts(pass));
}

TEST_CASE("a pass whose end was seen does not come back with a clock that is set back") {
    const PassesHost looked;
    const std::string listed = looked.issue(1h, false);
    CHECK(looked.alive(kNow + 1h) == 0);
    CHECK_FALSE(looked.accepts(listed, kNow + 1min));

    const PassesHost guessed;
    const std::string typed = guessed.issue(1h, false);
    CHECK_FALSE(guessed.accepts("ABCD-EFGH-JKLM-NPQR", kNow + 2h));
    CHECK_FALSE(guessed.accepts(typed, kNow + 1min));

    // Whose end nobody has seen lives longer by what the clock was set back.
    const PassesHost unseen;
    const std::string kept = unseen.issue(1h, false);
    CHECK(unseen.accepts(kept, kNow + 59min));
    CHECK(unseen.accepts(kept, kNow + 1min));
}
