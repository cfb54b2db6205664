// SPDX-License-Identifier: MIT
//
// login and sshd are the same processes after pam_latchkey as before (G14, T33),
// seen from inside by a module before and one after it.
#include <signal.h>

#include <filesystem>
#include <functional>

#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/system/claimant.hpp"

namespace latchkey {
namespace {

constexpr const char* kFindings = "/run/host-probe";
constexpr int kFlows = 204;

constexpr const char* kTold = "a new password was set";

// The probe around our line in `file`, which becomes `ours` and what follows it.
void look_around(const std::string& file, const std::string& before, const std::string& ours) {
    const std::string path = "/etc/pam.d/" + file;
    const std::string text = file_text(path);
    const std::size_t at = text.find("pam_latchkey.so");
    REQUIRE(at != std::string::npos);
    const std::size_t from = text.rfind('\n', at) + 1;
    const std::size_t to = text.find('\n', at) + 1;
    write_file(path, text.substr(0, from) + before + ours + text.substr(to));
}

// A refused recovery ends the stack one line later than as shipped, at the probe. The
// session has something to tell.
void look_from_inside() {
    std::filesystem::create_directories(kFindings);
    const std::string probe = std::string{LATCHKEY_TEST_HOST_PROBE};
    look_around("common-auth", "auth optional " + probe + " before\n",
                "auth [success=ignore ignore=ignore default=bad] pam_latchkey.so\n"
                "auth [ignore=ignore default=die] " +
                    probe + " after\n");
    look_around("common-session", "session optional " + probe + " before\n",
                "session optional pam_latchkey.so\nsession optional " + probe + " after\n");
    const std::string uid = must_run({"id", "-u", "ada"});
    const std::string number = uid.substr(0, uid.find('\n'));
    must_run({"install", "-d", "-m", "0700", "/var/lib/latchkey-acts/announcements"});
    write_file("/var/lib/latchkey-acts/announcements/" + number,
               number + ":ada\n99999999999 " + kTold + '\n', 0600);
}

struct Findings {
    int looked_at = 0;
    std::string differences;
};

Findings findings_of(const std::string& service) {
    Findings findings;
    for (const auto& entry : std::filesystem::directory_iterator(kFindings)) {
        const std::string name = entry.path().filename().string();
        if (name.rfind(service + '-', 0) != 0 || name.find(".part") != std::string::npos) continue;
        ++findings.looked_at;
        if (findings.differences.size() < 4000) findings.differences += file_text(entry.path());
    }
    return findings;
}

// The ways a conversation goes, from "Password: " up to where nothing more is asked.
using Way = std::function<void(Terminal&)>;

void right_password(Terminal& terminal) {
    terminal.expect("Password: ");
    terminal.send_line(old_password);
}
void back_from_the_reason(Terminal& terminal) {
    terminal.expect("Password: ");
    terminal.send_line("");
    terminal.expect("(Enter to go back): ");
    terminal.send_line("");
    right_password(terminal);
}
void back_from_the_recovery(Terminal& terminal) {
    ask_for_recovery(terminal);
    terminal.expect_any({"(Enter to go back): ", "one of your recovery codes: "});
    terminal.send_line("");
    right_password(terminal);
}
const std::vector<Way> ways{right_password, back_from_the_reason, back_from_the_recovery};

// `flows` conversations in all, some at a time.
void hold_conversations(int flows, const std::function<Terminal()>& open) {
    constexpr int kAtATime = 6;
    for (int begun = 0; begun < flows; begun += kAtATime) {
        std::vector<Terminal> terminals;
        for (int i = 0; i < kAtATime; ++i) terminals.push_back(open());
        for (std::size_t i = 0; i < terminals.size(); ++i) ways[i % ways.size()](terminals[i]);
        for (Terminal& terminal : terminals) {
            terminal.expect(kTold);
            terminal.expect("$ ");
        }
    }
}

void report(const char* program, const Findings& findings) {
    CHECK(findings.differences == "");
    evidence("G14 the host process",
             std::string{"real "} + program + ", " + std::to_string(findings.looked_at) +
                 " conversations, seen from inside before and after the module",
             findings.differences.empty() ? "0 differences" : "differences");
}

}  // namespace

TEST_CASE("login finds its process after every conversation as it was before") {
    Enrolled host;
    look_from_inside();
    hold_conversations(kFlows, [&] { return host.machine.console("ada"); });
    {
        Terminal login = host.machine.console("ada");
        prove_at_console(host.machine, login);
        choose_password(login, new_password);
        login.expect("$ ");
    }
    {
        Terminal login = host.machine.console("ada");
        login.expect("Password: ");
        login.send_line("");
        login.expect("(Enter to go back): ");
        login.send_end_of_file();  // a refusal
        login.expect("Login incorrect");
    }
    const Findings findings = findings_of("login");
    CHECK(findings.looked_at >= 2 * kFlows + 2);
    report("login", findings);
}

TEST_CASE("sshd finds its process after every conversation as it was before") {
    Enrolled host;
    SshServer server("KbdInteractiveAuthentication yes\nMaxStartups 100\n");
    look_from_inside();
    hold_conversations(kFlows, [&] { return server.connect("ada"); });
    {
        Terminal client = server.connect("ada");
        prove_over_ssh(host, client);
        choose_password(client, new_password);
        client.expect("$ ");
    }
    const Findings findings = findings_of("sshd");
    CHECK(findings.looked_at >= 2 * kFlows + 1);
    report("sshd", findings);
}

}  // namespace latchkey
