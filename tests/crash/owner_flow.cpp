// SPDX-License-Identifier: MIT
#include "tests/crash/owner_flow.hpp"

#include <sstream>

#include "tests/crash/talk.hpp"
#include "tests/system/comes_true.hpp"
#include "tests/system/processes.hpp"

namespace latchkey::crash {
namespace {

constexpr const char* user_socket = "/run/latchkey/user.sock";
constexpr const char* code_line = "  Your code: ";

// Without connecting, which would start one more monitor. Whoever listens has this flag set.
bool somebody_listens() {
    std::istringstream sockets{file_text("/proc/net/unix")};
    for (std::string line; std::getline(sockets, line);)
        if (line.ends_with(user_socket) && line.find(" 00010000 ") != std::string::npos)
            return true;
    return false;
}

}  // namespace

OwnerEnrol::OwnerEnrol() : Flow("") {
    keep();
}

std::vector<Plan> OwnerEnrol::programs() const {
    std::vector<Plan> programs = delivering();
    programs.insert(programs.begin(),
                    {Plan{"latchkey"}, Plan{"latchkey-monitor --listen"},
                     Plan{"latchkey-monitor --user"}, Plan{"latchkey-verifier --change"}});
    return programs;
}

std::vector<std::string> OwnerEnrol::command() const {
    return {"/bin/sh", "-c",
            std::string{"rm -f "} + user_socket + "; " + login_monitor +
                " --listen & listener=$!; read -r go_on; "
                "setpriv --reuid=ada --regid=ada --init-groups /usr/bin/latchkey enroll email "
                "second@example.org; kill $listener"};
}

// Not before all has ended: until then somebody listens.
void OwnerEnrol::play(Terminal& terminal, Seen& seen) {
    try {
        enrol(terminal, seen);
    } catch (const Ended&) {
    }
    static_cast<void>(terminal.expect_end());
}

void OwnerEnrol::enrol(Terminal& terminal, Seen& seen) {
    // Nobody, if it is who listens that was stopped.
    static_cast<void>(comes_true(somebody_listens, std::chrono::seconds{2}));
    Talk talk{terminal};
    talk.type("");
    talk.until("Password: ");
    talk.type(old_password);
    talk.choose("E-mail");
    talk.until("Code: ");
    talk.type(sent_code(code_line));
    talk.until("To be sure that it reaches you");
    ++seen.codes_judged;
    talk.until("Code (Enter to change nothing): ");
    talk.type(sent_code(code_line));
    talk.until("You can get back in by email");
    ++seen.confirmations_judged;
}

void OwnerEnrol::go_on(const Seen& seen, const Disk& disk, std::vector<std::string>& wrong) {
    const int added = disk.contacts - before().contacts;
    const int records = disk.enrolments - before().enrolments;
    const int vetoes = disk.vetoes - before().vetoes;
    if (added < 0 || added > 1 || records != added || vetoes != added ||
        disk.changes - before().changes != added)
        wrong.push_back(std::to_string(added) + " addresses, " + std::to_string(records) +
                        " records and " + std::to_string(vetoes) + " vetoes of one change");
    if (seen.confirmations_judged == 1 && added == 0)
        wrong.emplace_back("what was said to be enrolled is not there");
    if (added == 0) {
        Terminal terminal{command()};
        Seen again;
        play(terminal, again);
        if (Disk{}.contacts != before().contacts + 1)
            wrong.push_back("the next change fails: " + terminal.transcript());
    }
    if (!signs_in_at_console(host_.machine, "ada", old_password))
        wrong.emplace_back("the password does not sign in");
    check_audit(wrong);
}

std::vector<Notice> OwnerEnrol::notices(const Disk&) const {
    return {{"Somebody, hopefully you, has signed in and added", 1}};
}

}  // namespace latchkey::crash
