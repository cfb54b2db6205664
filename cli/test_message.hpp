// SPDX-License-Identifier: MIT
//
// A message that can be sent to see that codes can leave this host.
#pragma once

#include <string>

#include "core/wire/message.hpp"

namespace latchkey::cli {

// With no code in it. `sender` is the command that sends it: "latchkey setup".
[[nodiscard]] wire::ChannelCall test_message_to(const std::string& address,
                                                const std::string& sender);

// "accepted", "not taken": the outcome in words.
[[nodiscard]] const char* outcome_word(wire::ChannelOutcome outcome);

[[nodiscard]] inline bool was_taken(const wire::ChannelReply& reply) {
    return reply.outcome == wire::ChannelOutcome::Accepted ||
           reply.outcome == wire::ChannelOutcome::Queued;
}

}  // namespace latchkey::cli
