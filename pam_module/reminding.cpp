// SPDX-License-Identifier: MIT
#include "pam_module/reminding.hpp"

#include <sys/time.h>
#include <unistd.h>

#include "core/login_texts.hpp"
#include "core/wire/message.hpp"
#include "pam_module/relay.hpp"

namespace latchkey::pam {

namespace {

// Whether a question can be put here without standing in the way of a login: somebody has just
// typed a password at this terminal, and the login program has no alarm set that would end it
// meanwhile (login of util-linux has, until the session is open).
bool may_ask(const Handle& handle) {
    const std::string service = handle.item(PAM_SERVICE);
    if (!handle.password_was_typed() || !handle.item(PAM_RHOST).empty() || service == "sshd" ||
        is_greeter(service) || handle.item(PAM_TTY).empty())
        return false;
    itimerval alarm{};
    if (::getitimer(ITIMER_REAL, &alarm) != 0) return false;
    const bool is_set = alarm.it_value.tv_sec != 0 || alarm.it_value.tv_usec != 0;
    return !is_set && ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
}

wire::SignInHello hello(const Handle& handle, const std::string& user, wire::SignInWish wish) {
    wire::SignInHello hello;
    hello.user = user;
    hello.service = handle.item(PAM_SERVICE);
    hello.tty = handle.item(PAM_TTY);
    hello.wish = wish;
    return hello;
}

// One question, whatever is due: what the first of it is, is done.
void ask(const Handle& handle, const Arguments& arguments, const std::string& user,
         const Reminder& reminder) {
    const bool registers = reminder.kind == ReminderKind::Register;
    const auto answer =
        handle.ask(reminder.text + '\n' +
                   std::string{registers ? login_texts::kRegisterNow : login_texts::kStillReached});
    if (!answer) return;  // nobody is there any more
    if (answer->reveal() != "y" && answer->reveal() != "Y")
        return send_off(handle, arguments.monitor, hello(handle, user, wire::SignInWish::Later));
    handle.tell(run_sign_in(
        handle, arguments.monitor,
        hello(handle, user, registers ? wire::SignInWish::Register : wire::SignInWish::Confirm)));
}

}  // namespace

void remind(const Handle& handle, const Arguments& arguments, const SignedIn& signed_in,
            TimePoint now) {
    if (!signed_in.reminders || signed_in.reminders->look_again <= now)
        send_off(handle, arguments.monitor, hello(handle, signed_in.user, wire::SignInWish::Look));
    if (!signed_in.reminders || now < signed_in.reminders->quiet_until) return;
    bool asks = may_ask(handle);
    for (const Reminder& reminder : signed_in.reminders->due) {
        if (reminder.kind == ReminderKind::Told || !asks) {
            handle.tell(reminder.text);
            continue;
        }
        ask(handle, arguments, signed_in.user, reminder);
        asks = false;
    }
}

}  // namespace latchkey::pam
