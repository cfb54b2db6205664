// SPDX-License-Identifier: MIT
//
// Resume codes under attack at real logins (C12): no password is asked for
// without a fresh proof, wherever the connection was cut.
#include <functional>

#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/one_time_codes.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

constexpr const char* not_known = "No recovery can be resumed with that code here and now.";

struct Person {
    std::string name;
    std::string app_key;
    std::vector<std::string> codes;
};

Person new_person(Machine& machine, const std::string& name) {
    machine.add_account(name, old_password);
    machine.enroll_email(name, name + "@example.org");
    std::string app_key = machine.enroll_app(name);
    return {name, std::move(app_key), machine.new_saved_codes(name)};
}

// Over ssh up to the menu after the first proof; its resume code.
std::string prove_once(Machine& machine, const Person& person, Terminal& client) {
    ask_for_recovery(client);
    type_address(client, person.name + "@example.org");
    type_code(client, machine.next_message().code());
    return resume_code(client);
}

// Every prompt after the first proof at which the line may be cut.
struct Place {
    const char* name;
    bool comes_back;  // the grant is not spent yet
    std::function<void(const Person&, Terminal&)> go_there;
};

const std::vector<Place> places{
    {"menu", true, [](const Person&, Terminal& client) { client.expect("(Enter to go back): "); }},
    {"question", true,
     [](const Person&, Terminal& client) {
         choose(client, "recovery codes");
         client.expect("code: ");
     }},
    {"wrong", true,
     [](const Person&, Terminal& client) {
         choose(client, "recovery codes");
         type_code(client, "ABCD-EFGH-JKLM-NPQR");
         client.expect("That was not right.");
     }},
    {"newpassword", false,
     [](const Person& person, Terminal& client) {
         choose(client, "authenticator app");
         type_code(client, authenticator_shows(person.app_key));
         client.expect("New password: ");
     }},
    {"retype", false,
     [](const Person& person, Terminal& client) {
         choose(client, "authenticator app");
         type_code(client, authenticator_shows(person.app_key));
         client.expect("New password: ");
         client.send_line(new_password);
         client.expect("Retype new password: ");
     }},
};

bool asked_for_password(const Terminal& client) {
    return client.transcript().find("New password") != std::string::npos;
}

}  // namespace

TEST_CASE("cut at any prompt after the first proof, no password is asked for without another") {
    Machine machine;
    machine.set_up();
    SshServer server;
    for (const Place& place : places) {
        CAPTURE(place.name);
        const Person person = new_person(machine, place.name);
        std::string code;
        {
            Terminal first = server.connect(person.name);
            code = prove_once(machine, person, first);
            place.go_there(person, first);
            first.hang_up();
            REQUIRE(latchkey_comes_to_rest());
        }
        Terminal second = server.connect(person.name);
        ask_for_recovery(second, code);
        if (!place.comes_back) {
            second.expect(not_known);
            CHECK_FALSE(asked_for_password(second));
        } else {
            const std::string newest = resume_code(second);
            choose(second, "recovery codes");
            type_code(second, "ABCD-EFGH-JKLM-NPQR");
            second.expect("That was not right.");
            CHECK_FALSE(asked_for_password(second));
            code = newest;
            second.hang_up();
            const auto opens = [&] {  // one saved code in a second
                REQUIRE(latchkey_comes_to_rest());
                Terminal third = server.connect(person.name);
                ask_for_recovery(third, code);
                code = resume_code(third);
                choose(third, "recovery codes");
                type_code(third, person.codes.back());
                return third.expect_any({"New password: ", "That was not right."}) == 0;
            };
            CHECK(comes_true(opens));
        }
        second.hang_up();
        REQUIRE(latchkey_comes_to_rest());
        CHECK(machine.password_is(person.name, old_password));
        static_cast<void>(machine.take_messages());
    }
    evidence("C12 resume, real sshd", "the line cut at 5 prompts after the first proof",
             "no password prompt without a fresh proof; a spent grant does not come back");
}

TEST_CASE("a resume code is worth nothing while the connection that shows it is open") {
    Machine machine;
    machine.set_up();
    SshServer server;
    const Person person = new_person(machine, "ada");
    Terminal first = server.connect("ada");
    const std::string code = prove_once(machine, person, first);
    Terminal second = server.connect("ada");
    ask_for_recovery(second, code);
    second.expect(not_known);
    // The first one goes on as if nothing had been.
    choose(first, "recovery codes");
    type_code(first, person.codes.front());
    choose_password(first, new_password);
    CHECK(machine.signed_in(first, "ada"));
    CHECK_FALSE(asked_for_password(second));
}

TEST_CASE("wrong resume codes at a real login cost the owner nothing") {
    Machine machine;
    machine.set_up();
    machine.configure(
        "[limits]\nwrong_per_hour = 5\nsaved_code_interval = 2\nwrong_resumes_per_source_hour = "
        "10\n");
    SshServer server("KbdInteractiveAuthentication yes\nMaxStartups 100\n");
    const Person person = new_person(machine, "ada");
    std::string code;
    {
        Terminal first = server.connect("ada");
        code = prove_once(machine, person, first);
        first.hang_up();
        REQUIRE(latchkey_comes_to_rest());
    }
    const int wrong = rounds(60, 1000);
    for (int tried = 0; tried < wrong;) {
        Terminal stranger =
            server.connect("ada", {"-b", "127.0.1." + std::to_string(1 + tried / 10)});
        ask_for_recovery(stranger, "BCDF-GHJK");
        for (const int last = tried + 2; ++tried < last;) {
            stranger.expect(not_known);
            stranger.expect("(Enter to go back): ");
            stranger.send_line("CDFG-HJKL");
        }
        stranger.expect(not_known);
        CHECK_FALSE(asked_for_password(stranger));
        stranger.hang_up();
        REQUIRE(latchkey_comes_to_rest());
    }
    Terminal second = server.connect("ada");
    ask_for_recovery(second, code);
    choose(second, "recovery codes");
    type_code(second, person.codes.front());
    second.expect("New password: ");
    evidence("C12 resume, wrong codes at real sshd",
             std::to_string(wrong) + " wrong resume codes from other sources",
             "0 resumed; the owner resumes with the right one");
}

}  // namespace latchkey
