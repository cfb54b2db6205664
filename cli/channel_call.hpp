// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

#include "core/result.hpp"
#include "core/settings.hpp"
#include "core/wire/message.hpp"

namespace latchkey::cli {

// One call to a channel's plugin, in a channel host under its own uid and confined as for a
// code. Misconfigured: it cannot be started. Unavailable: it did not answer in time.
using CallChannel = std::function<Result<wire::ChannelReply>(
    const Settings& settings, const std::string& channel, const wire::ChannelCall& call)>;

// On this machine.
Result<wire::ChannelReply> call_channel(const Settings& settings, const std::string& channel,
                                        const wire::ChannelCall& call);

// Through the first channel of the method "email", for setup. Rejected or Unavailable: what
// the plugin reported, with what to look at.
Result<void> send_test_message(const Settings& settings, const std::string& address);

}  // namespace latchkey::cli
