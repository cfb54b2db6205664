// SPDX-License-Identifier: MIT
//
// No secret is anywhere it should not be: not in a process while a prompt stands
// open, not in a log, an environment, an argument or a file after everything.
#include <map>
#include <regex>

#include "monitor/account.hpp"
#include "monitor/keys.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/mail_server.hpp"
#include "tests/system/one_time_codes.hpp"
#include "tests/system/processes.hpp"
#include "tests/system/secrets_watch.hpp"

namespace latchkey {
namespace {

using Places = std::set<std::string>;

constexpr const char* too_short = "horses7";
constexpr const char* secret_file = "/etc/latchkey/secrets/email";
const Places everywhere{"/tmp", "/run", "/var", "/etc", "/dev/shm", "/home", "/root"};
// Root's own files, in which these two belong.
const Places in_their_files{"/etc/latchkey/key: master key (raw)",
                            std::string(secret_file) + ": gateway password (raw)"};

std::string without(const std::string& text, char sign) {
    std::string rest;
    for (const char one : text)
        if (one != sign) rest += one;
    return rest;
}

std::string from_base32(const std::string& text) {
    std::string bytes;
    unsigned bits = 0;
    unsigned value = 0;
    for (const char sign : text) {
        const std::size_t digit = std::string_view{"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"}.find(sign);
        if (digit == std::string_view::npos) continue;
        value = value << 5U | static_cast<unsigned>(digit);
        if ((bits += 5) < 8) continue;
        bytes += static_cast<char>(value >> (bits -= 8) & 0xffU);
    }
    return bytes;
}

// ada, ben and cid, each with everything, and somebody who knows all their secrets.
class Household {
public:
    explicit Household(MailServer::Kind kind = MailServer::StartTls) : mail_(kind, true) {
        write_file(secret_file, std::string(MailServer::password) + '\n', 0600);
        machine.configure(std::string("[channel.post]\nplugin = \"email\"\nserver = \"") +
                              MailServer::host + "\"\nport = " + std::to_string(MailServer::port) +
                              "\ntls = \"starttls\"\nfrom = \"help@example.org\"\nuser = \"" +
                              MailServer::user + "\"\nsecret_file = \"" + secret_file +
                              "\"\n[method.email]\nchannels = [\"post\"]\n",
                          "70-post");
        watch.know("", "gateway password", MailServer::password);
        watch.know("", "master key", master_.reveal());
        for (const char* name : {"ada", "ben", "cid"}) settle(name);
    }

    // The code in the newest mail, known from now on.
    std::string mailed_code(const std::string& person) {
        const std::string mail = mail_.next_mail();
        std::smatch found;
        if (!std::regex_search(mail, found, std::regex("Your recovery code: ([0-9 ]+)\r\n")))
            throw std::runtime_error("no code in " + mail);
        const std::string code = found[1];
        watch.know(person, "code", code);
        watch.know(person, "code", without(code, ' '));
        return code;
    }
    std::string otp(const std::string& person, int steps_ahead = 0) {
        const std::string number = authenticator_shows(app_keys[person], steps_ahead);
        watch.know(person, "otp", number);
        return number;
    }
    std::string shown_resume_code(const std::string& person, Terminal& terminal) {
        const std::string code = resume_code(terminal);
        watch.know(person, "resume code", code);
        watch.know(person, "resume code", without(code, '-'));
        return code;
    }
    void skip_notice() { static_cast<void>(mail_.next_mail()); }

    static std::string old_password_of(const std::string& name) {
        return name + "'s old horse battery";
    }
    std::string new_password_of(const std::string& name) {
        watch.know(name, "new password", name + "'s new staple correct");
        watch.know(name, "refused password", too_short);
        return name + "'s new staple correct";
    }

    // Nothing is where it should not be, now.
    void look(const char* moment) {
        INFO(moment);
        CHECK(watch.misplaced_in_processes() == Places{});
        ++moments;
    }

    Machine machine;
    SecretsWatch watch;
    std::map<std::string, std::string> app_keys;
    std::map<std::string, std::string> saved_codes;  // the first of ten
    int moments = 0;

private:
    void settle(const std::string& name) {
        machine.add_account(name, old_password_of(name));
        const std::string address = name + ".of.the.town@example.org";
        machine.enroll_email(name, address);
        app_keys[name] = machine.enroll_app(name);
        watch.know(name, "address", address);
        watch.know(name, "app key", from_base32(app_keys[name]));
        watch.know(name, "old password", old_password_of(name));
        bool is_first = true;
        for (const std::string& code : machine.new_saved_codes(name)) {
            const char* const kind = is_first ? "saved code" : "other saved code";
            watch.know(name, kind, code);
            watch.know(name, kind, without(code, '-'));
            if (is_first) saved_codes[name] = code;
            is_first = false;
        }
        const SubjectKey subject = subject_of(find_local_account(name).value());
        const Secret subkey = subject_key(master_, subject, name);
        watch.know(name, "subkey", subkey.reveal());
        watch.know(name, "outbox key", outbox_key(subkey).reveal());
        watch.know(name, "saved-code key", saved_code_key(master_, subject).reveal());
    }

    MailServer mail_;
    // Made by the set-up, which therefore comes first.
    Secret master_ = (machine.set_up(), read_master_key("/etc/latchkey/key").value());
};

std::string address_of(const std::string& name) {
    return name + ".of.the.town@example.org";
}

// Over ssh, a mailed code and the app; looks at every prompt.
void recover_over_ssh(Household& town, const SshServer& server) {
    town.watch.begin("ada");
    const std::string password = town.new_password_of("ada");
    Terminal client = server.connect("ada");
    ask_for_recovery(client);
    client.expect("one of your recovery codes: ");
    town.look("ssh: where the address is asked for");
    town.watch.typed("address");
    client.send_line(address_of("ada"));
    client.expect("Enter goes back): ");
    const std::string code = town.mailed_code("ada");
    town.look("ssh: where the code is asked for");
    client.send_line(wrong_code({"", "Your recovery code: " + code + '\n'}));
    client.expect("Enter goes back): ");
    town.watch.typed("code");
    client.send_line(code);
    static_cast<void>(town.shown_resume_code("ada", client));
    const std::string line = number_of(client, "authenticator app");
    town.look("ssh: at the menu after the first proof");
    client.send_line(line);
    client.expect("Code: ");
    const std::string otp = town.otp("ada");
    town.watch.typed("otp");
    client.send_line(otp);
    client.expect("New password: ");
    town.look("ssh: where the new password is asked for");
    town.watch.typed("refused password");
    client.send_line(too_short);
    client.expect("Retype new password: ");
    client.send_line(too_short);
    client.expect("New password: ");
    town.look("ssh: after a password was refused");
    town.watch.typed("new password");
    client.send_line(password);
    client.expect("Retype new password: ");
    town.look("ssh: where the new password is asked for again");
    client.send_line(password);
    REQUIRE(town.machine.signed_in(client, "ada"));
    REQUIRE(latchkey_comes_to_rest());
    town.look("ssh: signed in");
    town.skip_notice();
}

// At the console: cut off after the proof, resumed, the password the app opened.
void recover_at_console(Household& town) {
    town.watch.begin("ben");
    const std::string password = town.new_password_of("ben");
    town.machine.configure("[gates]\nconsole = 2\n", "65-two-gates");
    std::string resume;
    {
        Terminal login = town.machine.console("ben");
        ask_for_recovery(login);
        choose(login, "E-mail");
        login.expect("Code: ");
        const std::string code = town.mailed_code("ben");
        town.look("console: where the code is asked for");
        town.watch.typed("code");
        login.send_line(code);
        resume = town.shown_resume_code("ben", login);
        login.expect("(Enter to go back): ");
        town.look("console: at the menu after the first proof");
    }
    REQUIRE(latchkey_comes_to_rest());
    town.look("console: cut off");
    town.watch.begin("ben");
    Terminal login = town.machine.console("ben");
    login.expect("Password: ");
    login.send_line("");
    login.expect("(Enter to go back): ");
    town.watch.typed("resume code");
    login.send_line(resume);
    static_cast<void>(town.shown_resume_code("ben", login));
    choose(login, "authenticator app");
    login.expect_any({"Code: ", "code: "});
    town.look("console: where the app's number is asked for");
    const std::string otp = town.otp("ben");
    town.watch.typed("otp");
    login.send_line(otp);
    login.expect("New password: ");
    town.look("console: where the new password is asked for");
    town.watch.typed("new password");
    login.send_line(password);
    login.expect("Retype new password: ");
    login.send_line(password);
    REQUIRE(town.machine.signed_in(login, "ben"));
    REQUIRE(latchkey_comes_to_rest());
    town.look("console: signed in");
    town.skip_notice();
    write_file("/etc/latchkey/latchkey.d/65-two-gates.toml", "");
}

// At the console, a saved code, to be unlocked; the password is the old one.
void unlock_at_console(Household& town) {
    town.watch.begin("cid");
    Terminal login = town.machine.console("cid");
    ask_for_recovery(login, know_my_password);
    choose(login, "recovery codes");
    login.expect_any({"Code: ", "code: "});
    town.look("console: where a saved code is asked for");
    town.watch.typed("saved code");
    login.send_line(town.saved_codes["cid"]);
    login.expect("Password: ");
    REQUIRE(latchkey_comes_to_rest());
    town.look("console: unlocked");
    town.watch.typed("old password");
    login.send_line(Household::old_password_of("cid"));
    REQUIRE(town.machine.signed_in(login, "cid"));
    town.look("console: signed in with the old password");
    town.skip_notice();
}

}  // namespace

TEST_CASE("no secret is in a process, log, argument or file in which it should not be") {
    Household town;
    SshServer server("KbdInteractiveAuthentication yes\nLogLevel DEBUG3\n");
    recover_over_ssh(town, server);
    recover_at_console(town);
    unlock_at_console(town);
    CHECK(town.watch.found_in(town.machine.log(), "the log") == Places{});
    CHECK(town.watch.found_in_files(everywhere) == in_their_files);
    // The looks saw what is there: keys in the monitor, passwords where they are typed.
    for (const char* sighting : {"monitor: master key", "verifier: subkey", "verifier: address",
                                 "login program: address", "login program: new password"}) {
        INFO(sighting);
        CHECK(town.watch.was_seen(sighting));
    }
    CHECK(town.machine.log().find("gate opened") != std::string::npos);
    evidence("G13 T18 T22 no secret left",
             std::to_string(town.watch.patterns()) +
                 " patterns (raw, hex, base32, base64, UTF-16) in " +
                 std::to_string(town.watch.processes_looked_at()) + " memories at " +
                 std::to_string(town.moments) + " moments, log, arguments, environments, files: " +
                 std::to_string(town.watch.bytes_looked_at() >> 20U) + " MiB",
             "0 where the table of secrets_watch.cpp does not allow it");
}

TEST_CASE("while a message is on its way, nobody who carries it has more than it") {
    const std::string verifier = "/usr/libexec/latchkey/latchkey-verifier --deliver";
    Household town(MailServer::Mute);
    // The server holds as well what was told while the household was set up.
    for (const pid_t pid :
         processes_with_command("/usr/libexec/latchkey/latchkey-monitor --deliver"))
        kill_for_good(pid);
    REQUIRE(comes_true([&] { return processes_with_command(verifier).empty(); }));
    town.watch.begin("ada");
    Terminal login = town.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "E-mail");
    login.expect("Code: ");
    // Held by a server that never says a word.
    static_cast<void>(only_process(verifier));
    REQUIRE(comes_true([&] {
        static_cast<void>(town.watch.misplaced_in_processes());
        return town.watch.was_seen("channel host: address");
    }));
    town.look("while the mail server is silent");
    evidence("G13 T22 who carries a message",
             std::to_string(town.watch.processes_looked_at()) + " memories while it is carried",
             "the channel host has this message and the gateway's password alone, no key");
}

}  // namespace latchkey
