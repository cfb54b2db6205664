// SPDX-License-Identifier: MIT
//
// The unprivileged side, taken over: a program of the attacker in the verifier's place
// (tests/support/hostile_verifier.cpp), and the test in the module's place, so that
// hundreds of its talks with the real, installed monitor take seconds. Some of them
// are held by a real login as well.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/wire/message.hpp"

namespace latchkey {

// What the program in the verifier's place does, step by step.
class Misdeeds {
public:
    Misdeeds& hear();
    template <class M>
    Misdeeds& say(const M& message, std::size_t descriptors = 0) {
        return say_bytes(wire::encode(message), descriptors);
    }
    Misdeeds& say_bytes(const std::vector<std::byte>& bytes, std::size_t descriptors = 0);
    template <class M>
    Misdeeds& flood(const M& message, std::size_t times) {
        return flood_bytes(wire::encode(message), times);
    }
    Misdeeds& flood_bytes(const std::vector<std::byte>& bytes, std::size_t times);
    // Locks that it keeps: flock(2)'s of a file, and of bytes of one (0: all that follow).
    Misdeeds& take_turn(const std::string& file);
    Misdeeds& lock(const std::string& file, long first, long count);
    Misdeeds& rest();
    Misdeeds& end();

    // Shows a screen and takes the answer.
    Misdeeds& ask(ScreenKind kind);
    Misdeeds& ask(const wire::AskScreen& screen) { return say(screen).hear(); }

    [[nodiscard]] const std::string& script() const { return script_; }

private:
    std::string script_;
};

// A screen that the monitor shows, as the real verifier would ask for it.
[[nodiscard]] wire::AskScreen usual_screen(ScreenKind kind);

class HostileVerifier {
public:
    HostileVerifier();  // from now on, for everybody
    // Whoever comes from now on gets the real one; those that run go on.
    void leave_others_alone();

    // What it does from the next conversation on; its notes begin anew.
    void will(const Misdeeds& deeds);
    // A line per step so far.
    [[nodiscard]] std::vector<std::string> notes() const;
    // The messages it has heard, as bytes.
    [[nodiscard]] std::vector<std::vector<std::byte>> heard() const;
    // Waits until it has noted `steps` steps.
    void expect_steps(std::size_t steps) const;
    // What the monitor told it about the act, if it told anything.
    [[nodiscard]] std::vector<ActResult> acted() const;
};

// The conversation as the module saw it.
struct Talk {
    std::vector<std::string> visible;  // the questions
    std::vector<std::string> hidden;
    wire::LoginFinish finish;
    bool finished = false;  // false: the monitor went without a word
};

// What the person types, in turn; at hidden questions always the new password.
struct Person {
    std::string name = "ada";
    std::vector<std::string> answers;  // then always `otherwise`
    std::string otherwise = "12345678";
    std::string new_password = "new staple correct";
    std::string source;               // empty: at a console
    bool leaves_at_password = false;  // hangs up at the first hidden question
    // At a hidden question nothing is typed until this is so, or the monitor said more.
    std::function<bool()> types_when = [] { return true; };
    Reason reason = Reason::ForgotPassword;
};

// A whole conversation with the installed monitor, the test being the module.
[[nodiscard]] Talk talk(const Person& person);

}  // namespace latchkey
