// SPDX-License-Identifier: MIT
//
// What an owner of an account does with `latchkey`, over the users' socket, and what is seen then.
#pragma once

#include <ctime>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/system/claimant.hpp"
#include "tests/system/user_socket.hpp"

namespace latchkey {

// ada, who has nothing, on a host where somebody listens for users.
struct OwnersHost {
    Machine machine;
    RunningProgram listener;

    OwnersHost() {
        machine.add_account("ada", old_password);
        machine.set_up();
        listener = listen_for_users();
    }
};

// ada with an address, an app and saved codes.
struct EnrolledOwnersHost : Enrolled {
    RunningProgram listener = listen_for_users();
};

// Types what every account of these hosts has.
void type_password(Terminal& terminal);
// The password, and one of the saved codes.
void prove_by_saved_code(Terminal& terminal, const std::string& code);
// The password, and what the app shows: of saved codes one a second is compared.
void prove_by_app(Terminal& terminal, const std::string& key);
// What it ended with; -1 if that was a signal.
[[nodiscard]] int status_of(Terminal& terminal);

// What `latchkey` says to that user with --json among the words; throws if it fails.
[[nodiscard]] nlohmann::json shown_to(const std::string& user,
                                      const std::vector<std::string>& words);
// The user's status.
[[nodiscard]] nlohmann::json account_of(const std::string& user = "ada");
// The first of that method in it; null if there is none.
[[nodiscard]] nlohmann::json way_of(const std::string& method, const std::string& user = "ada");
// Whether something of that method proves who the user is, now.
[[nodiscard]] bool counts_now(const std::string& method, const std::string& user = "ada");
// A time as JSON has it.
[[nodiscard]] std::time_t time_in(const nlohmann::json& text);

// The `length` bytes behind the label; throws if it is not there.
[[nodiscard]] std::string part_behind(const std::string& text, const std::string& label,
                                      std::size_t length);
// Types the code that was sent to a new address; until the command says from when it counts.
void confirm_address(Machine& machine, Terminal& terminal);

}  // namespace latchkey
