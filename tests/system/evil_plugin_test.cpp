// SPDX-License-Identifier: MIT
//
// A plugin that means harm, installed on a machine and used by real logins: what
// it must not do is denied, what it does to itself costs its own call, and the
// person gets in another way.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <regex>

#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/support/refusal.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/one_time_codes.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

constexpr const char* channel_host = "/usr/libexec/latchkey/latchkey-channel-host";
constexpr const char* delivery = LATCHKEY_TEST_EVIL;      // with profile "network"
constexpr const char* checking = LATCHKEY_TEST_EVIL_APP;  // with profile "none"
constexpr const char* not_right = "That was not right. Please try again.";
constexpr const char* not_working = "That way is not working now. Try another one.";
constexpr const char* another_secret = "/etc/latchkey/another.secret";
constexpr const char* place = LATCHKEY_CHANNELDIR "/evil.so";
constexpr const char* store = "/var/lib/latchkey/store.db";

// A deed of evil_deeds.hpp, and what it is done to: a file, or a process of the login
// that goes on meanwhile. More of them, and what the same user manages without the
// sandbox: evil_deeds_contract.cpp.
enum class Victim { None, Verifier, Monitor };
struct Attack {
    const char* deed;
    Victim victim = Victim::None;
    const char* file = store;
};
const std::vector<Attack> attacks{{"open_shadow"},
                                  {"read_secret", Victim::None, "/etc/latchkey/key"},
                                  {"read_secret", Victim::None, "/var/lib/latchkey-acts/ledger"},
                                  {"read_secret", Victim::None, "/var/lib/latchkey-acts/audit"},
                                  {"read_secret", Victim::None, another_secret},
                                  {"read_file"},
                                  {"write_file"},
                                  {"rename_file"},
                                  {"descriptors"},
                                  {"environment"},
                                  {"constructor"},
                                  {"open_proc_mem", Victim::Verifier},
                                  {"ptrace", Victim::Verifier},
                                  {"read_memory", Victim::Verifier},
                                  {"pidfd_getfd", Victim::Verifier},
                                  {"kill", Victim::Verifier},
                                  {"tgkill", Victim::Verifier},
                                  {"open_proc_mem", Victim::Monitor},
                                  {"ptrace", Victim::Monitor},
                                  {"pidfd_getfd", Victim::Monitor},
                                  {"kill", Victim::Monitor},
                                  {"tgkill", Victim::Monitor},
                                  {"unix_socket"},
                                  {"abstract_letter_by_pair"},
                                  {"raw_socket"},
                                  {"connect_by_sending"},
                                  {"fork"},
                                  {"exec"},
                                  {"exec_memory"},
                                  {"memfd"},
                                  {"become_root"},
                                  {"unshare_user"},
                                  {"io_uring"},
                                  {"keyctl"},
                                  {"userfaultfd"},
                                  {"bpf"},
                                  {"perf"}};

// A machine where one method's only channel is the evil plugin.
class Infested {
public:
    Infested(std::string_view plugin, const char* method,
             const std::vector<std::string>& groups = {})
        : host(groups), method_(method), profile_(plugin == delivery ? "network" : "none") {
        namespace fs = std::filesystem;
        fs::copy_file(plugin, place);
        fs::permissions(place, fs::perms{0644});
        write_file(another_secret, "of another channel", 0600);
    }
    Infested(const Infested&) = delete;
    Infested& operator=(const Infested&) = delete;
    // Where the sandbox is this machine itself, the next case finds what ships and no more.
    ~Infested() { std::remove(place); }

    // From the next conversation on the plugin does `deed`, to `victim` if it is one.
    void has_it_commit(const std::string& deed, pid_t victim = 0, const std::string& file = store) {
        host.machine.configure(
            "[channel.evil]\nplugin = \"evil\"\nprofile = \"" + profile_ +
            "\"\ndeadline = 1\ndeed = \"" + deed + "\"\nvictim = " + std::to_string(victim) +
            "\nelsewhere = 22\nnameless = \"@latchkey-test\"\nfile = \"" + file +
            "\"\nsecret = \"" + file + "\"\n[method." + method_ + "]\nchannels = [\"evil\"]\n");
    }

    Enrolled host;
    SshServer listener;  // on port 22, where the plugin has no business

private:
    std::string method_;
    std::string profile_;
};

// A login of somebody else, at the menu, with its verifier and its monitor.
class Bystander {
public:
    explicit Bystander(Machine& machine) : login_(machine.console("ada")) {
        ask_for_recovery(login_);
        login_.expect("(Enter to go back): ");
        verifier_ = only_process(login_verifier);
        monitor_ = only_process(login_monitor);
    }
    [[nodiscard]] pid_t process(Victim victim) const {
        if (victim == Victim::None) return 0;
        return victim == Victim::Verifier ? verifier_ : monitor_;
    }
    [[nodiscard]] bool lives() const {
        return is_one_of(verifier_, processes_with_command(login_verifier)) &&
               is_one_of(monitor_, processes_with_command(login_monitor));
    }
    [[nodiscard]] Terminal& login() { return login_; }

private:
    static bool is_one_of(pid_t pid, const std::vector<pid_t>& all) {
        return std::find(all.begin(), all.end(), pid) != all.end();
    }

    Terminal login_;
    pid_t verifier_ = -1;
    pid_t monitor_ = -1;
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

// The reason that the log gives in a line about `what` after `before`, as soon as it is there.
std::string reason_in_log(const Machine& machine, std::size_t before, const std::string& what) {
    const std::regex line(what + ".* why=\"([^\"]*)\"");
    std::smatch found;
    std::string log;
    const auto told = [&] {
        log = machine.log().substr(before);
        return std::regex_search(log, found, line);
    };
    REQUIRE(comes_true(told));
    return found[1];
}

bool no_channel_host_runs() {
    return comes_true([] { return processes_with_command(channel_host).empty(); });
}

}  // namespace

TEST_CASE("an evil delivery plugin is denied every deed, and the login is served") {
    Infested town(delivery, "email");
    Machine& machine = town.host.machine;
    const std::string shadow = file_text("/etc/shadow");
    Bystander bystander(machine);
    int refused = 0;
    for (const Attack& attack : attacks) {
        CAPTURE(attack.deed, attack.file, static_cast<int>(attack.victim));
        town.has_it_commit(attack.deed, bystander.process(attack.victim), attack.file);
        const std::size_t before = machine.log().size();
        Terminal login = machine.console("ada");
        ask_for_recovery(login);
        choose(login, "E-mail");
        login.expect("Code: ");
        const std::string reason = reason_in_log(machine, before, "channel=evil");
        CAPTURE(reason);
        CHECK(is_refusal(reason));
        CHECK(bystander.lives());
        refused += is_refusal(reason) ? 1 : 0;
    }
    CHECK(file_text("/etc/shadow") == shadow);
    evidence("C1, T20 evil plugins at real logins",
             std::to_string(attacks.size()) + " deeds of a plugin that delivers, profile network",
             std::to_string(refused) + " refused; the login beside them recovers");

    // The login that was attacked is served to its end.
    bystander.login().send_line("2");
    type_code(bystander.login(), authenticator_shows(town.host.app_key));
    choose_password(bystander.login(), new_password);
    CHECK(machine.signed_in(bystander.login(), "ada"));
    CHECK(signs_in_at_console(machine, "ada", new_password));
}

TEST_CASE("an evil delivery plugin that hangs or crashes ends, and another way opens") {
    Infested town(delivery, "email");
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
    Infested town(checking, "totp");
    Machine& machine = town.host.machine;
    Bystander bystander(machine);
    int refused = 0;
    for (const Attack& attack : attacks) {
        CAPTURE(attack.deed, attack.file, static_cast<int>(attack.victim));
        town.has_it_commit(attack.deed, bystander.process(attack.victim), attack.file);
        const std::size_t before = machine.log().size();
        Terminal login = machine.console("ada");
        ask_for_recovery(login);
        choose(login, "authenticator app");
        type_code(login, "123456");
        login.expect(not_working);  // a deed that is managed opens the gate
        const std::string reason = reason_in_log(machine, before, "cannot check an OTP");
        CAPTURE(reason);
        CHECK(is_refusal(reason));
        CHECK(bystander.lives());
        refused += is_refusal(reason) ? 1 : 0;
    }
    evidence("C1, T20 evil plugins at real logins",
             std::to_string(attacks.size()) + " deeds of a plugin that checks codes, profile none",
             std::to_string(refused) + " refused; the person recovers by mail");
    Terminal login = machine.console("ada");
    ask_for_recovery(login);
    check_served(town, login, "E-mail");
}

TEST_CASE("an evil plugin that hangs or crashes over a code does not work now, and mail does") {
    Infested town(checking, "totp");
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
    Infested town(checking, "totp", {"sudo"});
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
