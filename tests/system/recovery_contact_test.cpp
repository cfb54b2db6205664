// SPDX-License-Identifier: MIT
//
// ben reads ada the code that he was sent, hours after she asked for it.
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/system/claimant.hpp"

namespace latchkey {
namespace {

constexpr const char* kBen = "ben@example.net";

struct WithContact : Enrolled {
    WithContact() {
        machine.configure("[method.contact]\nchannels = [\"file\"]\n", "60-contact");
        must_run({"latchkey", "enroll", "ada", "contact", kBen});
    }
    [[nodiscard]] Terminal asks_ben() {
        Terminal login = machine.console("ada");
        ask_for_recovery(login);
        choose(login, "E-mail my recovery contact, b...n at e....net");
        login.expect("your contact gets an e-mail with a code,");
        return login;
    }
};

}  // namespace

TEST_CASE("a recovery contact's code signs in at a later login, and is sent once") {
    WithContact host;
    Terminal first = host.asks_ben();
    const DeliveredMessage message = host.machine.next_message();
    CHECK(message.text.find("You are a recovery contact of ada.") != std::string::npos);
    CHECK(message.text.find("valid for 24 hours") != std::string::npos);
    first.hang_up();
    Terminal later = host.asks_ben();
    type_code(later, message.code());
    choose_password(later, new_password);
    REQUIRE(host.machine.signed_in(later, "ada"));
    CHECK(host.machine.password_is("ada", new_password));
    // Between the two only the notices came.
    for (int i = 0; i < 2; ++i)
        CHECK(host.machine.next_message().text.find("recovery code:") == std::string::npos);
    CHECK(host.machine.log().find(message.code()) == std::string::npos);
    must_run({"latchkey", "audit", "verify"});
    evidence("each method at a real login", "email to a recovery contact, two connections",
             "new password, shell");
}

TEST_CASE("over ssh a recovery contact's code is the first of two proofs, in a later connection") {
    WithContact host;
    SshServer server;
    Terminal first = server.connect("ada");
    ask_for_recovery(first);
    type_address(first, kBen);
    const std::string code = code_for(host.machine, "ben");
    first.hang_up();
    Terminal later = server.connect("ada");
    ask_for_recovery(later);
    type_address(later, kBen);
    type_code(later, code);
    choose(later, "recovery codes");
    type_code(later, host.saved_codes.front());
    choose_password(later, new_password);
    CHECK(host.machine.signed_in(later, "ada"));
}

TEST_CASE("a contact at the domain of the host's own mail is another's mailbox, never one's own") {
    WithContact host;
    host.machine.configure("own_mail_domains = [\"corp.example\"]\n", "70-own");
    const auto enrol = [](const std::string& method, const std::string& address) {
        return run_command({"latchkey", "enroll", "ada", method, address}).status;
    };
    CHECK(enrol("contact", "ben@corp.example") == 0);
    CHECK(enrol("contact", "Ada+x@corp.example") != 0);
    CHECK(enrol("email", "ben@corp.example") != 0);
}

}  // namespace latchkey
