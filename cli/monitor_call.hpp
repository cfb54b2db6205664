// SPDX-License-Identifier: MIT
//
// One request to `latchkey-monitor --admin` over a socketpair: there is no
// listening socket that anybody could reach.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "adapters/system/seqpacket.hpp"
#include "cli/exit_status.hpp"
#include "cli/terminal.hpp"
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

// Starts `program --admin`, with an empty environment and the other end of the socket that
// `talk` gets as descriptor 3.
[[nodiscard]] MonitorAnswer talk_to_monitor(const std::string& program,
                                            const std::function<MonitorAnswer(Seqpacket&)>& talk);
// The rows of an answer, which has that time. MonitorUnreachable: it did not come, or breaks the
// format.
[[nodiscard]] MonitorAnswer receive_answer(Seqpacket& link, std::chrono::seconds patience);
// Says that an answer is none of this version's: MonitorUnreachable.
[[nodiscard]] ExitStatus not_understood(const Terminal& terminal);
[[nodiscard]] MonitorAnswer monitor_unreachable(const std::string& why);

// Starts `program --admin` for each request, with an empty environment and the
// socket as descriptor 3, and waits at most 60 s for an answer, 150 s for a delivery. A program
// that cannot be started, dies or breaks the format is MonitorUnreachable.
[[nodiscard]] MonitorCall monitor_at(const std::string& program);

}  // namespace latchkey::cli
