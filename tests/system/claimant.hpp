// SPDX-License-Identifier: MIT
//
// What people do again and again at a login prompt, said in their words.
#pragma once

#include <string>

#include "tests/system/machine.hpp"
#include "tests/system/ssh_server.hpp"

namespace latchkey {

inline constexpr const char* old_password = "old horse battery";
inline constexpr const char* new_password = "new staple correct";
inline constexpr const char* forgot = "1";
inline constexpr const char* know_my_password = "2";

// ada with an address, an app and saved codes; everything set up.
struct Enrolled {
    Machine machine;
    std::string app_key;
    std::vector<std::string> saved_codes;

    explicit Enrolled(const std::vector<std::string>& groups = {});
};

// Enter at "Password: ", then the reason.
void ask_for_recovery(Terminal& terminal, const std::string& reason = forgot);
// The number in front of the menu line that holds `text`; waits for the menu.
std::string number_of(Terminal& terminal, const std::string& text);
// Chooses a menu line by its text.
void choose(Terminal& terminal, const std::string& text);
// Types the address at the first prompt over ssh.
void type_address(Terminal& terminal, const std::string& text);
// At "Code: ", or what stands there over ssh.
void type_code(Terminal& terminal, const std::string& code);
// "New password:" and "Retype new password:".
void choose_password(Terminal& terminal, const std::string& password);
// A recovery at the console up to "New password:", by the e-mailed code.
void prove_at_console(Machine& machine, Terminal& terminal, const std::string& reason = forgot);
// Over ssh: e-mailed code, then the app; up to "New password:".
void prove_over_ssh(Enrolled& host, Terminal& terminal, const std::string& reason = forgot);

// The code sent to NAME@...; what was sent to others, and notices, come in between.
std::string code_for(Machine& machine, const std::string& name);
// The code in a text message, as it stands there: "1234 5678". Throws if there is none.
std::string texted_code(const std::string& text);
// A code that is not the one in `message`.
std::string wrong_code(const DeliveredMessage& message);
// The resume code on the screen; waits for it.
std::string resume_code(Terminal& terminal);

// Signs in at the console with `password`.
bool signs_in_at_console(Machine& machine, const std::string& user, const std::string& password);
bool is_refused_at_console(Machine& machine, const std::string& user, const std::string& password);

}  // namespace latchkey
