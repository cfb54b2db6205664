// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "core/wire/message.hpp"

namespace latchkey {

// The TCP ports that a channel with these settings may connect to: the one its option `port`
// names; else that of its option `url`, also where it is only implied by http or https; else
// those of mail servers and of https. The administrator wrote both options, so this is no
// judgement of what a plugin wants: what cannot be read gives the usual ports, and a
// connection to another one fails.
[[nodiscard]] std::vector<std::uint16_t> connect_ports(const wire::ChannelSetup& setup);

}  // namespace latchkey
