// SPDX-License-Identifier: MIT
#include "tests/system/owner.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <stdexcept>

#include "tests/system/one_time_codes.hpp"

namespace latchkey {

using nlohmann::json;

void type_password(Terminal& terminal) {
    terminal.expect("Password: ");
    terminal.send_line(old_password);
}

void prove_by_saved_code(Terminal& terminal, const std::string& code) {
    type_password(terminal);
    choose(terminal, "Enter one of my recovery codes or a temporary pass");
    terminal.expect("Pass or recovery code: ");
    terminal.send_line(code);
}

void prove_by_app(Terminal& terminal, const std::string& key) {
    type_password(terminal);
    choose(terminal, "authenticator app");
    type_code(terminal, authenticator_shows(key));
}

int status_of(Terminal& terminal) {
    const int status = terminal.expect_end();
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

json shown_to(const std::string& user, const std::vector<std::string>& words) {
    return json::parse(must_run(as_user(user, words)));
}

json account_of(const std::string& user) {
    return shown_to(user, {"status", "--json"});
}

json way_of(const std::string& method, const std::string& user) {
    const json account = account_of(user);
    for (const json& each : account.at("methods"))
        if (each.at("method") == method) return each;
    return nullptr;
}

bool counts_now(const std::string& method, const std::string& user) {
    const auto proofs = account_of(user).at("proofs").get<std::vector<std::string>>();
    return std::find(proofs.begin(), proofs.end(), method) != proofs.end();
}

std::time_t time_in(const json& text) {
    std::tm when{};
    if (::strptime(text.get<std::string>().c_str(), "%Y-%m-%dT%H:%M:%SZ", &when) == nullptr)
        throw std::runtime_error{"no time: " + text.dump()};
    return ::timegm(&when);
}

std::string part_behind(const std::string& text, const std::string& label, std::size_t length) {
    const auto at = text.find(label);
    if (at == text.npos) throw std::runtime_error{"no \"" + label + "\" in:\n" + text};
    return text.substr(at + label.size(), length);
}

void confirm_address(Machine& machine, Terminal& terminal) {
    terminal.expect("Code (Enter to change nothing): ");
    terminal.send_line(part_behind(machine.next_message().text, " code: ", 9));
    terminal.expect("You can get back in by ");
    terminal.expect(" from ");
    if (status_of(terminal) != 0) throw std::runtime_error{terminal.transcript()};
}

}  // namespace latchkey
