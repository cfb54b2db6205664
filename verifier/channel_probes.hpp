// SPDX-License-Identifier: MIT
//
// One run over the channels that carry messages: asks each whether it would take one
// now, at most once a minute, and remembers the answer for everybody's screens.
//
// Apart from the outbox on purpose. Messages exist for right guesses alone; a probe that
// waited for one, or was saved by one, would show by the time of the mark that a guess
// was right. And no message waits for a probe.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/ports/clock.hpp"
#include "core/ports/event_log.hpp"
#include "core/ports/store.hpp"
#include "core/settings.hpp"
#include "core/wire/message.hpp"

namespace latchkey {

// The referenced objects outlive the run.
struct ProbePorts {
    Store& store;
    const Clock& clock;
    EventLog& log;
    // Asks a channel; a failure is a reply, too. Nothing: the monitor is gone, the run over.
    std::function<std::optional<wire::ChannelReply>(const std::string&)> probe;
};

class ChannelProbes {
public:
    // A probe is begun only if its channel's deadline ends within it: the next run is
    // not long in coming, and begins with those that had to wait.
    static constexpr std::chrono::seconds kRunLength{60};

    ChannelProbes(const Settings& settings, ProbePorts ports)
        : settings_(settings), ports_(std::move(ports)) {}

    void run();

private:
    // Of every channel that a delivery method uses; who waited longest comes first.
    [[nodiscard]] Result<std::vector<ChannelHealth>> in_turn();
    // False: the run is over.
    bool ask(const ChannelHealth& before);
    void note(const ChannelHealth& before, const ChannelHealth& after, const std::string& why);
    bool failed(const Error& error);

    const Settings& settings_;
    ProbePorts ports_;
};

}  // namespace latchkey
