// SPDX-License-Identifier: MIT
#include "pam_module/reminding.hpp"

#include <sys/time.h>
#include <unistd.h>

#include <chrono>

#include "core/login_texts.hpp"
#include "core/wire/message.hpp"
#include "pam_module/relay.hpp"

namespace latchkey::pam {

namespace {

// Whether a question can be put here without standing in the way of a login: somebody has just
// typed a password at this terminal, and login(1) has no alarm set that would end it meanwhile
// (util-linux's has, until the session is open).
bool may_ask(const Handle& handle) {
    if (!handle.password_was_typed() || handle.item(PAM_SERVICE) != "login" ||
        !handle.item(PAM_RHOST).empty() || handle.item(PAM_TTY).empty())
        return false;
    itimerval alarm{};
    if (::getitimer(ITIMER_REAL, &alarm) != 0) return false;
    const bool is_set = alarm.it_value.tv_sec != 0 || alarm.it_value.tv_usec != 0;
    return !is_set && ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
}

// A clock that ran years ahead must not silence anything for years.
bool is_ahead(TimePoint time, TimePoint now) {
    constexpr std::chrono::hours kFarthest{8 * 24};
    return now < time && time <= now + kFarthest;
}

wire::SignInHello hello(const Handle& handle, const std::string& user, wire::SignInWish wish) {
    wire::SignInHello hello;
    hello.user = user;
    hello.service = handle.item(PAM_SERVICE);
    hello.tty = handle.item(PAM_TTY);
    hello.wish = wish;
    return hello;
}

// Put off before it is asked: a question that nobody answers comes once, not at every sign-in.
void ask(const Handle& handle, const Arguments& arguments, const std::string& user,
         const Reminder& reminder) {
    const bool registers = reminder.kind == ReminderKind::Register;
    send_off(handle, arguments.monitor, hello(handle, user, wire::SignInWish::Later));
    const auto answer =
        handle.ask(reminder.text + '\n' +
                   std::string{registers ? login_texts::kRegisterNow : login_texts::kStillReached});
    if (!answer || answer->empty()) return;
    const char first = answer->reveal().front();
    if (first != 'y' && first != 'Y') return;
    handle.tell(run_sign_in(
        handle, arguments.monitor,
        hello(handle, user, registers ? wire::SignInWish::Register : wire::SignInWish::Confirm)));
}

}  // namespace

void remind(const Handle& handle, const Arguments& arguments, const SignedIn& signed_in,
            TimePoint now) {
    const auto& reminders = signed_in.reminders;
    if (!reminders || !is_ahead(reminders->look_again, now))
        send_off(handle, arguments.monitor, hello(handle, signed_in.user, wire::SignInWish::Look));
    // A greeter keeps each line on the screen for seconds before the session opens.
    if (!reminders || is_ahead(reminders->quiet_until, now) || is_greeter(handle.item(PAM_SERVICE)))
        return;
    bool asks = may_ask(handle);
    for (const Reminder& reminder : reminders->due) {
        if (reminder.kind == ReminderKind::Told || !asks) {
            handle.tell(reminder.text);
            continue;
        }
        ask(handle, arguments, signed_in.user, reminder);
        asks = false;
    }
}

}  // namespace latchkey::pam
