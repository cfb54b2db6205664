// SPDX-License-Identifier: MIT
#include "core/announcement_texts.hpp"

#include "core/announcement_rows.hpp"
#include "tests/support/catch.hpp"

using namespace latchkey;

namespace {

MessageFacts at_console() {
    MessageFacts facts;
    facts.account_name = "ada";
    facts.host_name = "tower";
    facts.service = "login";
    facts.source = "console:tty1";
    facts.at = TimePoint{std::chrono::seconds{1'795'491'660}};
    return facts;
}

std::string told(const MessageFacts& facts, const std::set<std::string>& proofs = {"app"}) {
    return act_announcement(Act::ChangePassword, facts, proofs);
}

}  // namespace

TEST_CASE("an act is announced with time, place, proofs and whom to ask") {
    CHECK(told(at_console(), {"email:example.org", "email:example.net", "saved"}) ==
          "2026-11-24 03:41 UTC: a new password was set by recovery at the console tty1 (proven "
          "by e-mail, recovery code). Not you? Ask the administrator of tower.");
    MessageFacts remote = at_console();
    remote.source = "192.0.2.7";
    remote.whom_to_ask = "Call 4711.";
    CHECK(act_announcement(Act::ClearLockout, remote, {"phone:0123abcd", "app"}) ==
          "2026-11-24 03:41 UTC: a lockout was cleared by recovery from 192.0.2.7 (proven by app, "
          "telephone). Not you? Call 4711.");
    remote.source = "unknown";
    CHECK(told(remote).find("by recovery from an unknown place (") != std::string::npos);
}

TEST_CASE("whatever the login program reported and root configured, an act can be announced") {
    const std::set<std::string> every_proof{"email:x", "phone:x", "app", "saved", "other:x"};
    MessageFacts facts = at_console();
    for (const std::string& source : {std::string{"console:\x1b[2J\n"}, std::string(300, '\\'),
                                      "console:" + std::string(300, 'x'),
                                      std::string{"2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff/64"}}) {
        for (const std::string& host :
             {std::string{"tower"}, std::string(64, 'h'), std::string{"\x1b]0;x"}, std::string{}}) {
            for (const std::string& whom : {std::string{}, std::string(200, 'w')}) {
                facts.source = source;
                facts.host_name = host;
                facts.whom_to_ask = whom;
                for (const auto& proofs : {std::set<std::string>{}, every_proof}) {
                    const std::string text = told(facts, proofs);
                    CAPTURE(text);
                    CHECK(can_be_announced(text));
                    CHECK(text.find("Not you? ") != std::string::npos);
                }
            }
        }
    }
}

TEST_CASE("what changed before an act is one line, cut where it is long, and names what it may") {
    const TimePoint at = at_console().at;
    CHECK(changes_announcement(at, {"authorized_keys", "crontab", "security info (email)"}) ==
          "2026-11-24 03:41 UTC: changed in the 24 hours before: authorized_keys, crontab, "
          "security info (email). If that was not you, it may let somebody in.");
    const std::string longest =
        changes_announcement(at, {"authorized_keys", "crontab", std::string(300, 'x')});
    CHECK(can_be_announced(longest));
    CHECK(longest.find("authorized_keys, crontab, xxx") != std::string::npos);
    CHECK(can_be_announced(changes_announcement(at, {"\x1b[2J"})));
}

TEST_CASE("a first way and a temporary pass are announced in words, in one line") {
    CHECK(can_be_announced(kFirstWayAnnouncement));
    CHECK(can_be_announced(kForgottenAnnouncement));
    CHECK(can_be_announced(kUntoldChangeAnnouncement));
    CHECK(can_be_announced(kUntoldDenialAnnouncement));
    CHECK(told(at_console(), {"pass"}).find("(proven by temporary pass)") != std::string::npos);
}

TEST_CASE("what an administrator took away can be told at logins, whatever the method is called") {
    const TimePoint at{std::chrono::seconds{1'800'000'000}};
    for (const std::string& method :
         {std::string{"email"}, std::string(300, 'x'), std::string{"a\nb\x1b[2J"}, std::string{}})
        CHECK(can_be_announced(removal_announcement(at, method)));
    CHECK(can_be_announced(purge_announcement(at)));
    CHECK(removal_announcement(at, "codes").starts_with("2027-01-15 08:00 UTC: the administrator"));
}

TEST_CASE("who cleared a lockout can be told at logins, whatever they are called") {
    const TimePoint at{std::chrono::seconds{1'800'000'000}};
    CHECK(unlock_announcement(at, "helen") ==
          "2027-01-15 08:00 UTC: a lockout by failed attempts was cleared by helen. Not as you "
          "know it? Ask the administrator.");
    for (const std::string& hostile : {std::string(300, '\\'), std::string(300, '\n')})
        CHECK(can_be_announced(unlock_announcement(at, hostile)));
}

TEST_CASE("an administrator's recovery can be told to the others, whatever was reported") {
    MessageFacts facts = at_console();
    CHECK(administrators_announcement(Act::ChangePassword, facts)
              .find("for ada, who can become root, at the console tty1.") != std::string::npos);
    for (const std::string& hostile : {std::string(300, '\\'), std::string(300, '\n')}) {
        facts.account_name = facts.source = hostile;
        CHECK(can_be_announced(administrators_announcement(Act::ClearLockout, facts)));
    }
}
