// SPDX-License-Identifier: MIT
//
// The command of an ordinary user: their own account alone, over a scripted talk.
#include <deque>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "cli/user_verbs.hpp"
#include "core/iso_time.hpp"
#include "tests/support/catch.hpp"

namespace latchkey::cli {

namespace {

using Words = std::vector<std::string>;

struct Ran {
    ExitStatus status = ExitStatus::Ok;
    std::string out;
    std::string err;
    std::vector<wire::UserRequest> asked;
    std::vector<wire::AdminRequest> for_others;
};

// Answers every request with these rows, in this order.
Ran run(const Words& words, const std::vector<std::string>& rows = {},
        ExitStatus status = ExitStatus::Ok, const std::string& error = {},
        const std::string& typed = {}) {
    Ran ran;
    const UserTalk talk = [&](const wire::UserRequest& request, const Dialogue& dialogue) {
        wire::UserRequest copy;
        copy.verb = request.verb;
        copy.wish = request.wish;
        copy.method = request.method;
        copy.address = request.address;
        copy.veto_code = request.veto_code.duplicate();
        copy.since = request.since;
        ran.asked.push_back(std::move(copy));
        MonitorAnswer answer;
        for (const std::string& row : rows) {
            dialogue.show(Secret{row});
            answer.rows.emplace_back(row);
        }
        answer.status = status;
        answer.error = error;
        return answer;
    };
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    const Terminal terminal{in, out, err};
    const auto ask = [&](const std::string&, bool) {
        return typed.empty() ? std::nullopt : std::optional{Secret{typed}};
    };
    const HelpTalk help = [&](const wire::AdminRequest& request, const Dialogue&) {
        ran.for_others.push_back(request);
        MonitorAnswer answer;
        for (const std::string& row : rows) answer.rows.emplace_back(row);
        answer.status = status;
        answer.error = error;
        return answer;
    };
    ran.status = run_user_command(words, {talk, ask, terminal, TimePoint{}, "ada", help});
    ran.out = out.str();
    ran.err = err.str();
    return ran;
}

std::string changed(const std::string& destination, int told) {
    return R"({"user":"ada","wish":"enrolled","destination":")" + destination +
           R"(","counts_from":"2026-12-04T00:23:00Z","first":false,"told":)" +
           std::to_string(told) + "}";
}

}  // namespace

TEST_CASE("an ordinary user's command is about their own account, and takes no name") {
    const Ran ran = run({"enroll", "email", "ada@example.org"}, {changed("a...a at e....org", 2)});
    REQUIRE(ran.asked.size() == 1);
    CHECK(ran.asked[0].verb == wire::UserVerb::Change);
    CHECK(ran.asked[0].wish == ChangeWish::EnrolContact);
    CHECK(ran.asked[0].method == "email");
    CHECK(ran.asked[0].address == "ada@example.org");
    CHECK(ran.out.find("from 2026-12-04 00:23 UTC on") != ran.out.npos);
    CHECK(ran.out.find("All your addresses are told") != ran.out.npos);
}

TEST_CASE("dates are ISO 8601 for programs, and a sentence's for people") {
    const Ran ran = run({"enroll", "email", "ada@example.org", "--json"}, {changed("a...a", 2)});
    const auto row = nlohmann::json::parse(ran.out);
    CHECK(row.at("counts_from") == "2026-12-04T00:23:00Z");
    CHECK(row.at("told") == 2);
    CHECK(utc_text_of("2026-12-04T00:23:59Z") == "2026-12-04 00:23 UTC");
    for (const char* other : {"", "2026-12-04 00:23 UTC", "2026-12-04T00:23:59+01:00",
                              "2026-12-04T00:23:5xZ", "2026-12-04T00:23:59ZZ"})
        CHECK(utc_text_of(other) == other);

    const Ran denied = run({"deny"}, {R"({"user":"ada","wish":"denied","destination":"",)"
                                      R"("device":false,"counts_from":null,"told":0,)"
                                      R"("first":false})"});
    CHECK(denied.status == ExitStatus::Ok);
    CHECK(denied.out.starts_with("Recoveries that were open have ended"));
}

TEST_CASE("nobody is said to be able to end a denial, nor that what is gone still counts") {
    const auto row = [](const char* wish, const char* more) {
        return std::string{R"({"user":"ada","wish":")"} + wish +
               R"(","destination":"a...a","counts_from":"2026-12-04T00:23:00Z","first":false,)" +
               R"("told":2)" + more + "}";
    };
    const Ran denied = run({"deny"}, {row("denied", "")});
    CHECK(denied.out.ends_with("All your addresses are told.\n"));
    const Ran gone = run({"remove", "email"}, {row("removed", R"(,"gone":true)")});
    CHECK(gone.out.starts_with("It is gone: email, a...a.\n"));
    const Ran going = run({"remove", "email"}, {row("removed", R"(,"gone":false)")});
    CHECK(going.out.starts_with("You can get back in by email, a...a until 2026-12-04 00:23 UTC"));
}

TEST_CASE("a device is said to be one more proof, and no way of its own") {
    const Ran ran = run({"enroll", "push", "ada-phone"},
                        {R"({"user":"ada","wish":"enrolled","destination":"a...e","device":true,)"
                         R"("counts_from":"2026-12-04T00:23:00Z","first":false,"told":1})"});
    REQUIRE(ran.asked.size() == 1);
    CHECK(ran.asked[0].wish == ChangeWish::EnrolContact);
    CHECK(ran.asked[0].method == "push");
    CHECK(ran.out ==
          "push, a...e can be asked from 2026-12-04 00:23 UTC on, as one more proof behind another "
          "one.\nAll your addresses are told (one); whoever did not want this can end it.\n");
}

TEST_CASE("a number is shown as it will be kept, before its code is asked for") {
    const Words words{"enroll", "sms", "0170 1234567"};
    const std::vector<std::string> rows{R"({"number":"+491701234567"})", changed("...67", 1)};
    CHECK(run(words, rows)
              .out.starts_with("The number is +491701234567; if it is not yours, press Enter at "
                               "the question for its "
                               "code.\nYou can get back in by sms, ...67 from "));
    const Ran json = run({"enroll", "sms", "0170 1234567", "--json"}, rows);
    CHECK(json.out.find("+49") == json.out.npos);
    CHECK(run(words, {R"({"number":7})", changed("...67", 1)}).status == ExitStatus::Ok);
}

TEST_CASE("without a verb an ordinary user sees how their account stands") {
    const std::string row =
        R"({"user":"ada","uid":1001,"eligible":true,"why_not":"","privileged":false,)"
        R"("saved_codes_left":3,"locked":"no","ways":1,"short_of_ways":true,"methods":[]})";
    for (const Words& words : {Words{}, Words{"status"}, Words{"methods"}}) {
        const Ran ran = run(words, {row});
        REQUIRE(ran.asked.size() == 1);
        CHECK(ran.asked[0].verb == wire::UserVerb::Status);
        CHECK(ran.out.find("3 left") != ran.out.npos);
    }
}

TEST_CASE("addresses are confirmed, and reminders put off, without a word more") {
    const Ran confirmed = run({"confirm"}, {R"({"user":"ada","wish":"confirmed","destination":)"
                                            R"("a...a at e....org","counts_from":)"
                                            R"("2028-12-04T00:23:00Z","first":false,"told":0})"});
    REQUIRE(confirmed.asked.size() == 1);
    CHECK(confirmed.asked[0].wish == ChangeWish::Confirm);
    CHECK(confirmed.out ==
          "Confirmed: a...a at e....org, which count until 2028-12-04 00:23 UTC unless you "
          "confirm them again.\n");
    const Ran later = run({"later"});
    REQUIRE(later.asked.size() == 1);
    CHECK(later.asked[0].verb == wire::UserVerb::Later);
    CHECK(later.out == "Your sign-ins remind you of nothing for a week.\n");
    const Ran refused = run({"later"}, {}, ExitStatus::Negative, "everybody needs a way back");
    CHECK(refused.status == ExitStatus::Negative);
    CHECK(refused.err == "latchkey: everybody needs a way back\n");
}

TEST_CASE("activity hands its date on, and shows what comes back") {
    const Ran ran =
        run({"activity", "--since", "2026-11-24"},
            {R"({"number":7,"at":"2026-11-24T03:45:11Z","event":"recovery","who":"ada",)"
             R"("service":"sshd","source":"192.0.2.1","gates":"2/2","proofs":"",)"
             R"("outcome":"reset","rule":""})"});
    CHECK(ran.status == ExitStatus::Ok);
    REQUIRE(ran.asked.size() == 1);
    CHECK(ran.asked[0].verb == wire::UserVerb::Activity);
    CHECK(ran.asked[0].since == 1'795'478'400);  // that day at 00:00 UTC
    CHECK(ran.out.find("2026-11-24T03:45:11Z") != ran.out.npos);
    CHECK(run({"activity"}).asked.at(0).since == 0);
}

TEST_CASE("root's verbs are told to be root's, and nothing is asked for them") {
    for (const char* verb :
         {"setup", "check", "channels", "test", "deliver", "audit", "purge", "policy"}) {
        const Ran ran = run({verb});
        CHECK(ran.status == ExitStatus::NotPermitted);
        CHECK(ran.err.find("sudo latchkey") != ran.err.npos);
        CHECK(ran.asked.empty());
    }
}

TEST_CASE("the help desk's verbs name an account, and are asked as root's are") {
    const std::string unlocked = R"({"user":"bob","result":"unlocked"})";
    const Ran unlock = run({"unlock", "bob"}, {unlocked});
    CHECK(unlock.status == ExitStatus::Ok);
    CHECK(unlock.asked.empty());
    REQUIRE(unlock.for_others.size() == 1);
    CHECK(unlock.for_others[0].verb == wire::AdminVerb::Unlock);
    CHECK(unlock.for_others[0].user == "bob");
    CHECK(unlock.out == "bob can sign in again.\n");

    CHECK(run({"reset", "bob"}).for_others.at(0).verb == wire::AdminVerb::Reset);
    CHECK(run({"pass", "list", "bob"}).for_others.at(0).verb == wire::AdminVerb::PassList);
    CHECK(run({"pass", "revoke", "bob"}).for_others.at(0).verb == wire::AdminVerb::PassRevoke);
    CHECK(run({"pass", "issue", "bob", "--reason", "x"}).for_others.at(0).reason == "x");
    CHECK(run({"status", "bob", "--json"}).for_others.at(0).user == "bob");
}

TEST_CASE("one's own status is no matter of the help desk, and nobody gets a list of all") {
    const Ran own = run({"status", "ada"});
    CHECK(own.for_others.empty());
    REQUIRE(own.asked.size() == 1);
    CHECK(own.asked[0].verb == wire::UserVerb::Status);
    for (const Words& words : {Words{"pass", "list"}, Words{"unlock"}, Words{"unlock", "a b"}}) {
        const Ran ran = run(words);
        CHECK(ran.status == ExitStatus::Usage);
        CHECK(ran.for_others.empty());
    }
}

TEST_CASE("the help is for everybody") {
    CHECK(run({"--help"}).status == ExitStatus::Ok);
    CHECK(run({"enroll", "--help"}).status == ExitStatus::Ok);
    CHECK(run({"--version"}).status == ExitStatus::Ok);
}

TEST_CASE("what makes no sense is refused with one sentence, before anybody is asked") {
    for (const Words& words :
         {Words{"enroll"}, Words{"enroll", "email"}, Words{"codes"}, Words{"remove"},
          Words{"activity", "--since", "yesterday"}, Words{"enroll", "totp", "x"},
          Words{"enroll", "totp", "--qr=png"}, Words{"enroll", "email", "a@b.cd", "--qr=ansi"},
          Words{"deny", "A", "B"}, Words{"confirm", "email"}, Words{"later", "7d"},
          Words{"enroll", "em\nail", "x"}}) {
        const Ran ran = run(words);
        CHECK(ran.status == ExitStatus::Usage);
        CHECK(ran.err.starts_with("latchkey: "));
        CHECK(ran.asked.empty());
    }
}

TEST_CASE("an address and a code may be read, so that they stand in no list of processes") {
    const Ran enrolled =
        run({"enroll", "sms", "-"}, {changed("that ends in 23", 0)}, ExitStatus::Ok, {}, "+4930");
    CHECK(enrolled.asked.at(0).address == "+4930");
    const Ran denied = run({"deny", "-"}, {changed("", 1)}, ExitStatus::Ok, {}, "BCDFG-HJKLM");
    CHECK(denied.asked.at(0).veto_code.reveal() == "BCDFG-HJKLM");
    CHECK(run({"enroll", "sms", "-"}).status == ExitStatus::Usage);
}

TEST_CASE("a new key is shown when it comes, and the codes of saved ones when all is done") {
    const Ran app =
        run({"enroll", "totp"},
            {R"({"key_base32":"MFRGGZDFMZTWQ2LK","uri":"otpauth://totp/h:ada?secret=X"})",
             changed("", 1)});
    CHECK(app.out.find("Key: MFRG GZDF MZTW Q2LK") != app.out.npos);
    const Ran codes =
        run({"codes", "--new", "--print"}, {R"({"user":"ada","codes":["ABCD-EFGH-JKLM-NPQR"],)"
                                            R"("counts_from":"2026-12-04T00:23:00Z"})"});
    CHECK(codes.out.find("  ABCD-EFGH-JKLM-NPQR\n") != codes.out.npos);
    CHECK(codes.out.find("until then earlier codes stay good") != codes.out.npos);
}

TEST_CASE("what the root side refuses is said as it says it, with its status") {
    const Ran ran = run({"remove", "email"}, {}, ExitStatus::Negative, "the account has none");
    CHECK(ran.status == ExitStatus::Negative);
    CHECK(ran.err == "latchkey: the account has none\n");
}

TEST_CASE("an answer that is none is no success") {
    CHECK(run({"remove", "email"}).status == ExitStatus::MonitorUnreachable);
    CHECK(run({"remove", "email"}, {"[]"}).status == ExitStatus::MonitorUnreachable);
    CHECK(run({"remove", "email"}, {"{}"}).status == ExitStatus::MonitorUnreachable);
    CHECK(run({"codes", "--new"}, {R"({"codes":3})"}).status == ExitStatus::MonitorUnreachable);
}

}  // namespace latchkey::cli
