// SPDX-License-Identifier: MIT
//
// What all flows have in common: running one, and looking at what it has left.
#include <filesystem>

#include "tests/crash/flows.hpp"
#include "tests/crash/talk.hpp"
#include "tests/system/one_time_codes.hpp"
#include "tests/system/processes.hpp"

namespace latchkey::crash {
namespace {

constexpr const char* delivery = "/usr/libexec/latchkey/latchkey-monitor --deliver";
constexpr const char* kMessages = "/var/spool/latchkey-messages";
constexpr const char* notice = "Somebody proved to be you";
constexpr const char* code_line = "Your recovery code: ";

// False if it waits for a later try: what the timer does in a minute is done at once.
bool delivery_rests() {
    return comes_true([] { return processes_with_command(delivery).empty(); },
                      std::chrono::seconds{1});
}

void deliver_now() {
    for (const pid_t pid : processes_with_command(delivery)) kill_for_good(pid);
    let_the_outbox_be_due();
    static_cast<void>(run_command({"/usr/libexec/latchkey/latchkey-monitor", "--deliver"}));
}

// Of all messages since things were put back.
int messages_with(const std::string& text) {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(kMessages)) {
        const std::string path = entry.path().string();
        const bool whole = entry.path().filename().string().front() != '.';
        if (whole && file_text(path).find(text) != std::string::npos) ++count;
    }
    return count;
}

}  // namespace

Flow::Flow(const std::string& settings) {
    host_.machine.configure(settings, "70-flow");
}

void Flow::keep() {
    // What the host makes a guesser wait is not looked at, and would be most of the time.
    must_run({"sed", "-i", "/pam_faildelay/d", "/etc/pam.d/login"});
    must_run({"sed", "-i", "/pam_unix/s/$/ nodelay/", "/etc/pam.d/common-auth"});
    must_run({"sh", "-c", "echo nodelay >>/etc/security/faillock.conf"});
    // Nor is how long a password's hash takes, which is a try's work otherwise.
    must_run({"sed", "-i", "/pam_unix/s/$/ rounds=1/", "/etc/pam.d/common-password"});
    host_.machine.set_password("ada", old_password);
    kept_ = std::make_unique<Kept>();
}

std::vector<Plan> Flow::programs() const {
    const std::string in_admin = is_the_administrators() ? " --admin" : "";
    Plan host{is_the_administrators() ? "latchkey" : "login"};
    // Of the login program only what the module does: from the start of the monitor to its end.
    if (!is_the_administrators()) {
        host.after = "socketpair";
        host.alongside = "latchkey-monitor";
    }
    std::vector<Plan> programs{
        host, Plan{"latchkey-monitor" + in_admin},
        Plan{"latchkey-verifier " + std::string{is_the_administrators() ? "--admin" : "--login"}}};
    if (is_the_administrators()) return programs;
    for (const char* program :
         {"latchkey-channel-host", "latchkey-monitor --deliver", "latchkey-verifier --deliver"})
        programs.push_back(Plan{program});
    return programs;
}

Seen Flow::run(const Stop& stop) {
    static_cast<void>(host_.machine.take_messages());
    kept_->put_back();
    Seen seen;
    {
        Terminal terminal{stop.around(command())};
        try {
            play(terminal, seen);
        } catch (const Ended&) {
        } catch (const TerminalError& silence) {
            seen.hung = silence.what();
        }
        seen.shown = terminal.transcript();
    }
    if (!delivery_rests())
        for (const pid_t pid : processes_with_command(delivery)) kill_for_good(pid);
    return seen;
}

std::vector<std::string> Flow::violations(const Seen& seen) {
    std::vector<std::string> wrong;
    if (!seen.hung.empty()) wrong.push_back("nothing happens any more: " + seen.hung);
    if (!latchkey_comes_to_rest()) wrong.emplace_back("a program of latchkey is left running");
    try {
        const Disk disk;
        check_disk(seen, disk, wrong);
        go_on(seen, disk, wrong);
        if (!latchkey_comes_to_rest()) wrong.emplace_back("a program is left running at the end");
        check_notices(wrong);
    } catch (const std::exception& problem) {
        wrong.emplace_back(problem.what());
    }
    return wrong;
}

void Flow::check_disk(const Seen& seen, const Disk& disk, std::vector<std::string>& wrong) {
    if (disk.codes < seen.codes_judged || disk.otps < seen.otps_judged ||
        disk.saved_codes < seen.saved_codes_judged)
        wrong.emplace_back("fewer attempts on disk than were compared");
    if (!account_files_parse()) wrong.emplace_back(kFilesAreCut);
    const bool is_new = host_.machine.password_is("ada", new_password);
    if (!is_new && !host_.machine.password_is("ada", old_password))
        wrong.emplace_back("the password is neither the old nor the new one");
    if (is_new && disk.granted == 0) wrong.emplace_back("an act without a grant on disk");
    if (seen.shown.find(old_password) != std::string::npos ||
        seen.shown.find(new_password) != std::string::npos)
        wrong.emplace_back(kPasswordIsSeen);
}

// Every notice that was due has come, and none came twice.
void Flow::check_notices(std::vector<std::string>& wrong) {
    deliver_now();
    const Disk disk;
    const int notices = messages_with(notice);
    if (notices != disk.granted)
        wrong.push_back(std::to_string(notices) + " notices for " + std::to_string(disk.granted) +
                        " grants");
    if (messages_with(code_line) > disk.sends)
        wrong.emplace_back("more messages than were counted");
    if (disk.waiting != 0) wrong.emplace_back("the outbox is not empty");
    if (disk.open_acts != 0) wrong.emplace_back("an act is left open in the ledger");
}

std::string Flow::sent_code() {
    for (int tries = 0; tries < 2; ++tries) {
        static_cast<void>(delivery_rests());
        auto messages = host_.machine.take_messages();
        std::erase_if(messages, [](const DeliveredMessage& message) {
            return message.text.find(code_line) == std::string::npos;
        });
        if (!messages.empty()) return messages.back().code();
        deliver_now();
    }
    throw Ended{};
}

bool Flow::recovers(const std::string& password) {
    Terminal login = host_.machine.console("ada");
    Talk talk{login};
    try {
        talk.ask_for_recovery(forgot);
        talk.choose("E-mail");
        talk.until("Code: ");
        talk.type(sent_code());
        if (!talk.is_right()) return false;
        if (login.transcript().find("New password: ") == std::string::npos) {
            talk.choose("authenticator app");
            talk.enter_code(authenticator_shows(host_.app_key));
            if (!talk.is_right()) return false;
        }
        talk.choose_password(password);
        talk.until_signed_in(password);
    } catch (const Ended&) {
    }
    return host_.machine.password_is("ada", password);
}

}  // namespace latchkey::crash
