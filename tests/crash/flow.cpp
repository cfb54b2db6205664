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
    before_.emplace();
    // Of what was told until now nothing counts.
    must_run({"find", kMessages, "-type", "f", "-delete"});
    kept_ = std::make_unique<Kept>();
}

std::vector<Plan> Flow::programs() const {
    // Of the login program only what the module does: from the start of the monitor to its end.
    Plan host{"login"};
    host.after = "socketpair";
    host.alongside = "latchkey-monitor";
    std::vector<Plan> programs = delivering();
    programs.insert(programs.begin(),
                    {host, Plan{"latchkey-monitor"}, Plan{"latchkey-verifier --login"}});
    return programs;
}

std::vector<Plan> Flow::delivering() {
    return {Plan{"latchkey-channel-host"}, Plan{"latchkey-monitor --deliver"},
            Plan{"latchkey-verifier --deliver"}};
}

Seen Flow::run(const Stop& stop) {
    static_cast<void>(host_.machine.take_messages());
    kept_->put_back();
    neighbours_.clear();
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
        disk.saved_codes < seen.saved_codes_judged ||
        disk.confirmations < seen.confirmations_judged)
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

std::vector<Notice> Flow::notices(const Disk& disk) const {
    return {{"Somebody proved to be you", disk.granted}};
}

// Every notice that was due has come, and none came twice.
void Flow::check_notices(std::vector<std::string>& wrong) {
    deliver_now();
    const Disk disk;
    for (const Notice& notice : notices(disk))
        if (const int come = messages_with(notice.words); come != notice.due)
            wrong.push_back(std::to_string(come) + " of " + std::to_string(notice.due) +
                            " notices: " + notice.words);
    if (messages_with(kRecoveryCode) > disk.sends)
        wrong.emplace_back("more messages than were counted");
    if (disk.waiting != 0) wrong.emplace_back("the outbox is not empty");
    if (disk.open_acts != 0) wrong.emplace_back("an act is left open in the ledger");
}

void Flow::check_audit(std::vector<std::string>& wrong) {
    const Completed verified = run_command({"/usr/bin/latchkey", "audit", "verify"});
    if (verified.status != 0) wrong.push_back("audit verify: " + verified.out + verified.err);
    // What becomes a fault in two minutes.
    if (verified.out.find("is not in the audit log") != std::string::npos)
        wrong.push_back("the audit log lacks an enrolment: " + verified.out);
}

std::string Flow::sent_code(const std::string& label) {
    for (int tries = 0; tries < 2; ++tries) {
        static_cast<void>(delivery_rests());
        auto messages = host_.machine.take_messages();
        std::erase_if(messages, [&label](const DeliveredMessage& message) {
            return message.text.find(label) == std::string::npos;
        });
        if (!messages.empty()) {
            const std::string& text = messages.back().text;
            const std::size_t from = text.find(label) + label.size();
            return text.substr(from, text.find('\n', from) - from);
        }
        deliver_now();
    }
    throw Ended{};
}

bool Flow::is_accepted(const std::string& way, const std::string& code) {
    neighbours_.emplace_back(std::vector<std::string>{"/bin/cat"});
    Terminal login = host_.machine.console("ada");
    Talk talk{login};
    try {
        talk.ask_for_recovery(forgot);
        talk.choose(way);
        talk.enter_code(code);
        return talk.is_right();
    } catch (const Ended&) {
        return false;
    }
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
