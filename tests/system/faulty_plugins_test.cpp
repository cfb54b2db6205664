// SPDX-License-Identifier: MIT
//
// Each plugin that the tester does not let pass (tests/plugin_kit/faults.txt), installed all the
// same and asked first by a real login: the prompt comes, another way opens, and the ordinary
// login is as ever.
#include <filesystem>
#include <regex>

#include "tests/plugin_kit/faults.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

constexpr const char* channel_host = "/usr/libexec/latchkey/latchkey-channel-host";
constexpr const char* not_right = "That was not right. Please try again.";
constexpr const char* not_working = "That way is not working now. Try another one.";
constexpr const char* device = "Answer on my device";
constexpr const char* desk = "Send it to my desk";

// A machine where e-mail, app and device can each be left to a faulty plugin alone, and what
// goes to the desk arrives. Two proofs, so that the logins end before a new password, of which
// there are few a day.
class Afflicted {
public:
    Afflicted() {
        namespace fs = std::filesystem;
        for (const auto& built : fs::directory_iterator{LATCHKEY_TEST_FAULTY_PLUGINS}) {
            const fs::path& plugin =
                installed_.emplace_back(LATCHKEY_CHANNELDIR / built.path().filename());
            fs::copy_file(built.path(), plugin);
            fs::permissions(plugin, fs::perms{0644});
        }
        machine.set_up();
        write_file("/etc/latchkey/secrets/faulty", "token", 0600);
        machine.configure(std::string{"[gates]\nconsole = 2\n[method.desk]\nlabel = \""} + desk +
                              "\"\nmedium = \"other\"\nchannels = [\"file\"]\n",
                          "50-desk");
    }

    Afflicted(const Afflicted&) = delete;
    Afflicted& operator=(const Afflicted&) = delete;
    // Where the sandbox is this machine itself, the next case finds what ships and no more.
    ~Afflicted() {
        std::error_code ignored;
        for (const auto& plugin : installed_) std::filesystem::remove(plugin, ignored);
    }

    // Who has been sent nothing yet.
    std::string new_person() {
        const std::string name = "ada" + std::to_string(++persons_);
        machine.add_account(name, old_password);
        use({"ask", "none_of_an_approval", ""});
        machine.enroll_email(name, name + "@example.org");
        static_cast<void>(machine.enroll_app(name));
        must_run({"latchkey", "enroll", name, "desk", desk_of(name)});
        must_run({"latchkey", "enroll", name, "device", name + "@example.org"});
        return name;
    }
    static std::string desk_of(const std::string& name) { return "desk-" + name + "@work"; }

    // From the next conversation on.
    void use(const Fault& fault) {
        const bool configured = fault.name.find("unconfigured") == std::string::npos;
        machine.configure("[channel.faulty]\nplugin = \"" + fault.name + "\"\nprofile = \"" +
                          (fault.kind == "app" ? "none" : "network") + "\"\ndeadline = 1\n" +
                          (configured ? "service = \"push.example.org\"\n"
                                        "secret_file = \"/etc/latchkey/secrets/faulty\"\n"
                                      : "") +
                          method_with(fault.kind) + "channels = [\"faulty\"]\n");
    }

    Machine machine;

private:
    std::vector<std::filesystem::path> installed_;
    int persons_ = 0;

    static std::string method_with(const std::string& kind) {
        if (kind == "app") return "[method.totp]\n";
        if (kind.empty()) return "[method.email]\n";
        return std::string{"[method.device]\nlabel = \""} + device + "\"\nkind = \"approval\"\n";
    }
};

// Tries the way of the faulty plugin, up to the menu with the others.
void try_faulty_message(Machine& machine, Terminal& login) {
    const std::size_t before = machine.log().size();
    choose(login, "E-mail");
    type_code(login, "m");
    const std::regex first_try{"over a message outcome=.* channel=faulty .* tries=0"};
    CHECK(comes_true([&] { return std::regex_search(machine.log().substr(before), first_try); }));
}
void try_faulty_check(Terminal& login) {
    choose(login, "authenticator app");
    type_code(login, "000000");
    if (login.expect_any({not_right, not_working}) == 0) type_code(login, "m");
}
void try_faulty_device(Terminal& login) {
    choose(login, device);
    login.expect(not_working);
}

void prove_at_desk(Machine& machine, Terminal& login, const std::string& name) {
    choose(login, desk);
    login.expect("type the complete ");
    login.send_line(Afflicted::desk_of(name));
    type_code(login, code_for(machine, "desk-" + name));
    login.expect("One more proof is needed.");
}

bool no_deliverer() {
    return processes_with_command("/usr/libexec/latchkey/latchkey-verifier --deliver").empty();
}

}  // namespace

TEST_CASE("a login that asks a faulty plugin first goes on by another way") {
    constexpr std::size_t logins_of_one = 16;  // more codes are not sent to one in a minute
    Afflicted town;
    Machine& machine = town.machine;
    std::string person;
    const std::vector<Fault> faults = all_faults();
    for (std::size_t i = 0; i < faults.size(); ++i) {
        const Fault& fault = faults[i];
        INFO(fault.name << ": fails \"" << fault.check << '"');
        if (i % logins_of_one == 0 || fault.kind == "ask") person = town.new_person();
        town.use(fault);
        // One that still has the settings before would take the code of this person, too.
        if (fault.kind == "ask") CHECK(comes_true(no_deliverer, std::chrono::minutes{2}));
        Terminal login = machine.console(person);
        ask_for_recovery(login);
        if (fault.kind == "ask") {  // of whoever has proven something
            prove_at_desk(machine, login, person);
            try_faulty_device(login);
            choose(login, "E-mail");
            type_code(login, code_for(machine, person));
            login.expect("New password: ");
        } else {
            fault.kind == "app" ? try_faulty_check(login) : try_faulty_message(machine, login);
            prove_at_desk(machine, login, person);
        }
        login.hang_up();
        CHECK(comes_true([] { return processes_with_command(channel_host).empty(); }));
    }
    CHECK(signs_in_at_console(machine, person, old_password));
    evidence("C1, T20 faulty plugins at real logins",
             std::to_string(faults.size()) + " plugins that the tester refuses, each asked first",
             "each login went on by another way, the ordinary one as ever");
}

}  // namespace latchkey
