// SPDX-License-Identifier: MIT
//
// Codes and notices through a real SMTP server that is reached by its name, over
// TLS and with a login; and what a claimant sees when it takes nothing.
#include <algorithm>
#include <regex>

#include "tests/support/catch.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/mail_server.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

constexpr const char* secret_file = "/etc/latchkey/secrets/email";
constexpr const char* code_is_on_its_way =
    "If that is right, an e-mail with a code is on its way.\n"
    "It is valid for 10 minutes.\n"
    "No message? r sends it again, m chooses another method.\n"
    "Code: ";

// Method "email" by the server of this case. Without TLS only a loopback address is allowed.
void send_through(Machine& machine, const std::string& tls, const std::string& more = {}) {
    const std::string server = tls == "none" ? "127.0.0.1" : MailServer::host;
    machine.configure(std::string("[channel.post]\nplugin = \"email\"\nserver = \"") + server +
                          "\"\nport = " + std::to_string(MailServer::port) + "\ntls = \"" + tls +
                          "\"\nfrom = \"help@example.org\"\n" + more +
                          "[method.email]\nchannels = [\"post\"]\n",
                      "70-post");
}

void log_in_to_the_server(Machine& machine, const std::string& password) {
    write_file(secret_file, password + "\n", 0600);
    send_through(machine, "starttls",
                 std::string("user = \"") + MailServer::user + "\"\nsecret_file = \"" +
                     secret_file + "\"\n");
}

// One mail as it came over the wire, with the envelope the server wrote on top.
struct Mail {
    std::string head;
    std::string text;

    explicit Mail(const std::string& wire) {
        const std::size_t blank = wire.find("\r\n\r\n");
        if (blank == std::string::npos) throw std::runtime_error("no empty line in " + wire);
        head = "\r\n" + wire.substr(0, blank) + "\r\n";
        text = wire.substr(blank + 4);
        // A line too long for a mail is sent as quoted-printable, with soft breaks.
        for (std::size_t at = 0; (at = text.find("=\r\n", at)) != std::string::npos;)
            text.erase(at, 3);
    }
    // The values of all fields of this name.
    [[nodiscard]] std::vector<std::string> all(const std::string& name) const {
        std::vector<std::string> values;
        const std::string start = "\r\n" + name + ": ";
        for (std::size_t at = head.find(start); at != std::string::npos;
             at = head.find(start, at + 2)) {
            const std::size_t from = at + start.size();
            values.push_back(head.substr(from, head.find("\r\n", from) - from));
        }
        return values;
    }
    [[nodiscard]] std::string only(const std::string& name) const {
        const std::vector<std::string> values = all(name);
        if (values.size() != 1) throw std::runtime_error("not one " + name + " in " + head);
        return values.front();
    }
    [[nodiscard]] std::string code() const {
        std::smatch found;
        const std::regex line("Your recovery code: ([0-9 ]+)\r\n");
        if (!std::regex_search(text, found, line)) throw std::runtime_error("no code in " + text);
        return found[1];
    }
};

bool looks_like(const std::string& value, const char* pattern) {
    return std::regex_match(value, std::regex(pattern));
}

void recovers_by_mail(Enrolled& host, MailServer& server) {
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "E-mail");
    type_code(login, Mail(server.next_mail()).code());
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(host.machine.password_is("ada", new_password));
}

// What the claimant sees is what they would see with a server in health; then a saved code helps.
void saved_code_helps_where_mail_does_not(Enrolled& host, const MailServer& server,
                                          const std::string& logged) {
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "E-mail");
    CHECK(login.expect("Code: ") == '1' + std::string("\n") + code_is_on_its_way);
    host.machine.expect_log(logged);
    login.send_line("m");
    choose(login, "recovery codes");
    type_code(login, host.saved_codes.front());
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(server.count() == 0);
}

// A login whose code could not leave, and waits for another try.
Terminal login_with_a_code_put_off(Enrolled& host) {
    const std::string monitor = "/usr/libexec/latchkey/latchkey-monitor --deliver";
    const std::string verifier = "/usr/libexec/latchkey/latchkey-verifier --deliver";
    send_through(host.machine, "starttls");
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "E-mail");
    host.machine.expect_log("outcome=not_taken channel=post");
    const auto is_put_off = [] {
        return must_run({"python3", "-c",
                         "import sqlite3\n"
                         "store = sqlite3.connect('file:/var/lib/latchkey/store.db?mode=ro', "
                         "uri=True)\n"
                         "print(store.execute('SELECT count(*) FROM outbox "
                         "WHERE due_at > queued_for AND lease_until = 0').fetchone()[0])"}) ==
               "1\n";
    };
    REQUIRE(comes_true(is_put_off));
    // The delivery that the login began would try again by itself.
    for (const pid_t pid : processes_with_command(monitor)) kill_for_good(pid);
    REQUIRE(comes_true([&] { return processes_with_command(verifier).empty(); }));
    return login;
}

}  // namespace

TEST_CASE("a code comes by STARTTLS and a login, from a server that is reached by its name") {
    Enrolled host;
    MailServer server(MailServer::StartTls, true);
    log_in_to_the_server(host.machine, MailServer::password);
    recovers_by_mail(host, server);
    CHECK(host.machine.log().find(MailServer::password) == std::string::npos);
}

TEST_CASE("a code comes by implicit TLS") {
    Enrolled host;
    MailServer server(MailServer::ImplicitTls);
    send_through(host.machine, "implicit");
    recovers_by_mail(host, server);
}

TEST_CASE("the mail with a code has the headers a mail must have, and one recipient") {
    Enrolled host;
    MailServer server(MailServer::StartTls);
    send_through(host.machine, "starttls");
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "E-mail");
    const Mail mail(server.next_mail());
    CHECK(mail.only("From") == "help@example.org");
    CHECK(mail.only("To") == "ada@example.org");
    CHECK(mail.only("X-Envelope-From") == "help@example.org");
    CHECK(mail.only("X-Envelope-To") == "ada@example.org");
    CHECK(mail.only("Subject") == "Recovery code for your account on sandbox");
    CHECK(looks_like(mail.only("Message-ID"), "<[A-Za-z0-9._-]{8,}@example\\.org>"));
    CHECK(looks_like(mail.only("Date"),
                     "(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} [A-Z][a-z]{2} 20[0-9]{2} "
                     "[0-9]{2}:[0-9]{2}:[0-9]{2} \\+0000"));
    CHECK(mail.only("MIME-Version") == "1.0");
    CHECK(mail.only("Content-Type") == "multipart/alternative; boundary=\"=_latchkey\"");
    CHECK(mail.text.find("Content-Type: text/html; charset=utf-8\r\n") != std::string::npos);
    CHECK(mail.only("Auto-Submitted") == "auto-generated");
    CHECK(mail.all("Cc").empty());
    CHECK(mail.all("Bcc").empty());
    CHECK(mail.text.find("service login") != std::string::npos);
    login.expect("Code: ");
    login.send_line(mail.code());
    login.expect("New password: ");
}

TEST_CASE("the notice comes to every address in a mail of its own") {
    Enrolled host;
    host.machine.enroll_email("ada", "second@example.net");
    MailServer server(MailServer::StartTls);
    send_through(host.machine, "starttls");
    recovers_by_mail(host, server);
    std::vector<std::string> recipients;
    std::vector<std::string> ids;
    for (int i = 0; i < 2; ++i) {
        const Mail notice(server.next_mail());
        recipients.push_back(notice.only("X-Envelope-To"));
        ids.push_back(notice.only("Message-ID"));
        CHECK(notice.only("To") == recipients.back());
        CHECK(notice.text.find("recovery code:") == std::string::npos);
        CHECK(notice.text.find("choose a new password") != std::string::npos);
    }
    std::sort(recipients.begin(), recipients.end());
    CHECK(recipients == std::vector<std::string>{"ada@example.org", "second@example.net"});
    CHECK(ids.front() != ids.back());
    CHECK(latchkey_comes_to_rest());
    CHECK(server.count() == 3);
}

TEST_CASE("a server whose certificate is for another name is sent nothing") {
    Enrolled host;
    const MailServer server(MailServer::WrongName);
    send_through(host.machine, "starttls");
    saved_code_helps_where_mail_does_not(host, server, "outcome=misconfigured channel=post");
}

TEST_CASE("a server without TLS is sent nothing where TLS is set") {
    Enrolled host;
    const MailServer server(MailServer::Plain);
    send_through(host.machine, "starttls");
    saved_code_helps_where_mail_does_not(host, server, "outcome=misconfigured channel=post");
}

TEST_CASE("a login that the server refuses sends nothing and does not stand in the log") {
    Enrolled host;
    const MailServer server(MailServer::StartTls, true);
    log_in_to_the_server(host.machine, "yesterday's pass phrase");
    saved_code_helps_where_mail_does_not(host, server, "outcome=misconfigured channel=post");
    CHECK(host.machine.log().find("yesterday's") == std::string::npos);
}

TEST_CASE("a secret that others may read is not used") {
    Enrolled host;
    const MailServer server(MailServer::StartTls, true);
    log_in_to_the_server(host.machine, MailServer::password);
    must_run({"chmod", "0644", secret_file});
    saved_code_helps_where_mail_does_not(host, server, "others than root may read or change it");
}

TEST_CASE("a mute server holds nobody up") {
    Enrolled host;
    const MailServer server(MailServer::Mute);
    send_through(host.machine, "starttls", "deadline = 1\n");
    saved_code_helps_where_mail_does_not(host, server, "outcome=temporary channel=post");
}

TEST_CASE("a server that refuses the recipient shows on no screen") {
    Enrolled host;
    const MailServer server(MailServer::Refusing);
    send_through(host.machine, "none");
    saved_code_helps_where_mail_does_not(host, server, "outcome=permanent channel=post");
}

TEST_CASE("what could not leave at first is delivered by the timer's command later") {
    Enrolled host;
    Terminal login = login_with_a_code_put_off(host);
    MailServer server(MailServer::StartTls);
    const auto has_left = [&] {
        must_run({"/usr/libexec/latchkey/latchkey-monitor", "--deliver"});
        return server.count() == 1;
    };
    REQUIRE(comes_true(has_left));
    type_code(login, Mail(server.next_mail()).code());
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
}

TEST_CASE("root sends what is due by hand, and is told what became of it") {
    Enrolled host;
    Terminal login = login_with_a_code_put_off(host);
    MailServer server(MailServer::StartTls);
    std::string said;
    const auto has_left = [&] {
        said = must_run({"latchkey", "deliver"});
        return said != "Nothing was due.\n";
    };
    REQUIRE(comes_true(has_left));
    CHECK(said == "1 delivered, 0 postponed, 0 given up.\n");
    CHECK(server.count() == 1);
    CHECK(must_run({"latchkey", "deliver", "--json"}) ==
          "{\"delivered\":0,\"ended_early\":false,\"given_up\":0,\"postponed\":0}\n");
    type_code(login, Mail(server.next_mail()).code());
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
}

}  // namespace latchkey
