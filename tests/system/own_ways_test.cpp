// SPDX-License-Identifier: MIT
//
// Ordinary users set up each kind of way, over the socket of the installed packages.
#include <pwd.h>
#include <sys/stat.h>

#include <string>
#include <utility>

#include "tests/support/catch.hpp"
#include "tests/system/one_time_codes.hpp"
#include "tests/system/owner.hpp"

namespace latchkey {
namespace {

constexpr const char* kPicture = "/home/ada/key.png";
constexpr const char* kTokens =
    "[channel.hotp]\nplugin = \"hotp\"\nprofile = \"none\"\n"
    "[method.hotp]\nlabel = \"Enter a code from my token\"\nkind = \"verification\"\n"
    "channels = [\"hotp\"]\n";

// The key in an otpauth URI.
std::string key_in(const std::string& uri) {
    const std::string rest = part_behind(uri, "secret=", uri.npos);
    return rest.substr(0, rest.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"));
}
// The one that the command shows, up to the question for its code.
std::string key_shown(Terminal& terminal) {
    terminal.expect("URI: ");
    const std::string key = key_in(terminal.expect("\n"));
    terminal.expect("Type the code that the new app or token shows now");
    return key;
}

}  // namespace

TEST_CASE("an app gets the key that is shown to its owner, and waits until it counts") {
    OwnersHost host;
    {
        Terminal terminal{as_user("ada", {"enroll", "totp"})};
        type_password(terminal);
        const std::string key = key_shown(terminal);
        terminal.send_line("000000");
        terminal.expect("That was not right.");
        terminal.send_line(authenticator_shows(key));
        terminal.expect("You can get back in by totp from ");
        CHECK(status_of(terminal) == 0);
        CHECK(terminal.transcript().find("\u2584") != std::string::npos);  // drawn
        CHECK(terminal.transcript().find(old_password) == std::string::npos);
        CHECK(host.machine.log().find(key) == std::string::npos);
    }
    REQUIRE(way_of("totp").is_object());
    CHECK_FALSE(counts_now("totp"));
    CHECK(account_of().at("ways") == 0);
    must_run({"latchkey", "audit", "verify"});
}

TEST_CASE("the picture of a key is a new file of its owner's alone, and can be scanned") {
    OwnersHost host;
    {
        Terminal terminal{as_user("ada", {"enroll", "totp", "--qr=png", kPicture})};
        type_password(terminal);
        const std::string key = key_shown(terminal);
        CHECK(key_in(must_run({"zbarimg", "--quiet", "--raw", kPicture})) == key);
        terminal.send_line(authenticator_shows(key));
        terminal.expect("You can get back in by totp from ");
        CHECK(status_of(terminal) == 0);
    }
    struct stat picture {};
    REQUIRE(::stat(kPicture, &picture) == 0);
    CHECK((picture.st_mode & 07777) == 0600);
    CHECK(picture.st_uid == ::getpwnam("ada")->pw_uid);
    const Completed again = run_command(as_user("ada", {"enroll", "totp", "--qr=png", kPicture}));
    CHECK(again.status == 2);
    CHECK(again.err.find("exists already") != std::string::npos);
}

TEST_CASE("a key whose code is not typed is that of nobody's app") {
    OwnersHost host;
    Terminal terminal{as_user("ada", {"enroll", "totp"})};
    type_password(terminal);
    (void)key_shown(terminal);
    terminal.send_line("");
    terminal.expect("nothing was changed: no code was typed");
    CHECK(status_of(terminal) == 1);
    CHECK(account_of().at("methods").empty());
    must_run({"latchkey", "audit", "verify"});
}

TEST_CASE("a token is set up by its owner, and counts from the start") {
    OwnersHost host;
    host.machine.configure(kTokens, "60-token");
    Terminal terminal{as_user("ada", {"enroll", "hotp"})};
    type_password(terminal);
    const std::string key = key_shown(terminal);
    terminal.send_line(token_shows(key, 0));
    terminal.expect("You can get back in by hotp from ");
    CHECK(status_of(terminal) == 0);
    CHECK(way_of("hotp").is_object());
    const auto uid = std::to_string(::getpwnam("ada")->pw_uid);
    CHECK(file_text("/var/lib/latchkey-acts/steps/" + uid).find("\n0\ncounter\n") !=
          std::string::npos);
    must_run({"latchkey", "audit", "verify"});
}

TEST_CASE("the owner of an app sets up no token beside it") {
    EnrolledOwnersHost host;
    host.machine.configure(kTokens, "60-token");
    Terminal terminal{as_user("ada", {"enroll", "hotp"})};
    prove_by_saved_code(terminal, host.saved_codes.at(0));
    terminal.expect("only the administrator can replace");
    CHECK(status_of(terminal) == 1);
    CHECK(terminal.transcript().find("URI: ") == std::string::npos);
    CHECK(way_of("hotp").is_null());
}

TEST_CASE("telephones are set up by their owners, who see the number before a code goes there") {
    OwnersHost host;
    host.machine.configure(
        "phone_country = \"+49\"\n[method.sms]\nchannels = [\"file\"]\n"
        "[method.voice]\nchannels = [\"file\"]\n[method.office]\nchannels = [\"file\"]\n",
        "50-telephones");
    host.machine.add_account("bob", old_password);
    host.machine.add_account("eve", old_password);
    for (const auto& [user, method] :
         {std::pair{"ada", "sms"}, {"bob", "voice"}, {"eve", "office"}}) {
        INFO(method);
        Terminal stranger{as_user(user, {"enroll", method, "0170 7654321"})};
        type_password(stranger);
        stranger.expect("The number is +491707654321;");
        stranger.expect("Code (Enter to change nothing): ");
        (void)host.machine.next_message();
        stranger.send_line("");
        stranger.expect("nothing was changed: no code was typed");
        CHECK(status_of(stranger) == 1);
        CHECK(way_of(method, user).is_null());
        Terminal terminal{as_user(user, {"enroll", method, "0170 1234567"})};
        type_password(terminal);
        terminal.expect("The number is +491701234567;");
        confirm_address(host.machine, terminal);
        CHECK_FALSE(counts_now(method, user));
    }
    must_run({"latchkey", "audit", "verify"});
}

TEST_CASE("a recovery contact is set up when the code that they got was typed") {
    EnrolledOwnersHost host;
    host.machine.configure("[method.contact]\nchannels = [\"file\"]\n", "60-contact");
    Terminal terminal{as_user("ada", {"enroll", "contact", "ben@example.net"})};
    prove_by_saved_code(terminal, host.saved_codes.at(0));
    confirm_address(host.machine, terminal);
    CHECK_FALSE(counts_now("contact"));
    const std::string told = host.machine.next_message().text;
    CHECK(told.find("To: ada@example.org") != std::string::npos);
    CHECK(told.find("latchkey deny ") != std::string::npos);
}

}  // namespace latchkey
