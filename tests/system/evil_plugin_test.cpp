// SPDX-License-Identifier: MIT
//
// A plugin that means harm, installed on a machine and used by real logins: what
// it must not do is denied, what it does to itself costs its own call, and the
// person gets in another way.
#include <algorithm>
#include <filesystem>

#include "tests/support/catch.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/one_time_codes.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

constexpr const char* channel_host = "/usr/libexec/latchkey/latchkey-channel-host";
constexpr const char* not_right = "That was not right. Please try again.";
constexpr const char* not_working = "That way is not working now. Try another one.";
// Each can be done without the sandbox (evil_plugin_contract.cpp), or by root alone.
const std::vector<std::string> deeds{
    "open_shadow", "open_proc_mem", "write_file", "connect_elsewhere",
    "inet_socket", "unix_socket",   "ptrace",     "read_memory",
    "pidfd_getfd", "kill",          "fork",       "exec",
    "become_root", "memfd",         "constructor"};

// A machine where one method's only channel is the evil plugin.
class Infested {
public:
    Infested(const char* plugin, const char* method, const std::vector<std::string>& groups = {})
        : host(groups), method_(method) {
        namespace fs = std::filesystem;
        const fs::path place = LATCHKEY_CHANNELDIR "/evil.so";
        fs::copy_file(plugin, place);
        fs::permissions(place, fs::perms{0644});
    }

    // From the next conversation on the plugin does `deed`, to `victim` if it is one.
    void has_it_commit(const std::string& deed, pid_t victim = 0) {
        host.machine.configure(
            "[channel.evil]\nplugin = \"evil\"\nprofile = \"none\"\n"
            "deadline = 1\ndeed = \"" +
            deed + "\"\nvictim = " + std::to_string(victim) +
            "\nelsewhere = 22\nfile = \"/var/lib/latchkey/store.db\"\n"
            "[method." +
            method_ + "]\nchannels = [\"evil\"]\n");
    }

    Enrolled host;
    SshServer listener;  // on port 22, where the plugin has no business

private:
    std::string method_;
};

// Signs in with another way, and afterwards as ever.
void check_served(Infested& town, Terminal& login, const char* other_way) {
    Machine& machine = town.host.machine;
    const bool by_app = std::string_view{other_way} == "authenticator app";
    choose(login, other_way);
    type_code(login,
              by_app ? authenticator_shows(town.host.app_key) : machine.next_message().code());
    choose_password(login, new_password);
    CHECK(machine.signed_in(login, "ada"));
    CHECK(signs_in_at_console(machine, "ada", new_password));
}

bool is_verifier(pid_t pid) {
    const std::vector<pid_t> verifiers = processes_with_command(login_verifier);
    return std::find(verifiers.begin(), verifiers.end(), pid) != verifiers.end();
}

bool no_channel_host_runs() {
    return comes_true([] { return processes_with_command(channel_host).empty(); });
}

}  // namespace

TEST_CASE("an evil delivery plugin is denied every deed, and the login is served") {
    Infested town(LATCHKEY_TEST_EVIL, "email");
    Machine& machine = town.host.machine;
    const std::string shadow = file_text("/etc/shadow");
    Terminal bystander = machine.console("ada");
    ask_for_recovery(bystander);
    bystander.expect("(Enter to go back): ");
    const pid_t victim = only_process(login_verifier);
    for (const std::string& deed : deeds) {
        CAPTURE(deed);
        town.has_it_commit(deed, victim);
        const std::size_t before = machine.log().size();
        Terminal login = machine.console("ada");
        ask_for_recovery(login);
        choose(login, "E-mail");
        login.expect("Code: ");
        const auto told = [&] {
            return machine.log().find("channel=evil", before) != std::string::npos;
        };
        REQUIRE(comes_true(told));
        const std::string log = machine.log().substr(before);
        INFO(log);
        CHECK(log.find("why=\"denied: ") != std::string::npos);
        CHECK(is_verifier(victim));
    }
    CHECK(file_text("/etc/shadow") == shadow);

    // The verifier that was attacked serves its login to the end.
    bystander.send_line("2");
    type_code(bystander, authenticator_shows(town.host.app_key));
    choose_password(bystander, new_password);
    CHECK(machine.signed_in(bystander, "ada"));
    CHECK(signs_in_at_console(machine, "ada", new_password));
}

TEST_CASE("an evil delivery plugin that hangs or crashes ends, and another way opens") {
    Infested town(LATCHKEY_TEST_EVIL, "email");
    Machine& machine = town.host.machine;
    for (const char* deed : {"crash", "garbage", "eat_memory", "spin", "hang"}) {
        CAPTURE(deed);
        town.has_it_commit(deed);
        const std::size_t before = machine.log().size();
        Terminal login = machine.console("ada");
        ask_for_recovery(login);
        choose(login, "E-mail");
        login.expect("Code: ");
        const auto told = [&] {
            return machine.log().find("could not hand over", before) != std::string::npos;
        };
        CHECK(comes_true(told));
        CHECK(no_channel_host_runs());
    }
    Terminal login = machine.console("ada");
    ask_for_recovery(login);
    choose(login, "E-mail");
    type_code(login, "m");
    check_served(town, login, "authenticator app");
}

TEST_CASE("an evil plugin that checks codes is denied every deed, and opens nothing") {
    Infested town(LATCHKEY_TEST_EVIL_APP, "totp");
    Machine& machine = town.host.machine;
    Terminal bystander = machine.console("ada");
    ask_for_recovery(bystander);
    bystander.expect("(Enter to go back): ");
    const pid_t victim = only_process(login_verifier);
    for (const std::string& deed : deeds) {
        CAPTURE(deed);
        town.has_it_commit(deed, victim);
        Terminal login = machine.console("ada");
        ask_for_recovery(login);
        choose(login, "authenticator app");
        type_code(login, "123456");
        login.expect(not_right);
        CHECK(is_verifier(victim));
    }
    Terminal login = machine.console("ada");
    ask_for_recovery(login);
    check_served(town, login, "E-mail");
}

TEST_CASE("an evil plugin that hangs or crashes over a code does not work now, and mail does") {
    Infested town(LATCHKEY_TEST_EVIL_APP, "totp");
    Machine& machine = town.host.machine;
    for (const char* deed : {"crash", "garbage", "eat_memory", "unknown_outcome", "spin", "hang"}) {
        CAPTURE(deed);
        town.has_it_commit(deed);
        Terminal login = machine.console("ada");
        ask_for_recovery(login);
        choose(login, "authenticator app");
        type_code(login, "123456");
        login.expect(not_working);
        CHECK(no_channel_host_runs());
    }
    Terminal login = machine.console("ada");
    ask_for_recovery(login);
    choose(login, "authenticator app");
    type_code(login, "123456");
    login.expect(not_working);
    check_served(town, login, "E-mail");
}

TEST_CASE("a plugin that takes any code opens one gate, and no account that can become root") {
    Infested town(LATCHKEY_TEST_EVIL_APP, "totp", {"sudo"});
    town.has_it_commit("accept");
    Terminal login = town.host.machine.console("ada");
    ask_for_recovery(login);
    choose(login, "authenticator app");
    type_code(login, "123456");
    login.expect("One more proof is needed.");
    const std::string menu = login.expect("(Enter to go back): ");
    CHECK(menu.find("recovery codes") != std::string::npos);
    CHECK(menu.find("authenticator app") == std::string::npos);
    CHECK(menu.find("E-mail") == std::string::npos);
    login.send_line("1");
    type_code(login, "ABCD-EFGH-JKLM-NPQR");
    login.expect(not_right);
    CHECK(town.host.machine.password_is("ada", old_password));
}

}  // namespace latchkey
