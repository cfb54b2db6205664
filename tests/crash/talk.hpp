// SPDX-License-Identifier: MIT
//
// A person at a login prompt whose host may break under them at any moment.
#pragma once

#include <string>
#include <vector>

#include "tests/support/terminal.hpp"

namespace latchkey::crash {

// The recovery, or the login, ended before what was waited for.
struct Ended {};

class Talk {
public:
    explicit Talk(Terminal& terminal) : terminal_(terminal) {}

    // What was shown up to and including `text`. Throws Ended if the recovery was
    // refused or the program is gone; TerminalError if nothing happens at all.
    std::string until(const std::string& text);
    void type(const std::string& text) { terminal_.send_line(text); }
    // From "Password: " to the first question of the recovery.
    void ask_for_recovery(const std::string& reason);
    void choose(const std::string& way);  // by the text of its menu line
    void enter_code(const std::string& code);
    // Whether the code just typed was right: one more proof, or the act, comes next.
    bool is_right();
    void choose_password(const std::string& password);
    // To the shell, with the password once more wherever its change failed.
    void until_signed_in(const std::string& password);

private:
    std::size_t until_one_of(std::vector<std::string> texts);
    Terminal& terminal_;
};

}  // namespace latchkey::crash
