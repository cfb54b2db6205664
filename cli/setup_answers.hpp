// SPDX-License-Identifier: MIT
//
// What setup needs to know from the administrator, and the piece of
// configuration that it makes of it.
#pragma once

#include <optional>
#include <string>

#include "cli/command_line.hpp"
#include "cli/terminal.hpp"
#include "core/result.hpp"
#include "core/settings.hpp"

namespace latchkey::cli {

inline constexpr const char* kDropInPath = "/etc/latchkey/latchkey.d/50-setup.toml";

struct SetupAnswers {
    std::optional<std::string> whom_to_ask;
    // Together or not at all, each as the configuration has it.
    struct Mail {
        std::string server;
        std::string port;
        std::string tls;   // none, starttls or implicit
        std::string from;  // may be empty
    };
    std::optional<Mail> mail;
    std::string test_address;  // empty: no test message

    [[nodiscard]] bool change_settings() const { return whom_to_ask || mail; }
};

// What the options say, on top of what is configured. Rejected: an option that
// is not possible, with the sentence to print.
Result<SetupAnswers> answers_from_options(const SetupCommand& command, const Settings& current);

// The same, with a question for everything that no option says; Enter keeps what
// is configured. An answer that is not possible is asked for again.
// Unavailable: nobody answers.
Result<SetupAnswers> answers_from_questions(const SetupCommand& command, const Settings& current,
                                            const Terminal& terminal);

// The whole drop-in: what is configured now, changed by the answers.
[[nodiscard]] std::string drop_in_text(const SetupAnswers& answers, const Settings& current);

}  // namespace latchkey::cli
