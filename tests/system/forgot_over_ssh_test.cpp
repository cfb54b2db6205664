// SPDX-License-Identifier: MIT
//
// The main job over a real sshd, keyboard-interactive: two gates.
#include "tests/support/catch.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/one_time_codes.hpp"

namespace latchkey {

TEST_CASE("over ssh an e-mailed code and an app code change the password and sign in") {
    Enrolled host;
    SshServer server;
    Terminal client = server.connect("ada");
    prove_over_ssh(host, client);
    choose_password(client, new_password);
    CHECK(host.machine.signed_in(client, "ada"));
    CHECK(host.machine.password_is("ada", new_password));
}

TEST_CASE("over ssh a saved code can be typed where the address is asked") {
    Enrolled host;
    SshServer server;
    Terminal client = server.connect("ada");
    ask_for_recovery(client);
    type_address(client, host.saved_codes.front());
    client.expect("One more proof is needed.");
    choose(client, "authenticator app");
    type_code(client, authenticator_shows(host.app_key));
    choose_password(client, new_password);
    CHECK(host.machine.signed_in(client, "ada"));
}

TEST_CASE("over ssh one letter sends the code again") {
    Enrolled host;
    SshServer server;
    Terminal client = server.connect("ada");
    ask_for_recovery(client);
    type_address(client, "ada@example.org");
    const std::string first = host.machine.next_message().code();
    type_code(client, "x");
    const std::string second = host.machine.next_message().code();
    CHECK(first != second);
    type_code(client, second);
    client.expect("One more proof is needed.");
}

TEST_CASE("over ssh Enter goes back to an ordinary login") {
    Enrolled host;
    SshServer server;
    Terminal client = server.connect("ada");
    ask_for_recovery(client);
    type_address(client, "ada@example.org");
    type_code(client, "");
    client.expect("one of your recovery codes: ");
    client.send_line("");
    client.expect("Password: ");
    client.send_line(old_password);
    CHECK(host.machine.signed_in(client, "ada"));
}

TEST_CASE("an address that is not registered sends nothing, and the screens go on as if it were") {
    Enrolled host;
    SshServer server;
    Terminal client = server.connect("ada");
    ask_for_recovery(client);
    type_address(client, "somebody@else.example");
    client.expect("If that is right, a code is on its way.");
    type_code(client, "12345678");
    client.expect("Enter goes back): ");
    CHECK(host.machine.waiting_messages().empty());
}

TEST_CASE("the same possession does not open two gates") {
    Enrolled host;
    host.machine.enroll_email("ada", "second@example.org");
    SshServer server;
    Terminal client = server.connect("ada");
    ask_for_recovery(client);
    type_address(client, "ada@example.org");
    type_code(client, host.machine.next_message().code());
    client.expect("One more proof is needed.");
    const std::string menu = client.expect("(Enter to go back): ");
    CHECK(menu.find("E-mail") == std::string::npos);
    CHECK(menu.find("authenticator app") != std::string::npos);
}

TEST_CASE("who has one way only is told so after the first proof and whom to ask") {
    Machine machine;
    machine.add_account("ada", old_password);
    machine.set_up();
    machine.enroll_email("ada", "ada@example.org");
    SshServer server;
    Terminal client = server.connect("ada");
    ask_for_recovery(client);
    type_address(client, "ada@example.org");
    type_code(client, machine.next_message().code());
    client.expect("One more proof is needed, but none is set up.");
    client.expect("Ask the administrator of");
    CHECK(machine.password_is("ada", old_password));
}

TEST_CASE("over ssh an account in sudo does not get in without its saved code") {
    Enrolled host{{"sudo"}};
    SshServer server;
    Terminal client = server.connect("ada");
    ask_for_recovery(client);
    type_address(client, "ada@example.org");
    type_code(client, host.machine.next_message().code());
    client.expect("One more proof is needed.");
    const std::string menu = client.expect("(Enter to go back): ");
    CHECK(menu.find("authenticator app") == std::string::npos);
    client.send_line("1");
    type_code(client, host.saved_codes.front());
    choose_password(client, new_password);
    CHECK(host.machine.signed_in(client, "ada"));
}

TEST_CASE(
    "sshd's password method is as without latchkey, right and wrong, and shows no hint "
    "afterwards") {
    Enrolled host;
    SshServer server;
    Terminal right = server.connect_by_password("ada");
    right.expect("ada@127.0.0.1's password: ");
    right.send_line(old_password);
    CHECK(host.machine.signed_in(right, "ada"));
    CHECK(right.transcript().find("Forgot your password") == std::string::npos);
    Terminal wrong = server.connect_by_password("ada");
    wrong.expect("ada@127.0.0.1's password: ");
    wrong.send_line("not my password");
    wrong.expect("Permission denied");
    Terminal empty = server.connect_by_password("ada");
    empty.expect("ada@127.0.0.1's password: ");
    empty.send_line("");
    empty.expect("Permission denied");
    CHECK(host.machine.waiting_messages().empty());
}

}  // namespace latchkey
