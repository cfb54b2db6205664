// SPDX-License-Identifier: MIT
#include "tests/system/claimant.hpp"

#include <stdexcept>

#include "tests/system/one_time_codes.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {

Enrolled::Enrolled(const std::vector<std::string>& groups) {
    machine.add_account("ada", old_password, groups);
    machine.set_up();
    machine.enroll_email("ada", "ada@example.org");
    app_key = machine.enroll_app("ada");
    saved_codes = machine.new_saved_codes("ada");
    // What is told of them is not under way any more when a case changes settings or programs.
    if (!latchkey_comes_to_rest()) throw std::runtime_error{"latchkey does not come to rest"};
}

void ask_for_recovery(Terminal& terminal, const std::string& reason) {
    terminal.expect("Password: ");
    terminal.send_line("");
    terminal.expect("(Enter to go back): ");
    terminal.send_line(reason);
}

std::string number_of(Terminal& terminal, const std::string& text) {
    const std::string menu = terminal.expect("(Enter to go back): ");
    const std::size_t at = menu.rfind(text);
    if (at == std::string::npos)
        throw std::runtime_error("no line \"" + text + "\" in the menu:\n" + menu);
    const std::size_t line = menu.rfind('\n', at) + 1;
    const std::size_t digit = menu.find_first_not_of(' ', line);
    return menu.substr(digit, menu.find(' ', digit) - digit);
}

void choose(Terminal& terminal, const std::string& text) {
    const std::string number = number_of(terminal, text);
    terminal.send_line(number);
}

void type_address(Terminal& terminal, const std::string& text) {
    terminal.expect("one of your recovery codes: ");
    terminal.send_line(text);
}

void type_code(Terminal& terminal, const std::string& code) {
    terminal.expect_any({"Code: ", "Enter goes back): ", "code: "});
    terminal.send_line(code);
}

void choose_password(Terminal& terminal, const std::string& password) {
    terminal.expect("New password: ");
    terminal.send_line(password);
    terminal.expect("Retype new password: ");
    terminal.send_line(password);
}

void prove_at_console(Machine& machine, Terminal& terminal, const std::string& reason) {
    ask_for_recovery(terminal, reason);
    choose(terminal, "E-mail");
    type_code(terminal, machine.next_message().code());
}

void prove_over_ssh(Enrolled& host, Terminal& terminal, const std::string& reason) {
    ask_for_recovery(terminal, reason);
    type_address(terminal, "ada@example.org");
    type_code(terminal, host.machine.next_message().code());
    choose(terminal, "authenticator app");
    type_code(terminal, authenticator_shows(host.app_key));
}

std::string code_for(Machine& machine, const std::string& name) {
    while (true) {
        const DeliveredMessage message = machine.next_message();
        if (message.text.find("To: " + name + '@') != std::string::npos &&
            message.text.find(" recovery code: ") != std::string::npos)
            return message.code();
    }
}

std::string texted_code(const std::string& text) {
    constexpr std::size_t shown = 9;
    const std::size_t end = text.find(" is the recovery code of ada");
    if (end == std::string::npos || end < shown) throw std::runtime_error("no code in " + text);
    return text.substr(end - shown, shown);
}

std::string wrong_code(const DeliveredMessage& message) {
    std::string code = message.code();
    code.front() = code.front() == '9' ? '0' : static_cast<char>(code.front() + 1);
    return code;
}

std::string resume_code(Terminal& terminal) {
    constexpr std::size_t length = 9;  // "BCDF-GHJK"
    terminal.expect("Your resume code, if you are cut off: ");
    const std::string rest = terminal.expect("\n");
    return rest.substr(0, length);
}

bool signs_in_at_console(Machine& machine, const std::string& user, const std::string& password) {
    Terminal login = machine.console(user);
    login.expect("Password: ");
    login.send_line(password);
    return machine.signed_in(login, user);
}

bool is_refused_at_console(Machine& machine, const std::string& user, const std::string& password) {
    Terminal login = machine.console(user);
    login.expect("Password: ");
    login.send_line(password);
    login.expect("Login incorrect");
    return true;
}

}  // namespace latchkey
