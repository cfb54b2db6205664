// SPDX-License-Identifier: MIT
//
// The main job at a real login(1): the password is forgotten, the person gets in.
#include "tests/support/catch.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/one_time_codes.hpp"

namespace latchkey {

TEST_CASE("a forgotten password is changed with an e-mailed code and signs in in the same login") {
    Enrolled host;
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    choose_password(login, new_password);
    login.expect("Your password has been changed.");
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(host.machine.password_is("ada", new_password));
    CHECK(is_refused_at_console(host.machine, "ada", old_password));
}

TEST_CASE("the owner is told of a recovery at every address, without code or password") {
    Enrolled host;
    host.machine.enroll_email("ada", "second@example.net");
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    const std::vector<DeliveredMessage> notices{host.machine.next_message(),
                                                host.machine.next_message()};
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
    std::string to;
    for (const DeliveredMessage& notice : notices) {
        to += notice.text.substr(0, notice.text.find('\n')) + ' ';
        CHECK(notice.text.find("recovery code:") == std::string::npos);
        CHECK(notice.text.find(new_password) == std::string::npos);
        CHECK(notice.text.find("login") != std::string::npos);
    }
    CHECK(to.find("ada@example.org") != std::string::npos);
    CHECK(to.find("second@example.net") != std::string::npos);
}

TEST_CASE("an authenticator app is enough at a console") {
    Enrolled host;
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "authenticator app");
    type_code(login, authenticator_shows(host.app_key));
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
}

TEST_CASE("what the app showed once is not accepted a second time") {
    Enrolled host;
    const std::string shown = authenticator_shows(host.app_key);
    Terminal first = host.machine.console("ada");
    ask_for_recovery(first);
    choose(first, "authenticator app");
    type_code(first, shown);
    first.expect("New password: ");
    first.hang_up();
    Terminal second = host.machine.console("ada");
    ask_for_recovery(second);
    choose(second, "authenticator app");
    type_code(second, shown);
    second.expect("That was not right.");
}

TEST_CASE("a token is enough at a console, each code once, and two bring it back from far ahead") {
    Enrolled host;
    host.machine.configure(
        "[channel.hotp]\nplugin = \"hotp\"\nprofile = \"none\"\n"
        "[method.hotp]\nlabel = \"Enter a code from my token\"\nkind = \"verification\"\n"
        "channels = [\"hotp\"]\n",
        "60-token");
    const std::string key = host.machine.enroll_token("ada");
    Terminal first = host.machine.console("ada");
    ask_for_recovery(first);
    choose(first, "my token");
    type_code(first, token_shows(key, 2));  // the button was pressed twice before
    first.expect("New password: ");
    first.hang_up();
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "my token");
    type_code(login, token_shows(key, 2));
    login.expect("That was not right.");
    type_code(login, token_shows(key, 30));
    login.expect("That was not right.");
    type_code(login, token_shows(key, 30) + ' ' + token_shows(key, 31));
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(host.machine.password_is("ada", new_password));
}

TEST_CASE("a saved recovery code is enough at a console, in any case and spacing, and works once") {
    Enrolled host;
    std::string typed = host.saved_codes.front();
    for (char& c : typed) c = c == '-' ? ' ' : static_cast<char>(tolower(c));
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "recovery codes");
    type_code(login, typed);
    login.expect("New password: ");
    login.hang_up();
    Terminal again = host.machine.console("ada");
    ask_for_recovery(again);
    choose(again, "recovery codes");
    type_code(again, host.saved_codes.front());
    again.expect("That was not right.");
}

TEST_CASE("send again makes a new code and the old one is dead") {
    Enrolled host;
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "E-mail");
    const std::string first = host.machine.next_message().code();
    type_code(login, "r");
    const std::string second = host.machine.next_message().code();
    type_code(login, first);
    login.expect("That was not right.");
    type_code(login, second);
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
}

TEST_CASE("another method can be chosen from the code prompt") {
    Enrolled host;
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "E-mail");
    type_code(login, "m");
    choose(login, "authenticator app");
    type_code(login, authenticator_shows(host.app_key));
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
}

TEST_CASE("Enter goes one step back each time, and in the end to an ordinary login") {
    Enrolled host;
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "E-mail");
    type_code(login, "");
    login.expect("How should we verify that it is you?");
    login.expect("(Enter to go back): ");
    login.send_line("");
    login.expect("Password: ");
    login.send_line(old_password);
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(host.machine.password_is("ada", old_password));
}

TEST_CASE("who has none of the ways is told whom to ask") {
    Enrolled host;
    host.machine.configure("whom_to_ask = \"Call the help desk, extension 4711.\"\n");
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "I have none of these");
    login.expect("Call the help desk, extension 4711.");
    login.send_line("");
    login.expect("Login incorrect");
}

TEST_CASE("a number that is not in the menu asks again") {
    Enrolled host;
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    login.expect("(Enter to go back): ");
    login.send_line("99");
    login.expect("Please choose one of the numbers.");
    choose(login, "authenticator app");
    type_code(login, authenticator_shows(host.app_key));
    login.expect("New password: ");
}

TEST_CASE("an account in sudo needs a saved recovery code and another proof, also at a console") {
    Enrolled host{{"sudo"}};
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "E-mail");
    type_code(login, host.machine.next_message().code());
    login.expect("One more proof is needed.");
    const std::string menu = login.expect("(Enter to go back): ");
    CHECK(menu.find("authenticator app") == std::string::npos);
    login.send_line("1");
    type_code(login, host.saved_codes[3]);
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
}

TEST_CASE("an account that must change its password at once gets in with the new one") {
    Enrolled host;
    must_run({"chage", "-d", "0", "ada"});
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
}

}  // namespace latchkey
