// SPDX-License-Identifier: MIT
//
// One plugin in one process, as latchkey-channel-host has it: the same limits, the same
// sandbox, the same order of things. Only what is done with the plugin differs.
#pragma once

#include <dirent.h>

#include <chrono>
#include <functional>

#include "adapters/system/unique_fd.hpp"
#include "core/wire/message.hpp"
#include "plugin_test/forbidden_calls.hpp"
#include "plugin_test/observation.hpp"
#include "plugin_test/peer.hpp"

namespace latchkey::plugin_test {

struct Guest {
    const UniqueFd& file;
    const wire::ChannelSetup& setup;
    std::chrono::seconds deadline{5};  // then it is killed
    Peer::Manner peer = Peer::Manner::Refuses;
    Forbidden forbidden = Forbidden::Nothing;
    bool live = false;  // connections go where the plugin wants them to
};

// What the process itself has to hand.
struct Inside {
    const latchkey_plugin_table_v1& table;
    Observation& seen;
    DIR* threads;  // /proc/self/task, opened before the sandbox forbade it
    std::chrono::steady_clock::time_point deadline;
};
using Deed = std::function<void(const Inside&)>;

// Loads the plugin in a process of its own, does the deed there, and waits for the end.
// Throws std::system_error if this machine cannot start a process.
[[nodiscard]] Account watch(const Guest& guest, const Deed& deed);

}  // namespace latchkey::plugin_test
