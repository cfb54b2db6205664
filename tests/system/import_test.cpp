// SPDX-License-Identifier: MIT
//
// latchkey import with the real programs, and what it is for: the people of the file get back in.
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/comes_true.hpp"
#include "tests/system/one_time_codes.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

using nlohmann::json;

// 160 bits, as an app shows them and as pam_oath writes them.
constexpr const char* kBase32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
constexpr const char* kHex = "3132333435363738393031323334353637383930";

struct Town {
    Machine machine;

    Town() {
        for (const char* name : {"ada", "ben"}) machine.add_account(name, old_password);
        machine.set_up();
        machine.configure(
            "[channel.hotp]\nplugin = \"hotp\"\nprofile = \"none\"\n"
            "[method.hotp]\nlabel = \"Enter a code from my token\"\nkind = \"verification\"\n"
            "channels = [\"hotp\"]\n",
            "70-token");
    }

    static Completed import(std::vector<std::string> arguments, std::string_view text) {
        write_file("/root/file", text, 0600);
        std::vector<std::string> command{"latchkey", "import"};
        command.insert(command.end(), arguments.begin(), arguments.end());
        command.emplace_back("/root/file");
        return run_command(command);
    }
    static json ways(const std::string& user) {
        return json::parse(run_command({"latchkey", "status", user, "--json"}).out).at("methods");
    }
};

}  // namespace

TEST_CASE("an imported address gets its owner back in, and one bad row imports nothing") {
    Town town;
    const std::string good =
        "user,method,address\nada,email,ada@example.org\n\"ben\",email,ben@example.org\n";
    const Completed refused =
        Town::import({"csv"}, good + "zed,email,zed@example.org\nben,email,nonsense\nben\n");
    INFO(refused.err);
    CHECK(refused.status == 1);
    CHECK(refused.err.find("line 4: no local account is called \"zed\"; mend the name") !=
          std::string::npos);
    CHECK(refused.err.find("line 5: that is not a plain e-mail address; give it as") !=
          std::string::npos);
    CHECK(refused.err.find("line 6: 1 field, not the three") != std::string::npos);
    CHECK(refused.err.find("nothing was imported: 3 of 5 rows are bad") != std::string::npos);
    CHECK(Town::ways("ada").empty());

    CHECK(Town::import({"csv", "--dry-run"}, good).status == 0);
    CHECK(Town::ways("ada").empty());
    const json done = json::parse(Town::import({"csv", "--json"}, good).out);
    CHECK(done.at("added") == 2);
    CHECK(done.at("written") == true);
    const json again = json::parse(Town::import({"csv", "--json"}, good).out);
    CHECK(again.at("added") == 0);
    CHECK(again.at("confirmed") == 2);

    Terminal login = town.machine.console("ada");
    prove_at_console(town.machine, login);
    choose_password(login, new_password);
    CHECK(town.machine.signed_in(login, "ada"));
    const Completed verified = run_command({"latchkey", "audit", "verify"});
    INFO(verified.out);
    CHECK(verified.status == 0);
    CHECK(town.machine.log().find("ada@example.org") == std::string::npos);
    evidence("enrolment of many at once", "csv imported, then a recovery at login(1)",
             "new password, shell");
}

TEST_CASE("every bad row is told, whichever side has found it and however many there are") {
    Town town;
    std::string file;
    for (int i = 0; i < 110; ++i) file += "zed,email,zed@example.org\n";
    for (int i = 0; i < 110; ++i) file += "ada,fax,1\n";
    const json told = json::parse(Town::import({"csv", "--json"}, file).out);
    CHECK(told.at("bad") == 220);
    REQUIRE(told.at("errors").size() == 100);
    CHECK(told.at("errors").back().at("line") == 100);
    const json& others = told.at("bad_lines");
    REQUIRE(others.size() == 120);
    for (std::size_t i = 0; i < others.size(); ++i) CHECK(others[i] == i + 101);
    const Completed said = Town::import({"csv"}, file);
    CHECK(said.status == 1);
    CHECK(said.err.find(", bad as well: line 101-220\n") != std::string::npos);
}

TEST_CASE("whoever had an address is told there of what an import adds") {
    Town town;
    REQUIRE(Town::import({"csv"}, "ada,email,ada@example.org\n").status == 0);
    const std::string file = "ada,email,new@example.net\nben,email,ben@example.org\n";
    CHECK(json::parse(Town::import({"csv", "--dry-run", "--json"}, file).out).at("notices") == 1);
    const Completed done = Town::import({"csv"}, file);
    INFO(done.err);
    CHECK(done.out.find("Those who had addresses before are told: 1 notice") != std::string::npos);
    REQUIRE(comes_true([&] { return town.machine.setting_up_messages() == 1; }));
    const std::string notice = run_command({"sh", "-c", "cat /var/spool/latchkey-messages/*"}).out;
    CHECK(notice.find("To: ada@example.org") != std::string::npos);
    CHECK(notice.find("The administrator has added the e-mail address n...w at e....net\n"
                      "as a way back into your account.") != std::string::npos);
    REQUIRE(latchkey_comes_to_rest());
    CHECK(town.machine.setting_up_messages() == 1);
    CHECK(run_command({"latchkey", "audit", "verify"}).status == 0);
}

TEST_CASE("the app of a google-authenticator file and the token of a users.oath are accepted") {
    Town town;
    const Completed google =
        Town::import({"google-authenticator", "--user", "ada"},
                     std::string(kBase32) + "\n\" RATE_LIMIT 3 30\n\" TOTP_AUTH\n12345678\n");
    INFO(google.err);
    REQUIRE(google.status == 0);
    CHECK(google.out.find("the scratch codes (1) were left out") != std::string::npos);
    Terminal app = town.machine.console("ada");
    ask_for_recovery(app);
    choose(app, "authenticator app");
    type_code(app, authenticator_shows(kBase32));
    choose_password(app, new_password);
    CHECK(town.machine.signed_in(app, "ada"));

    // The code of the counter 7 was used, so the next one is that of 8.
    const Completed oath = Town::import(
        {"oath"}, std::string("HOTP/E/6 ben - ") + kHex + " 7 162583 2026-11-24T03:45:11L\n");
    INFO(oath.err);
    REQUIRE(oath.status == 0);
    Terminal token = town.machine.console("ben");
    ask_for_recovery(token);
    choose(token, "token");
    type_code(token, token_shows(kBase32, 7));
    token.expect("That was not right.");
    type_code(token, token_shows(kBase32, 8));
    choose_password(token, new_password);
    CHECK(town.machine.signed_in(token, "ben"));
    // What was used stays used, also when the same file is imported once more.
    CHECK(json::parse(Town::import({"oath", "--json"}, std::string("HOTP/E/6 ben - ") + kHex +
                                                           " 7 162583 2026-11-24T03:45:11L\n")
                          .out)
              .at("confirmed") == 1);
    CHECK(run_command({"latchkey", "audit", "verify"}).status == 0);
}

TEST_CASE("a file that is a link, a pipe or of a line with a PIN imports nothing") {
    Town town;
    REQUIRE(::symlink("/etc/shadow", "/root/link") == 0);
    const Completed link = run_command({"latchkey", "import", "csv", "/root/link"});
    CHECK(link.status == 2);
    CHECK(link.err.find("a link, which is not followed; name the file itself") !=
          std::string::npos);
    REQUIRE(::mkfifo("/root/pipe", 0600) == 0);
    CHECK(run_command({"latchkey", "import", "oath", "/root/pipe"}).status == 2);
    const Completed pin = Town::import({"oath"}, std::string("HOTP ada 1234 ") + kHex + "\n");
    CHECK(pin.status == 1);
    CHECK(pin.err.find("line 1: the line has a PIN") != std::string::npos);
    CHECK(pin.err.find("1234") == std::string::npos);
    CHECK(Town::ways("ada").empty());
}

}  // namespace latchkey
