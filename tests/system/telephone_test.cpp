// SPDX-License-Identifier: MIT
//
// Codes to telephones at real logins; the messages go to files.
#include "tests/support/catch.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/one_time_codes.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

struct Telephoned : Enrolled {
    Telephoned() {
        machine.configure(
            "phone_country = \"+49\"\n"
            "[method.sms]\nchannels = [\"file\"]\n[method.voice]\nchannels = [\"file\"]\n",
            "50-telephones");
        must_run({"latchkey", "enroll", "ada", "sms", "0170 1234567"});
        must_run({"latchkey", "enroll", "ada", "voice", "+49 170 1234567"});
    }
};

constexpr const char* full_number =
    "To protect your account, type the complete phone number that ends in 67: ";

void type_number(Terminal& login, const std::string& number) {
    login.expect(full_number);
    login.send_line(number);
}

}  // namespace

TEST_CASE("a code in a text message changes the password, after the number was typed in full") {
    Telephoned host;
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "Text my mobile phone that ends in 67");
    type_number(login, "(0170) 123-4567");
    login.expect("a text message with a code is on its way.");
    const DeliveredMessage message = host.machine.next_message();
    CHECK(message.text.starts_with("To: +491701234567\n"));
    type_code(login, message.code());
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
}

TEST_CASE("a number that only ends like the right one gets nothing, and looks the same") {
    Telephoned host;
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "Call my mobile phone");
    type_number(login, "0171 9999967");
    login.expect("a call with a code is on its way.");
    type_code(login, "12345678");
    login.expect("That was not right.");
    login.hang_up();
    CHECK(latchkey_comes_to_rest());
    CHECK(host.machine.waiting_messages().empty());
}

TEST_CASE("over ssh a number is typed where addresses are, with call in front to be called") {
    Telephoned host;
    SshServer server;
    Terminal client = server.connect("ada");
    ask_for_recovery(client);
    type_address(client, "call 0170 1234567");
    type_code(client, host.machine.next_message().code());
    client.expect("One more proof is needed.");
    const std::string menu = client.expect("(Enter to go back): ");
    CHECK(menu.find("mobile phone") == std::string::npos);  // one telephone, one proof
    client.send_line("1");
    type_code(client, host.machine.next_message().code());
    choose_password(client, new_password);
    CHECK(host.machine.signed_in(client, "ada"));
    CHECK(host.machine.log().find("to=\"that ends in 67\"") != std::string::npos);
    CHECK(host.machine.log().find("1701234567") == std::string::npos);
}

TEST_CASE("numbers that are billed to the caller, and what is none, are not enrolled") {
    Telephoned host;
    for (const char* number : {"+49 900 1234567", "0900 1234567", "12", "ada@example.org"}) {
        const Completed refused = run_command({"latchkey", "enroll", "ada", "sms", number});
        INFO(number);
        CHECK(refused.status == 1);
    }
}

}  // namespace latchkey
