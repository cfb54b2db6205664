// SPDX-License-Identifier: MIT
//
// Temporary passes at real logins: root issues one, and the person gets back in with it.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/one_time_codes.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

// What root reads to the person.
std::string issue_pass(const std::vector<std::string>& more = {}) {
    std::vector<std::string> command{"/usr/bin/latchkey", "pass",       "issue", "ada", "--json",
                                     "--reason",          "ticket 4711"};
    command.insert(command.end(), more.begin(), more.end());
    return nlohmann::json::parse(must_run(command)).at("pass").get<std::string>();
}

// ada with a password and nothing to prove with.
struct Newcomer {
    Machine machine;
    explicit Newcomer(const std::vector<std::string>& groups = {}) {
        machine.add_account("ada", old_password, groups);
        machine.set_up();
    }
};

void type_pass(Terminal& login, const std::string& pass) {
    ask_for_recovery(login);
    choose(login, "a temporary pass");
    type_code(login, pass);
}

// The first menu at a console, without whatever the login program wrote above.
std::string first_menu(Machine& machine, const std::string& name) {
    Terminal login = machine.console(name);
    ask_for_recovery(login);
    const std::string menu = login.expect("(Enter to go back): ");
    return menu.substr(menu.find("How should we"));
}

}  // namespace

TEST_CASE("who has nothing but a pass gets back in at a console with a new password") {
    Newcomer host;
    const std::string pass = issue_pass();
    Terminal login = host.machine.console("ada");
    type_pass(login, pass);
    choose_password(login, new_password);
    login.expect("Your password has been changed.");
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(host.machine.password_is("ada", new_password));

    const std::string records = must_run({"/usr/bin/latchkey", "audit", "ada", "--json"});
    for (const char* part : {"\"issued\"", "\"used\"", "\"proofs\":\"pass\"", "ticket 4711"})
        CHECK(holds(records, part));
    CHECK(holds(must_run({"/usr/bin/latchkey", "audit", "verify"}), "intact."));
}

TEST_CASE("a pass for once is refused at its second use, and a revoked one at its first") {
    Newcomer host;
    const std::string once = issue_pass();
    Terminal first = host.machine.console("ada");
    type_pass(first, once);
    first.expect("New password: ");
    first.hang_up();
    Terminal second = host.machine.console("ada");
    type_pass(second, once);
    second.expect("That was not right.");
    second.hang_up();

    const std::string revoked = issue_pass({"--many"});
    must_run({"/usr/bin/latchkey", "pass", "revoke", "ada"});
    Terminal third = host.machine.console("ada");
    type_pass(third, revoked);
    third.expect("That was not right.");
    CHECK(host.machine.password_is("ada", old_password));
}

TEST_CASE("over ssh a pass is one of two gates") {
    Enrolled host;
    SshServer server;
    Terminal client = server.connect("ada");
    ask_for_recovery(client);
    type_address(client, issue_pass());
    client.expect("One more proof is needed.");
    choose(client, "authenticator app");
    type_code(client, authenticator_shows(host.app_key));
    choose_password(client, new_password);
    CHECK(host.machine.signed_in(client, "ada"));
}

TEST_CASE("who was cut off behind a pass for once goes on with the resume code") {
    Enrolled host;
    SshServer server;
    Terminal cut = server.connect("ada");
    ask_for_recovery(cut);
    type_address(cut, issue_pass());
    const std::string code = resume_code(cut);
    cut.hang_up();
    REQUIRE(latchkey_comes_to_rest());
    Terminal client = server.connect("ada");
    ask_for_recovery(client, code);
    choose(client, "authenticator app");
    type_code(client, authenticator_shows(host.app_key));
    choose_password(client, new_password);
    CHECK(host.machine.signed_in(client, "ada"));
}

TEST_CASE("an account in sudo gets nowhere with a pass in the saved code's place") {
    Newcomer host{{"sudo"}};
    const std::string pass = issue_pass({"--many"});
    Terminal login = host.machine.console("ada");
    type_pass(login, pass);
    login.expect("One more proof is needed, but none is set up.");
    login.hang_up();

    host.machine.enroll_email("ada", "ada@example.org");
    (void)host.machine.take_messages();
    Terminal beside = host.machine.console("ada");
    ask_for_recovery(beside);
    choose(beside, "E-mail");
    type_code(beside, code_for(host.machine, "ada"));
    beside.expect("One more proof is needed, but none is set up.");
    CHECK(host.machine.password_is("ada", old_password));
}

TEST_CASE("every address is told that a pass was issued and that one was used, and hears none") {
    Enrolled host;
    host.machine.enroll_email("ada", "second@example.net");
    const std::string pass = issue_pass();
    const std::vector<DeliveredMessage> issued{host.machine.next_message(),
                                               host.machine.next_message()};
    std::string to;
    for (const DeliveredMessage& notice : issued) {
        to += notice.text.substr(0, notice.text.find('\n')) + ' ';
        CHECK(holds(notice.text, "issued a temporary pass for your account"));
        CHECK(holds(notice.text, "Ends:"));
        CHECK_FALSE(holds(notice.text, pass));
        CHECK_FALSE(holds(notice.text, "4711"));
    }
    CHECK(holds(to, "ada@example.org"));
    CHECK(holds(to, "second@example.net"));

    Terminal login = host.machine.console("ada");
    type_pass(login, pass);
    const std::vector<DeliveredMessage> used{host.machine.next_message(),
                                             host.machine.next_message()};
    for (const DeliveredMessage& notice : used) {
        CHECK(holds(notice.text, "A temporary pass was used for it"));
        CHECK_FALSE(holds(notice.text, pass));
    }
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
}

TEST_CASE("no menu tells whether a pass was issued, neither of who is enrolled nor of who is not") {
    Newcomer host;
    host.machine.add_account("ben", old_password);
    host.machine.enroll_email("ben", "ben@example.org");
    const std::string adas = first_menu(host.machine, "ada");
    const std::string bens = first_menu(host.machine, "ben");
    (void)issue_pass();
    must_run({"/usr/bin/latchkey", "pass", "issue", "ben", "--reason", "x"});
    CHECK(first_menu(host.machine, "ada") == adas);
    CHECK(first_menu(host.machine, "ben") == bens);
}

}  // namespace latchkey
