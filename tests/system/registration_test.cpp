// SPDX-License-Identifier: MIT
//
// What a sign-in on the installed packages says to who has too few ways back, and how one is
// set up there. The ordinary command needs no socket here.
#include <string>

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/comes_true.hpp"

namespace latchkey {
namespace {

constexpr const char* kNoWayBack = "You could not get back into this account";
constexpr const char* kNow = "Set one up now? (y, or Enter for later): ";
constexpr const char* kAdaRemembered = "/var/lib/latchkey-acts/reminders/";

// ada, who has set up nothing.
struct Host {
    Machine machine;

    explicit Host(const std::string& registration) {
        machine.add_account("ada", old_password);
        machine.set_up();
        if (!registration.empty())
            machine.configure("[security_info]\nregistration = \"" + registration + "\"\n",
                              "70-registration");
    }
    static std::string reminders() {
        const Completed uid = run_command({"/usr/bin/id", "-u", "ada"});
        return file_text(kAdaRemembered + uid.out.substr(0, uid.out.find('\n')));
    }
    // Signs in once, so that the root side has looked; what is due is told from then on.
    void be_looked_at() {
        REQUIRE(signs_in_at_console(machine, "ada", old_password));
        REQUIRE(comes_true([] { return !reminders().empty(); }));
    }
    Terminal typed_password() {
        Terminal login = machine.console("ada");
        login.expect("Password: ");
        login.send_line(old_password);
        return login;
    }
};

nlohmann::json status() {
    return nlohmann::json::parse(run_command({"/usr/bin/latchkey", "status", "ada", "--json"}).out);
}

// As it stands in the message: "2365 9407".
std::string confirming_code(Machine& machine) {
    const std::string text = machine.next_message().text;
    const std::string label = "Your code: ";
    const auto at = text.find(label);
    REQUIRE(at != text.npos);
    return text.substr(at + label.size(), 9);
}

}  // namespace

TEST_CASE("unless the policy says so a sign-in says nothing of registration") {
    Host host{""};
    host.be_looked_at();
    CHECK(Host::reminders().find("register") == std::string::npos);
    Terminal login = host.typed_password();
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(login.transcript().find(kNoWayBack) == std::string::npos);
}

TEST_CASE("who has no way back sets one up at the console, behind the password") {
    Host host{"remind"};
    host.be_looked_at();
    {
        Terminal login = host.typed_password();
        login.expect(kNoWayBack);
        login.expect(kNow);
        login.send_line("y");
        login.expect("Your e-mail address (Enter for later): ");
        login.send_line("ada@example.org");
        login.expect("Password: ");
        login.send_line(old_password);
        login.expect("Code (Enter to change nothing): ");
        login.send_line("00000000");
        login.expect("That was not right.");
        login.expect("Code (Enter to change nothing): ");
        login.send_line(confirming_code(host.machine));
        login.expect("You can get back in by a...a at e....org from ");
        CHECK(host.machine.signed_in(login, "ada"));
    }
    CHECK(status().at("methods").size() == 1);
    CHECK(status().at("ways") == 0);  // it waits
    const Completed audit = run_command({"/usr/bin/latchkey", "audit", "ada", "--json"});
    CHECK(audit.out.find("by=owner") != std::string::npos);
}

TEST_CASE("a number is shown as it will be kept before a code is sent there") {
    Host host{"require"};
    host.machine.configure("phone_country = \"+49\"\n[method.sms]\nchannels = [\"file\"]\n",
                           "50-telephones");
    host.be_looked_at();
    const auto type_number = [](Terminal& login) {
        login.expect(kNow);
        login.send_line("y");
        const std::string menu = login.expect("Choose one (Enter for later): ");
        const auto at = menu.find("  Text my mobile phone");
        REQUIRE(at != menu.npos);
        login.send_line(menu.substr(at - 1, 1));
        login.expect("Your phone number (Enter for later): ");
        login.send_line("0170 1234567");
        login.expect("Password: ");
        login.send_line(old_password);
        login.expect("The number is +491701234567.");
        login.expect("Send a code there? (Enter, or n to stop): ");
    };
    {
        Terminal login = host.typed_password();
        type_number(login);
        login.send_line("n");
        login.expect("nothing was changed, and no code was sent.");
        CHECK(host.machine.signed_in(login, "ada"));
        CHECK(host.machine.waiting_messages().empty());
    }
    {
        Terminal login = host.typed_password();
        type_number(login);
        login.send_line("");
        login.expect("Code (Enter to change nothing): ");
        login.send_line(confirming_code(host.machine));
        login.expect("You can get back in by that ends in 67 from ");
        CHECK(host.machine.signed_in(login, "ada"));
    }
    CHECK(status().at("methods").size() == 1);
}

TEST_CASE("nothing is set up without the password, and the sign-in goes on") {
    Host host{"remind"};
    host.be_looked_at();
    Terminal login = host.typed_password();
    login.expect(kNow);
    login.send_line("y");
    login.expect("Your e-mail address (Enter for later): ");
    login.send_line("eve@example.org");
    login.expect("Password: ");
    login.send_line("not hers at all");
    login.expect("that was not your password; nothing was changed.");
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(status().at("methods").empty());
    CHECK(host.machine.waiting_messages().empty());
}

TEST_CASE("who says later is asked no more for a while") {
    Host host{"remind"};
    host.be_looked_at();
    {
        Terminal login = host.typed_password();
        login.expect(kNow);
        login.send_line("");
        CHECK(host.machine.signed_in(login, "ada"));
    }
    const auto is_quiet = [] { return Host::reminders().find(" 0\n") == std::string::npos; };
    REQUIRE(comes_true(is_quiet));
    Terminal login = host.typed_password();
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(login.transcript().find(kNoWayBack) == std::string::npos);
}

TEST_CASE("where it is required every sign-in asks, and none is refused") {
    Host host{"require"};
    host.be_looked_at();
    for (int times = 0; times < 2; ++times) {
        Terminal login = host.typed_password();
        login.expect(kNow);
        login.send_line("");
        CHECK(host.machine.signed_in(login, "ada"));
    }
}

TEST_CASE("over ssh it is told and not asked") {
    Host host{"require"};
    host.be_looked_at();
    const SshServer server;
    Terminal login = server.connect("ada");
    login.expect("Password: ");
    login.send_line(old_password);
    login.expect(kNoWayBack);
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(login.transcript().find(kNow) == std::string::npos);
}

TEST_CASE("when root has enrolled somebody the next sign-ins say nothing") {
    Host host{"remind"};
    host.be_looked_at();
    host.machine.enroll_email("ada", "ada@example.org");
    (void)host.machine.new_saved_codes("ada");
    {
        Terminal login = host.typed_password();
        CHECK(host.machine.signed_in(login, "ada"));
        CHECK(login.transcript().find(kNoWayBack) == std::string::npos);
    }
    const auto looked = [] { return Host::reminders().find("\n0 ") == std::string::npos; };
    REQUIRE(comes_true(looked));
    CHECK(Host::reminders().find("register") == std::string::npos);
}

}  // namespace latchkey
