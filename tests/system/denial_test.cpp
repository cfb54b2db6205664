// SPDX-License-Identifier: MIT
//
// Strangers who know a name, at a real sshd with pam_faillock: whatever they do
// about recovery, the owner's ordinary login does not notice (T5, T6).
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

constexpr const char* address_prompt = "one of your recovery codes: ";
constexpr const char* remote_code = "Enter goes back): ";
constexpr const char* reason_prompt = "(Enter to go back): ";

// What one stranger types after the reason, before the line is cut.
const std::vector<std::vector<std::string>> floods{
    {"eve@example.org", "00000000", "11111111", "r", "22222222", "", "ada@elsewhere.example"},
    {"AAAA-AAAA-AAAA-AAAA", "00000000", "", "BBBB-BBBB-BBBB-BBBB"},
    {"x", "x", "x", ""},
};

void flood_once(const SshServer& server, int i) {
    const std::string source = "127.0.0." + std::to_string(10 + i);
    Terminal client = server.connect("ada", {"-b", source});
    client.expect("Password: ");
    client.send_line("");
    client.expect(reason_prompt);
    if (i % 4 == 3) {  // wrong resume codes, until latchkey refuses by itself
        for (int wrong = 0; wrong < 8; ++wrong) {
            client.send_line("BCDF-GHJK");
            if (client.expect_any({reason_prompt, "Password: ", "denied"}) != 0) return;
        }
        return;
    }
    client.send_line(forgot);
    for (const std::string& line : floods.at(static_cast<std::size_t>(i % 4))) {
        client.expect_any({address_prompt, remote_code});
        client.send_line(line);
    }
    client.expect_any({address_prompt, remote_code, "Password: "});
    client.hang_up();
}

std::string tally() {
    return must_run({"faillock", "--user", "ada"});
}

}  // namespace

TEST_CASE(
    "a flood of strangers' recoveries leaves password, tally and recovery of the owner alone") {
    Enrolled host;
    // The limits that are shipped, but no waiting for the grid.
    host.machine.configure("reply_grid = 0\n", "40-widened");
    host.machine.use_faillock();
    SshServer server("KbdInteractiveAuthentication yes\nMaxStartups 100\n");
    // One failure of the owner's own, so that a tally that is reset would show, too.
    REQUIRE(is_refused_at_console(host.machine, "ada", "not my password"));
    const std::string before = tally();
    const std::string shadow = file_text("/etc/shadow");
    const int strangers = rounds(24, 200);
    for (int i = 0; i < strangers; ++i) flood_once(server, i);
    REQUIRE(latchkey_comes_to_rest());

    CHECK(tally() == before);
    CHECK(file_text("/etc/shadow") == shadow);
    CHECK(host.machine.take_messages().empty());
    {
        Terminal client = server.connect("ada");
        client.expect("Password: ");
        client.send_line(old_password);
        CHECK(host.machine.signed_in(client, "ada"));
    }
    CHECK(signs_in_at_console(host.machine, "ada", old_password));
    Terminal client = server.connect("ada");
    prove_over_ssh(host, client);
    choose_password(client, new_password);
    CHECK(host.machine.signed_in(client, "ada"));
    evidence("T5, T6 denial, real sshd with pam_faillock",
             std::to_string(strangers) + " strangers' recoveries from as many sources",
             "tally and shadow unchanged, 0 messages; the owner signs in and recovers");
}

}  // namespace latchkey
