// SPDX-License-Identifier: MIT
#include "tests/crash/talk.hpp"

#include <algorithm>
#include <string_view>

namespace latchkey::crash {
namespace {

constexpr const char* menu_end = "(Enter to go back): ";
// A host's stack in which something failed asks once more, and so does the login.
constexpr int patience = 4;

}  // namespace

std::size_t Talk::until_one_of(std::vector<std::string> texts) {
    const std::size_t wanted = texts.size();
    for (const char* end :
         {"does not work now", "not working now", "was not locked", "Login incorrect",
          "Press Enter to go back", "Too many wrong entries", "Login timed out"})
        texts.emplace_back(end);
    std::size_t found = 0;
    try {
        found = terminal_.expect_any(texts);
    } catch (const TerminalError&) {
        if (!terminal_.ended()) throw;
        throw Ended{};
    }
    if (found >= wanted) throw Ended{};
    return found;
}

std::string Talk::until(const std::string& text) {
    const std::size_t from = terminal_.transcript().size() - terminal_.unread().size();
    until_one_of({text});
    const std::string all = terminal_.transcript();
    return all.substr(from, all.size() - terminal_.unread().size() - from);
}

void Talk::ask_for_recovery(const std::string& reason) {
    until("Password: ");
    type("");
    until(menu_end);
    type(reason);
}

void Talk::choose(const std::string& way) {
    const std::string menu = until(menu_end);
    const std::size_t at = menu.rfind(way);
    if (at == std::string::npos) throw Ended{};  // it is not offered any more
    const std::size_t digit = menu.find_first_not_of(' ', menu.rfind('\n', at) + 1);
    type(menu.substr(digit, menu.find(' ', digit) - digit));
}

void Talk::enter_code(const std::string& code) {
    until_one_of({"Code: ", "code: ", "Enter goes back): "});
    type(code);
}

bool Talk::is_right() {
    const std::vector<std::string> answers{
        "One more proof is needed", "New password: ", "no longer locked", "That was not right"};
    return until_one_of(answers) + 1 != answers.size();
}

void Talk::choose_password(const std::string& password) {
    for (int i = 0; i < patience; ++i) {
        type(password);
        if (until_one_of({"Retype new password: ", "New password: "}) == 0) return type(password);
    }
    throw Ended{};
}

void Talk::until_signed_in(const std::string& password) {
    for (int i = 0; i < patience; ++i) {
        if (until_one_of({"$ ", "New password: "}) == 0) return;
        choose_password(password);
    }
    throw Ended{};
}

}  // namespace latchkey::crash
