// SPDX-License-Identifier: MIT
//
// Ordinary users import the app that they have, over a scripted talk.
#include <unistd.h>

#include <sstream>
#include <string>
#include <vector>

#include "cli/user_verbs.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

namespace latchkey::cli {

namespace {

using Words = std::vector<std::string>;

const std::string kKey = "12345678901234567890";
const std::string kBase32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const std::string kHex = "3132333435363738393031323334353637383930";
const std::string kGoogle = kBase32 + "\n\" RATE_LIMIT 3 30\n\" TOTP_AUTH\n12345678\n87654321\n";
const std::string kEnrolled = R"({"user":"ada","wish":"enrolled","destination":"","device":false,)"
                              R"("counts_from":"2026-12-04T00:23:00Z","told":1,"first":false})";

// ada, her home directory, and a root side that enrols what it is asked for.
struct Desk {
    TemporaryDirectory home;
    ExitStatus answered = ExitStatus::Ok;

    ExitStatus ended = ExitStatus::Ok;
    std::string out;
    std::string err;
    std::size_t asked = 0;
    wire::UserRequest request;  // the last one

    void run(const Words& words) {
        const UserTalk talk = [this](const wire::UserRequest& sent, const Dialogue&) {
            ++asked;
            auto copy = wire::decode<wire::UserRequest>(wire::encode(sent));
            REQUIRE(copy);
            request = std::move(*copy);
            MonitorAnswer answer;
            answer.status = answered;
            if (answered == ExitStatus::Ok)
                answer.rows.emplace_back(kEnrolled);
            else
                answer.error = "that was not your password; nothing was changed";
            return answer;
        };
        std::istringstream in;
        std::ostringstream shown;
        std::ostringstream said;
        const Terminal terminal{in, shown, said};
        const auto ask = [](const std::string&, bool) { return std::optional<Secret>{}; };
        const HelpTalk nobody;
        ended =
            run_user_command(words, {talk, ask, terminal, TimePoint{}, "ada", nobody, home.path()});
        out = shown.str();
        err = said.str();
    }
    // What was said about a file that holds this, of which nobody was asked anything.
    std::string refusal(const std::string& format, const std::string& text) {
        run({"import", format, home.write("file", text)});
        CHECK(ended == ExitStatus::Negative);
        CHECK(asked == 0);
        CHECK(out.empty());
        CHECK(err.find(kBase32) == std::string::npos);
        CHECK(err.find(kHex) == std::string::npos);
        return err;
    }
};

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("whoever runs it brings the app of the file in their home directory") {
    Desk desk;
    const std::string file = desk.home.write(".google_authenticator", kGoogle, 0400);
    desk.run({"import", "google-authenticator"});
    CHECK(desk.ended == ExitStatus::Ok);
    CHECK(desk.asked == 1);
    CHECK(desk.request.verb == wire::UserVerb::Change);
    CHECK(desk.request.wish == ChangeWish::EnrolAuthenticator);
    CHECK(desk.request.method == "totp");
    CHECK(desk.request.address.empty());
    CHECK(desk.request.key.reveal() == kKey);
    CHECK(desk.out ==
          "You can get back in by totp from 2026-12-04 00:23 UTC on.\n"
          "All your addresses are told (one); whoever did not want this can end it.\n"
          "Note: the scratch codes (2) were left out: latchkey makes its own, with latchkey codes "
          "--new.\n"
          "The key still lies in " +
              file +
              "; whoever reads it there has your app.\n"
              "Remove the file if nothing else needs it.\n");
    CHECK(desk.err.empty());
}

TEST_CASE("another file can be named, and programs get JSON alone") {
    Desk desk;
    desk.run({"import", "google-authenticator", desk.home.write("copy", kGoogle), "--json"});
    CHECK(desk.ended == ExitStatus::Ok);
    CHECK(desk.request.key.reveal() == kKey);
    CHECK(desk.out.starts_with("{"));
    CHECK_FALSE(holds(desk.out, "key"));
}

TEST_CASE("of a users.oath their own line is taken, and others' are not looked at") {
    Desk desk;
    const std::string file = desk.home.write(
        "users.oath", "# all\nHOTP/T60 ben - 00\nHOTP\nHOTP cyd 1234 zz\nHOTP/T30\tada\t-\t" +
                          kHex + "\t0\t254676\t2026-11-24T03:45:11L\n" + "HOTP/T30 adam - " + kHex +
                          "\n");
    desk.run({"import", "oath", file});
    INFO(desk.err);
    CHECK(desk.ended == ExitStatus::Ok);
    CHECK(desk.request.method == "totp");
    CHECK(desk.request.key.reveal() == kKey);
    CHECK(desk.err.empty());
}

TEST_CASE("a file that holds no app of theirs is refused with what to do instead") {
    Desk desk;
    const std::string line = "HOTP/T30 ada - " + kHex + "\n";
    CHECK(
        holds(desk.refusal("oath", "HOTP/T30 ben - " + kHex + "\n"), "no line of yours is in it"));
    CHECK(holds(desk.refusal("oath", ""), "no line of yours is in it"));
    CHECK(holds(desk.refusal("oath", line + "HOTP ada - " + kHex + "\n"),
                "2 lines of yours are in it, and an account has one app"));
    CHECK(holds(desk.refusal("oath", "HOTP ada - " + kHex + " 7\n"), "latchkey enroll hotp"));
    CHECK(holds(desk.refusal("oath", "HOTP/T30/8 ada - " + kHex + "\n"), "line 1: codes of this"));
    CHECK(holds(desk.refusal("oath", "HOTP/T30 ada 1234 " + kHex + "\n"), "the line has a PIN"));
    CHECK(holds(desk.refusal("oath", "HOTP/T30 ada - 00\n"), "the key has 8 bits, fewer than"));
    CHECK(holds(desk.refusal("oath", "HOTP/T30 ada - " + std::string(130, '0') + "\n"),
                "the key has 520 bits, more than"));
    const char* google = "google-authenticator";
    CHECK(holds(desk.refusal(google, kBase32 + "\n\" HOTP_COUNTER 5\n"), "latchkey enroll hotp"));
    CHECK(holds(desk.refusal(google, kBase32 + "\n\" TOTP_AUTH\n\" STEP_SIZE 60\n"),
                "set up a new app with latchkey enroll"));
    CHECK(holds(desk.refusal(google, "MFRGGZDFMZTWQ2LK\n\" TOTP_AUTH\n"),
                "the key has 80 bits, fewer than"));
    CHECK(holds(desk.refusal(google, ""), "no line of yours is in it"));
}

TEST_CASE("a file that is not there, or a link, asks nothing of anybody") {
    Desk desk;
    desk.run({"import", "google-authenticator"});
    CHECK(desk.ended == ExitStatus::Usage);
    CHECK(
        holds(desk.err, "/.google_authenticator: No such file or directory; name a file to read"));
    REQUIRE(::symlink(desk.home.write("real", kGoogle).c_str(),
                      desk.home.file(".google_authenticator").c_str()) == 0);
    desk.run({"import", "google-authenticator"});
    CHECK(desk.ended == ExitStatus::Usage);
    CHECK(holds(desk.err, "a link, which is not followed; name the file itself"));
    desk.run({"import", "google-authenticator", desk.home.write("long", std::string(65537, 'A'))});
    CHECK(desk.ended == ExitStatus::Usage);
    CHECK(desk.asked == 0);
}

TEST_CASE("what is root's of an import is said to be, and what makes no sense is refused") {
    Desk desk;
    for (const Words& words : {Words{"import", "csv", "people.csv"},
                               Words{"import", "google-authenticator", "file", "--user", "ada"},
                               Words{"import", "google-authenticator", "file", "--user=ada"}}) {
        desk.run(words);
        CHECK(desk.ended == ExitStatus::NotPermitted);
        CHECK(holds(desk.err, "use sudo latchkey import"));
    }
    for (const Words& words :
         {Words{"import"}, Words{"import", "oath"}, Words{"import", "oath", "-"},
          Words{"import", "google-authenticator", "-"}, Words{"import", "oath", "a", "b"},
          Words{"import", "oath", "a", "--dry-run"}}) {
        desk.run(words);
        CHECK(desk.ended == ExitStatus::Usage);
        CHECK(desk.err.starts_with("latchkey: "));
    }
    CHECK(desk.asked == 0);
}

TEST_CASE("where the root side refuses the app nothing is said of the file") {
    Desk desk;
    desk.answered = ExitStatus::NotPermitted;
    desk.home.write(".google_authenticator", kGoogle);
    desk.run({"import", "google-authenticator"});
    CHECK(desk.ended == ExitStatus::NotPermitted);
    CHECK(desk.out.empty());
    CHECK(desk.err == "latchkey: that was not your password; nothing was changed\n");
}

}  // namespace latchkey::cli
