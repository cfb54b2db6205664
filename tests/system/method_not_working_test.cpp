// SPDX-License-Identifier: MIT
//
// A gateway that is down is told to everybody in the same bytes: that probes found it
// so, and never that anybody's message could not leave.
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/mail_server.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

constexpr const char* mark = " (not working)";
constexpr const char* remote_mark = "A way of sending codes is not working just now.";
// Enrolled, not enrolled, unknown, locked.
const std::vector<std::string> names{"ada", "uma", "zoe", "lou"};

void send_by_mail_server(Machine& machine) {
    machine.configure("[channel.post]\nplugin = \"email\"\nserver = \"127.0.0.1\"\nport = " +
                          std::to_string(MailServer::port) +
                          "\ntls = \"none\"\nfrom = \"help@example.org\"\n"
                          "[method.email]\nchannels = [\"post\"]\n",
                      "70-post");
}

// What the timer starts.
void probe() {
    must_run({"/usr/libexec/latchkey/latchkey-monitor", "--probe"});
}

// The store's probes are a minute older.
void a_minute_passes() {
    must_run({"runuser", "-u", "_latchkey", "--", "python3", "-c",
              "import sqlite3\n"
              "with sqlite3.connect('/var/lib/latchkey/store.db') as store:\n"
              "    store.execute('UPDATE channel_health SET begun_at = begun_at - 60, "
              "probed_at = probed_at - 60, failing_since = failing_since - 60')"});
}

void probe_next_minute() {
    a_minute_passes();
    probe();
}

std::string without(std::string text, const std::string& part) {
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at))
        text.erase(at, part.size());
    return text;
}

class Host {
public:
    Host() {
        machine().add_account("uma", old_password);
        machine().add_account("lou", old_password);
        machine().enroll_email("lou", "lou@example.org");
        must_run({"passwd", "-l", "lou"});
        send_by_mail_server(machine());
    }
    Machine& machine() { return enrolled_.machine; }

    std::string menu_at_console(const std::string& name) {
        Terminal login = machine().console(name);
        ask_for_recovery(login);
        login.expect("(Enter to go back): ");
        return login.transcript();
    }
    std::string question_over_ssh(const std::string& name) {
        Terminal client = server_.connect(name);
        ask_for_recovery(client);
        client.expect("one of your recovery codes: ");
        return without(client.transcript(), name + '@');
    }
    // A right guess at name and address, which makes a message.
    void guess(const std::string& name) {
        Terminal client = server_.connect(name);
        ask_for_recovery(client);
        type_address(client, name + "@example.org");
        client.expect("Enter goes back): ");
    }

private:
    Enrolled enrolled_;
    SshServer server_;
};

}  // namespace

TEST_CASE("H2 a dead gateway is told to every name in the same bytes, until a probe succeeds") {
    Host host;
    std::vector<std::string> menus;
    for (const std::string& name : names) menus.push_back(host.menu_at_console(name));
    const std::string question = host.question_over_ssh("ada");

    probe();
    CHECK(host.question_over_ssh("ada") == question);  // one failure is none
    probe_next_minute();

    const std::string marked = host.question_over_ssh("ada");
    CHECK(marked.find(remote_mark) != std::string::npos);
    for (std::size_t i = 0; i < names.size(); ++i) {
        CAPTURE(names[i]);
        CHECK(host.question_over_ssh(names[i]) == marked);
        const std::string menu = host.menu_at_console(names[i]);
        CHECK(menu.find(mark) != std::string::npos);
        CHECK(without(menu, mark) == menus[i]);
    }
    const Completed check = run_command({"latchkey", "check"});
    CHECK(check.out.find("would take no message since ") != std::string::npos);

    const MailServer server(MailServer::Plain);
    probe_next_minute();
    for (std::size_t i = 0; i < names.size(); ++i) {
        CAPTURE(names[i]);
        CHECK(host.question_over_ssh(names[i]) == question);
        CHECK(host.menu_at_console(names[i]) == menus[i]);
    }
    CHECK(server.count() == 0);  // a probe is no mail
    evidence("H2 dead gateway", std::to_string(names.size()) + " kinds of names, both surfaces",
             "byte-equal, marked and not");
}

TEST_CASE("H3 right guesses while the gateway is dead put no mark on anybody's screen") {
    Host host;
    const std::string question = host.question_over_ssh("ada");
    for (int i = 0; i < 3; ++i) {
        host.guess("ada");
        host.machine().expect_log("outcome=not_taken channel=post");
    }
    CHECK(host.question_over_ssh("ada") == question);
    CHECK(host.question_over_ssh("zoe") == question);
}

TEST_CASE("H3 a method that is marked can be chosen, and its code comes when the gateway is back") {
    Host host;
    probe();
    probe_next_minute();
    Terminal login = host.machine().console("ada");
    ask_for_recovery(login);
    choose(login, "(not working)");
    login.expect("If that is right, an e-mail with a code is on its way.");
    host.machine().expect_log("outcome=not_taken channel=post");
    MailServer server(MailServer::Plain);
    const auto has_left = [&] {
        must_run({"/usr/libexec/latchkey/latchkey-monitor", "--deliver"});
        return server.count() == 1;
    };
    REQUIRE(comes_true(has_left));
}

}  // namespace latchkey
