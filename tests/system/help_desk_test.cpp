// SPDX-License-Identifier: MIT
//
// What a helper may do with passes and see of an account, over the users' socket, and what is
// root's alone.
#include <string>
#include <utility>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/system/owner.hpp"

namespace latchkey {
namespace {

using nlohmann::json;
using Words = std::vector<std::string>;

// ada, whom helen of the help desk helps.
struct HelpDesk : OwnersHost {
    HelpDesk() {
        machine.add_account("helen", old_password);
        must_run({"usermod", "-aG", "latchkey-helpdesk", "helen"});
        machine.enroll_email("ada", "ada@example.org");
    }
    // What helen is told, behind her password, up to and including `text`.
    static std::string told(const Words& words, const std::string& text) {
        Terminal desk{as_user("helen", words)};
        type_password(desk);
        std::string all = desk.expect(text);
        CHECK(status_of(desk) == 0);
        return all;
    }
};

json passes() {
    return json::parse(must_run({"latchkey", "pass", "list", "--json"})).at("passes");
}

}  // namespace

TEST_CASE("a helper sees the passes of one account, not what to type, and ends them") {
    HelpDesk host;
    const std::string issued =
        HelpDesk::told({"pass", "issue", "ada", "--reason", "ticket 4711"}, "To end it before: ");
    const std::string pass = issued.substr(issued.find("\n  ") + 3, 19);
    const std::string list = HelpDesk::told({"pass", "list", "ada"}, "ticket 4711");
    CHECK(list.find("ada") != std::string::npos);
    CHECK(list.find(pass) == std::string::npos);
    CHECK(run_command(as_user("helen", {"pass", "list"})).status == 2);
    REQUIRE(passes().size() == 1);
    HelpDesk::told({"pass", "revoke", "ada"}, "1 pass of ada ended.");
    CHECK(passes().empty());
    const std::string audit = must_run({"latchkey", "audit", "--json"});
    CHECK(audit.find("verb=pass_revoke for=ada") != std::string::npos);
    CHECK(audit.find(pass) == std::string::npos);
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "Enter one of my recovery codes or a temporary pass");
    login.expect("Pass or recovery code: ");
    login.send_line(pass);
    login.expect("That was not right.");
}

TEST_CASE("a helper gives no pass for days and none for many times, and sees no whole address") {
    HelpDesk host;
    const std::vector<std::pair<Words, std::string>> refused{
        {{"pass", "issue", "ada", "--for", "25h", "--reason", "x"}, "lives 24 hours at most"},
        {{"pass", "issue", "ada", "--many", "--reason", "x"},
         "only root gives a pass that works more than once"},
        {{"status", "ada", "--show"}, "only root may do that"}};
    for (const auto& [words, why] : refused) {
        Terminal desk{as_user("helen", words)};
        desk.expect(why);
        CHECK(status_of(desk) == 3);
        CHECK(desk.transcript().find("Password: ") == std::string::npos);
        CHECK(desk.transcript().find("ada@example.org") == std::string::npos);
    }
    CHECK(passes().empty());
}

}  // namespace latchkey
