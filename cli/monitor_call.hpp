// SPDX-License-Identifier: MIT
//
// One request to `latchkey-monitor --admin` over a socketpair: there is no
// listening socket that anybody could reach.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/exit_status.hpp"
#include "core/secret.hpp"
#include "core/wire/message.hpp"

namespace latchkey::cli {

struct MonitorAnswer {
    std::vector<Secret> rows;  // JSON objects
    ExitStatus status = ExitStatus::MonitorUnreachable;
    std::string error;  // a sentence with what to do; empty on success
};

// The status that the root side's number stands for. One that we do not know is of a monitor
// of another version: MonitorUnreachable.
[[nodiscard]] ExitStatus known_status(std::uint8_t number);

using MonitorCall = std::function<MonitorAnswer(const wire::AdminRequest&)>;

// Starts `program --admin` for each request, with an empty environment and the
// socket as descriptor 3, and waits at most 60 s for an answer. A program that
// cannot be started, dies or breaks the format is MonitorUnreachable.
[[nodiscard]] MonitorCall monitor_at(const std::string& program);

}  // namespace latchkey::cli
