// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "adapters/system/unique_fd.hpp"
#include "core/result.hpp"
#include "core/settings.hpp"
#include "monitor/process.hpp"

namespace latchkey {

struct StartedChannel {
    // Killed when this goes; with Profile::Program waited for before, and what its keeper
    // could not end is ended too.
    ChildProcess host;
    UniqueFd socket;  // for the verifier
};

// Starts a channel host under its own uid and writes it its setup: plugin,
// options and the gateway's secret, which nobody else gets to see. The host has the
// channel's group, if it has one.
// Misconfigured: no such channel, its secret file is not root's alone, or its group leads
// to root.
Result<StartedChannel> start_channel(const Settings& settings, const std::string& channel);

}  // namespace latchkey
