// SPDX-License-Identifier: MIT
#include "demo/plays.hpp"

#include <chrono>
#include <functional>
#include <iostream>
#include <utility>
#include <vector>

#include "demo/show.hpp"
#include "tests/system/ssh_server.hpp"

namespace latchkey::demo {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds patience{30};

// What a step may need to know when its turn comes.
struct Known {
    std::string screen;   // what was shown since the last answer
    std::string message;  // code in the last message, empty while there is none
};

struct Step {
    std::string cue;
    std::function<std::string(const Known&)> answer;  // empty result: not yet
    std::string note;
};

// Follows a list of steps; done after the last.
class Script final : public Person {
public:
    explicit Script(std::vector<Step> steps) : steps_(std::move(steps)) {}

    std::optional<Keys> react(const std::string& unanswered) override {
        if (is_done()) return std::nullopt;
        const Step& step = steps_[next_];
        if (unanswered.find(step.cue) != std::string::npos) {
            const std::string answer =
                step.answer ? step.answer({unanswered, code_}) : std::string("\r");
            if (!answer.empty()) {
                ++next_;
                since_ = Clock::now();
                return Keys{answer, step.note};
            }
        }
        if (Clock::now() - since_ > patience) {
            throw TerminalError("Ada waited in vain for \"" + step.cue + '"');
        }
        return std::nullopt;
    }
    void receive(const DeliveredMessage& message) override {
        if (message.text.find("recovery code:") != std::string::npos) code_ = message.code();
    }
    [[nodiscard]] bool is_done() const override { return next_ == steps_.size(); }

private:
    std::vector<Step> steps_;
    std::size_t next_ = 0;
    std::string code_;
    Clock::time_point since_ = Clock::now();
};

Step types(std::string cue, const std::string& text) {
    return {std::move(cue), [text](const Known&) { return text + '\r'; }, {}};
}

Step types_unseen(std::string cue, const std::string& text, std::string note) {
    return {std::move(cue), [text](const Known&) { return text + '\r'; }, std::move(note)};
}

Step presses_enter(std::string cue) {
    return {std::move(cue), {}, "Enter"};
}

// The number in front of a line of the menu.
Step chooses(const std::string& choice) {
    return {"(Enter to go back): ",
            [choice](const Known& known) {
                const std::size_t at = known.screen.find(choice);
                const std::size_t line = known.screen.rfind('\n', at) + 1;
                if (at == std::string::npos) throw TerminalError("no choice \"" + choice + '"');
                const std::size_t digit = known.screen.find_first_of("123456789", line);
                return known.screen.substr(digit, 1) + '\r';
            },
            {}};
}

Step types_code_from_message(std::string cue) {
    return {std::move(cue),
            [](const Known& known) { return known.message.empty() ? "" : known.message + '\r'; },
            {}};
}

// The first thing her shell is told, so that the prompt is seen before the end.
Step looks_around() {
    return types("$ ", "whoami");
}
Step leaves() {
    return types("$ ", "exit");
}

std::vector<Step> chooses_new_password(const std::string& password) {
    return {types_unseen("New password: ", password, "a new password"),
            types_unseen("Retype new password: ", password, "the same again")};
}

std::vector<Step> joined(std::vector<std::vector<Step>> parts) {
    std::vector<Step> all;
    for (auto& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

std::vector<Step> proves_at_console() {
    return {chooses("E-mail my alternate address"), types_code_from_message("Code: ")};
}

void heading(const std::string& text) {
    std::cout << "\n--- " << text << " ---\n\n" << std::flush;
}

bool verdict(const std::string& what, bool holds) {
    std::cout << (holds ? "  yes  " : "  NO   ") << what << '\n' << std::flush;
    return holds;
}

bool play_forgot(Scene& scene) {
    const std::string fresh = random_word(14);
    heading("Ada forgot her password, at the console");
    scene.expect_sign_in();
    Script ada(
        joined({{types("login: ", kAda), presses_enter("Password: "), chooses("I forgot my")},
                proves_at_console(),
                chooses_new_password(fresh),
                {looks_around(), leaves()}}));
    Terminal login = scene.machine().console();
    show(login, scene, ada);
    heading("Did it really happen?");
    const bool in =
        verdict("the shell of Ada's session wrote its uid and the nonce", scene.was_signed_in());
    const bool dead = verdict("login refuses the old password now",
                              !scene.password_lets_in(scene.old_password()));
    return verdict("login takes the new one", scene.password_lets_in(fresh)) && in && dead;
}

// Enough wrong passwords that pam_faillock refuses also the right one.
bool lock_out(Scene& scene) {
    scene.machine().use_faillock();
    for (int failure = 0; failure < 3; ++failure) {
        if (scene.password_lets_in("not my password")) return false;
    }
    return !scene.password_lets_in(scene.old_password());
}

bool play_unlock(Scene& scene) {
    heading("Ada is locked out after three failed attempts (pam_faillock), at the console");
    const bool locked = verdict("login refuses even the right password", lock_out(scene));
    if (!locked) return false;
    scene.expect_sign_in();
    Script ada(joined({{types("login: ", kAda), presses_enter("Password: "), chooses("I know my")},
                       proves_at_console(),
                       {types_unseen("no longer locked. Sign in with your password.\nPassword: ",
                                     scene.old_password(), "the password she has"),
                        looks_around(), leaves()}}));
    Terminal login = scene.machine().console();
    show(login, scene, ada);
    heading("Did it really happen?");
    const bool in =
        verdict("the shell of Ada's session wrote its uid and the nonce", scene.was_signed_in());
    return verdict("her password is the old one",
                   scene.machine().password_is(kAda, scene.old_password())) &&
           in;
}

bool play_ssh(Scene& scene) {
    const std::string fresh = random_word(14);
    heading("Ada forgot her password, over ssh: two proofs are needed");
    scene.expect_sign_in();
    SshServer server;
    Script ada(joined(
        {{presses_enter("Password: "), chooses("I forgot my"),
          types("or one of your recovery codes: ", kAddress),
          types_code_from_message("Enter goes back): "), chooses("Enter one of my recovery codes"),
          types("Pass or recovery code: ", scene.saved_codes().front())},
         chooses_new_password(fresh),
         {looks_around(), leaves()}}));
    Terminal client = server.connect(kAda);
    show(client, scene, ada);
    heading("Did it really happen?");
    const bool in =
        verdict("the shell of Ada's session wrote its uid and the nonce", scene.was_signed_in());
    const bool dead = verdict("login refuses the old password now",
                              !scene.password_lets_in(scene.old_password()));
    return verdict("login takes the new one", scene.password_lets_in(fresh)) && in && dead;
}

}  // namespace

bool is_play(const std::string& name) {
    return name == "forgot" || name == "unlock" || name == "ssh";
}

bool play(const std::string& name, Scene& scene) {
    if (name == "forgot") return play_forgot(scene);
    if (name == "unlock") return play_unlock(scene);
    return play_ssh(scene);
}

}  // namespace latchkey::demo
