// SPDX-License-Identifier: MIT
#include "tests/crash/flows.hpp"

#include "tests/crash/talk.hpp"
#include "tests/system/one_time_codes.hpp"

namespace latchkey::crash {
namespace {

constexpr const char* third_password = "third time lucky";

std::string another(std::string code) {
    code.front() = code.front() == '9' ? '0' : static_cast<char>(code.front() + 1);
    return code;
}

}  // namespace

// ---- reset ------------------------------------------------------------------

Reset::Reset() : Flow("[gates]\nconsole = 2\n") {
    keep();
}

void Reset::play(Terminal& terminal, Seen& seen) {
    Talk talk{terminal};
    talk.ask_for_recovery(forgot);
    talk.choose("E-mail");
    talk.until("Code: ");
    const std::string code = sent_code();
    talk.type(another(code));
    if (talk.is_right()) throw std::runtime_error("a wrong code was accepted");
    ++seen.codes_judged;
    talk.enter_code(code);
    if (!talk.is_right()) throw Ended{};
    ++seen.codes_judged;
    talk.choose("recovery codes");
    talk.enter_code(host_.saved_codes.front());
    if (!talk.is_right()) throw Ended{};
    ++seen.saved_codes_judged;
    seen.right_saved_code = host_.saved_codes.front();
    talk.choose_password(new_password);
    talk.until_signed_in(new_password);
    seen.signed_in = true;
}

void Reset::go_on(const Seen& seen, const Disk&, std::vector<std::string>& wrong) {
    const bool changed = host_.machine.password_is("ada", new_password);
    if (seen.signed_in && !changed) wrong.emplace_back("signed in without a new password");
    if (!seen.right_saved_code.empty() && is_accepted("recovery codes", seen.right_saved_code))
        wrong.emplace_back("a saved code was accepted twice");
    // The day's one reset counts, however its recovery ended, and only if it happened.
    if (recovers(third_password) == changed)
        wrong.emplace_back(changed ? "a second reset on one day" : "the next recovery fails");
    const char* const now = changed ? new_password : third_password;
    if (!signs_in_at_console(host_.machine, "ada", now))
        wrong.emplace_back("the password does not sign in");
}

// ---- unlock -----------------------------------------------------------------

Unlock::Unlock() : Flow("") {
    host_.machine.use_faillock();
    for (int i = 0; i < 3; ++i)
        static_cast<void>(is_refused_at_console(host_.machine, "ada", "not my password"));
    keep();
}

void Unlock::play(Terminal& terminal, Seen& seen) {
    Talk talk{terminal};
    talk.ask_for_recovery(know_my_password);
    talk.choose("authenticator app");
    const std::string code = authenticator_shows(host_.app_key);
    talk.enter_code(code);
    if (!talk.is_right()) throw Ended{};
    ++seen.otps_judged;
    seen.right_otp = code;
    // Where the groups could not be read, ada may be one who can become root: two gates.
    if (terminal.transcript().find("One more proof is needed") != std::string::npos) {
        talk.choose("recovery codes");
        talk.enter_code(host_.saved_codes.front());
        if (!talk.is_right()) throw Ended{};
        ++seen.saved_codes_judged;
    }
    talk.until("Password: ");
    talk.type(old_password);
    talk.until("$ ");
    seen.signed_in = true;
}

void Unlock::go_on(const Seen& seen, const Disk& disk, std::vector<std::string>& wrong) {
    const bool unlocked = must_run({"faillock", "--user", "ada"}).find(" V\n") == std::string::npos;
    if (seen.signed_in && !unlocked) wrong.emplace_back("signed in while locked out");
    if (unlocked && disk.granted == 0) wrong.emplace_back("an unlock without a grant on disk");
    if (!seen.right_otp.empty() && is_accepted("authenticator app", seen.right_otp))
        wrong.emplace_back("an app's code was accepted twice");
    if (!recovers(third_password)) wrong.emplace_back("the next recovery fails");
    if (unlocked && Disk{}.done_acts != 2) wrong.emplace_back("the unlock was not counted");
    if (!unlocked) must_run({"faillock", "--user", "ada", "--reset"});
    if (!signs_in_at_console(host_.machine, "ada", third_password))
        wrong.emplace_back("the password does not sign in");
}

// ---- resend -----------------------------------------------------------------

Resend::Resend() : Flow("") {
    keep();
}

void Resend::play(Terminal& terminal, Seen& seen) {
    Talk talk{terminal};
    talk.ask_for_recovery(forgot);
    talk.choose("E-mail");
    talk.until("Code: ");
    const std::string first = sent_code();
    talk.type("r");
    talk.until("a newer code will come");
    talk.until("Code: ");
    const std::string second = sent_code();
    talk.type(first);
    if (first != second && talk.is_right()) throw std::runtime_error("a void code was accepted");
    ++seen.codes_judged;
    talk.enter_code(second);
    if (!talk.is_right()) throw Ended{};
    ++seen.codes_judged;
}

void Resend::go_on(const Seen&, const Disk&, std::vector<std::string>& wrong) {
    if (!recovers(third_password)) wrong.emplace_back("the next recovery fails");
    if (!signs_in_at_console(host_.machine, "ada", third_password))
        wrong.emplace_back("the password does not sign in");
}

}  // namespace latchkey::crash
