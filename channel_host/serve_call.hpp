// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "adapters/confinement/confinement.hpp"
#include "adapters/system/seqpacket.hpp"
#include "adapters/system/unique_fd.hpp"
#include "core/result.hpp"
#include "core/wire/message.hpp"

namespace latchkey {

// One call, from setup to reply: reads ChannelSetup, arms the deadline, closes
// the sandbox, loads the plugin, reads ChannelCall, answers ChannelReply. A
// plugin that cannot be used is a reply, too (Misconfigured). An error only if
// the caller is gone or breaks the protocol.
//
// Five options are the host's business as well as the plugin's:
// `directory`, the one directory that the sandbox lets it write to, `ca_file` and
// `html_template`, files that it may read, and `port` and `url`, which say what it
// connects to (connect_ports.hpp).
Result<void> serve_call(Seqpacket& caller, const std::string& plugin_directory);

// Processor time, memory, files and tasks that a profile has.
Result<void> limit_for(Profile profile);

// The sandbox for that channel, in which `plugin` can be loaded.
[[nodiscard]] ChannelConfinement confinement_of(const wire::ChannelSetup& setup,
                                                const UniqueFd& plugin);

}  // namespace latchkey
