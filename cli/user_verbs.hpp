// SPDX-License-Identifier: MIT
//
// The verbs of an ordinary user, asked of the root side over its socket.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/terminal.hpp"
#include "cli/user_command_line.hpp"
#include "cli/user_talk.hpp"
#include "core/recovery.hpp"

namespace latchkey::cli {

// What the verbs work on; everything outlives them.
struct UserSurroundings {
    const UserTalk& talk;
    std::function<std::optional<Secret>(const std::string& question, bool hidden)> ask;
    const Terminal& terminal;
    TimePoint now;
    std::string user;      // the name of who runs it
    const HelpTalk& help;  // about others
    std::string home{};    // where their own file is, unless it is named
};

// By the host's look-up; the number where nobody has it.
[[nodiscard]] std::string name_of_user(uid_t uid);
// The home directory of the account; empty where nobody has it.
[[nodiscard]] std::string home_of_user(uid_t uid);

ExitStatus run_user_command(const std::vector<std::string>& arguments,
                            const UserSurroundings& surroundings);

}  // namespace latchkey::cli
