// SPDX-License-Identifier: MIT
#include "pam_module/login.hpp"

#include <security/pam_ext.h>
#include <shadow.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "core/login_texts.hpp"
#include "pam_module/main_switch.hpp"
#include "pam_module/relay.hpp"

namespace latchkey::pam {

namespace {

constexpr int kRounds = 3;  // times the first question may be gone back from
constexpr unsigned kFailDelayMicroseconds =
    2000000;  // pam_unix's, so that a refusal looks like its own

// An account without a password (passwd -d) signs in by pressing Enter, as ever. Of this
// host's own accounts alone: a directory's would cost a question to the directory.
bool has_empty_password(const std::string& user) {
    FILE* const file = ::fopen("/etc/shadow", "re");
    if (file == nullptr) return false;
    std::array<char, 4096> stdio{};
    std::array<char, 4096> buffer{};
    ::setvbuf(file, stdio.data(), _IOFBF, stdio.size());
    bool empty = false;
    spwd row{};
    spwd* found = nullptr;
    // To its end whatever the name is, or to a row that is too long or none.
    while (::fgetspent_r(file, &row, buffer.data(), buffer.size(), &found) == 0)
        if (user == row.sp_namp) empty = row.sp_pwdp != nullptr && *row.sp_pwdp == '\0';
    ::fclose(file);
    explicit_bzero(stdio.data(), stdio.size());
    explicit_bzero(buffer.data(), buffer.size());
    return empty;
}

// What became of a recovery, and what the monitor has to say besides.
std::string with_more(std::string_view text, const std::string& more) {
    return std::string{text} + (more.empty() ? "" : "\n") + more;
}

// What the claimant wants of latchkey.
struct Wish {
    Reason reason = Reason::ForgotPassword;
    std::string resume_code;
};

class Login {
public:
    Login(const Handle& handle, const Arguments& arguments, std::string user, int flags)
        : handle_(handle),
          arguments_(arguments),
          empty_passwords_are_refused_((flags & PAM_DISALLOW_NULL_AUTHTOK) != 0),
          user_(std::move(user)),
          service_(handle.item(PAM_SERVICE)),
          rhost_(handle.item(PAM_RHOST)),
          remote_(!rhost_.empty() || service_ == "sshd") {}

    LoginOutcome run() {
        for (int round = 0; round < kRounds; ++round) {
            const auto typed = ask_password(round == 0 ? login_texts::kHint : std::string_view{});
            if (!typed) return LoginOutcome::Refused;
            if (!asks_for_recovery(*typed)) return go_on_with(*typed, LoginOutcome::PasswordTyped);
            // Where the host refuses empty passwords (sshd does), nobody is told from others
            // by having one.
            if (typed->empty() && !empty_passwords_are_refused_ && has_empty_password(user_))
                return go_on_with(*typed, LoginOutcome::PasswordTyped);
            if (const auto outcome = recover()) return *outcome;
        }
        return LoginOutcome::Refused;
    }

private:
    // sshd keeps a text without a question for after the login, also with its
    // `password` method where no question is shown at all: there the text has to
    // be part of the prompt.
    std::optional<Secret> ask_password(std::string_view text) {
        if (text.empty()) return handle_.ask_hidden(std::string{login_texts::kPasswordPrompt});
        if (remote_)
            return handle_.ask_hidden(std::string{text} + '\n' +
                                      std::string{login_texts::kPasswordPrompt});
        handle_.tell(std::string{text});
        return handle_.ask_hidden(std::string{login_texts::kPasswordPrompt});
    }

    bool asks_for_recovery(const Secret& typed) const {
        return typed.empty() || (is_greeter(service_) && typed.reveal() == arguments_.keyword);
    }

    LoginOutcome go_on_with(const Secret& password, LoginOutcome outcome) const {
        return handle_.set_authtok(password) ? outcome : LoginOutcome::Refused;
    }

    // Nothing: the claimant went back to "Password: ".
    std::optional<LoginOutcome> recover() {
        std::string remark;
        for (int round = 0; round < kRounds; ++round) {
            const auto wish = ask_reason(remark);
            if (!wish) return LoginOutcome::Refused;
            if (!wish->has_value()) return std::nullopt;
            Recovery recovery = run_recovery(handle_, arguments_.monitor, hello(**wish));
            if (recovery.outcome == Outcome::Back) return std::nullopt;
            if (recovery.outcome != Outcome::ResumeUnknown) return finish(recovery);
            remark = login_texts::kResumeUnknown;
        }
        return LoginOutcome::Refused;
    }

    // Outer nothing: the conversation failed. Inner nothing: an empty answer.
    // A length decides over a remote service, where sshd replaces the answers of
    // unknown names by junk of the same length; so it decides at a console, too.
    std::optional<std::optional<Wish>> ask_reason(const std::string& remark) {
        const auto answer = handle_.ask(remark + std::string{login_texts::kReasonQuestion});
        if (!answer) return std::nullopt;
        const std::string_view text = answer->reveal();
        if (text.empty()) return std::optional<Wish>{};
        if (text.size() > 1) return Wish{Reason::ForgotPassword, std::string{text}};
        return Wish{text == "2" ? Reason::KnowsPassword : Reason::ForgotPassword, {}};
    }

    wire::LoginHello hello(const Wish& wish) const {
        wire::LoginHello hello;
        hello.user = user_;
        hello.service = service_;
        hello.rhost = rhost_;
        hello.tty = handle_.item(PAM_TTY);
        hello.reason = wish.reason;
        hello.resume_code = wish.resume_code;
        hello.faillock_dir = arguments_.faillock_dir;
        return hello;
    }

    LoginOutcome finish(const Recovery& recovery) {
        switch (recovery.outcome) {
            case Outcome::Recovered:
                handle_.tell(with_more(login_texts::kPasswordChanged, recovery.text));
                if (!is_still_the_same_person()) return LoginOutcome::Refused;
                if (recovery.password.empty()) return LoginOutcome::PasswordChanged;
                return go_on_with(recovery.password, LoginOutcome::PasswordChanged);
            case Outcome::Unlocked:
                return sign_in_with_known_password(
                    with_more(login_texts::kUnlocked, recovery.text));
            case Outcome::NothingWasLocked:
                return sign_in_with_known_password(
                    with_more(login_texts::kNothingWasLocked, recovery.text));
            case Outcome::WhomToAsk:
            case Outcome::Proven:  // of no login
                return LoginOutcome::Refused;
            case Outcome::Refused:
            case Outcome::Back:
            case Outcome::ResumeUnknown:
                break;
        }
        // A question, because sshd shows nothing else once the login has failed.
        const std::string text =
            recovery.text.empty() ? std::string{login_texts::kUnavailable} : recovery.text;
        (void)handle_.ask(text + '\n' + std::string{login_texts::kEnterToContinue});
        return LoginOutcome::Refused;
    }

    // The conversation, or what it calls, may have put another name into PAM_USER:
    // what was done for one account must not go on as a login of another.
    bool is_still_the_same_person() const {
        if (handle_.item(PAM_USER) == user_) return true;
        pam_syslog(handle_.get(), LOG_ERR, "the user was changed during a recovery; refused");
        return false;
    }

    LoginOutcome sign_in_with_known_password(std::string_view text) {
        const auto typed = ask_password(text);
        if (!typed || typed->empty() || !is_still_the_same_person()) return LoginOutcome::Refused;
        return go_on_with(*typed, LoginOutcome::LockoutCleared);
    }

    const Handle& handle_;
    const Arguments& arguments_;
    bool empty_passwords_are_refused_;
    std::string user_;
    std::string service_;
    std::string rhost_;
    bool remote_;
};

}  // namespace

LoginOutcome authenticate(const Handle& handle, const Arguments& arguments, int flags) {
    if (::geteuid() != 0 || !is_switched_on() || handle.has_authtok())
        return LoginOutcome::NothingToDo;
    if (!is_served(arguments, handle.item(PAM_SERVICE))) return LoginOutcome::NothingToDo;
    for (const std::string& argument : arguments.unknown)
        pam_syslog(handle.get(), LOG_WARNING, "argument not understood: %s", argument.c_str());
    auto user = handle.user();
    if (!user) return LoginOutcome::NothingToDo;
    Login login{handle, arguments, std::move(*user), flags};
    const LoginOutcome outcome = login.run();
    handle.remember_typed_password(outcome == LoginOutcome::PasswordTyped);
    if (outcome == LoginOutcome::Refused)
        (void)pam_fail_delay(handle.get(), kFailDelayMicroseconds);
    return outcome;
}

}  // namespace latchkey::pam
