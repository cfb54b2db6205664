// SPDX-License-Identifier: MIT
//
// One request of an ordinary user to the root side, over the socket that everybody may connect
// to: questions that it asks are put to whoever sits there.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cli/monitor_call.hpp"
#include "core/secret.hpp"
#include "core/wire/message.hpp"

namespace latchkey::cli {

struct Dialogue {
    // Nothing: the person gives up.
    std::function<std::optional<Secret>(const std::string& question, bool hidden)> ask;
    // A row that is to be seen before the next question; the others are in the answer.
    std::function<void(const Secret& json)> show;
};

using UserTalk = std::function<MonitorAnswer(const wire::UserRequest&, const Dialogue&)>;

// The same about somebody else's account, for a member of the help desk.
using HelpTalk = std::function<MonitorAnswer(const wire::AdminRequest&, const Dialogue&)>;

// Connects to the socket at `path` for each request. Nobody listens there, or the talk breaks
// off: MonitorUnreachable.
[[nodiscard]] UserTalk talk_over(const std::string& path);
[[nodiscard]] HelpTalk help_over(const std::string& path);

// Questions on standard error, answers from standard input: a line, without echo where a
// terminal has one. ^C gives up.
[[nodiscard]] std::optional<Secret> ask_person(const std::string& question, bool hidden);

}  // namespace latchkey::cli
