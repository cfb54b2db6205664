// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/wire/message.hpp"
#include "plugins/include/latchkey/plugin.h"

namespace latchkey {

// Calls the plugin once and turns its result into a reply that keeps the rules:
// a known outcome that fits the verb, a step beyond the last one, and a log text
// of at most 512 bytes without code, secret, answer or address. A plugin of the
// other kind is Misconfigured; one that cannot be probed is CannotTell. `deadline` is when this
// process will be killed.
[[nodiscard]] wire::ChannelReply call_plugin(const latchkey_plugin_table_v1& plugin,
                                             const wire::ChannelSetup& setup,
                                             const wire::ChannelCall& call,
                                             std::chrono::steady_clock::time_point deadline);

// What the plugin itself said, unjudged: its result, and the notes it gave to log().
struct PluginAnswer {
    latchkey_result_v1 result;
    std::string notes;
};
// Precondition: the plugin has the function of call.verb.
[[nodiscard]] PluginAnswer run_plugin(const latchkey_plugin_table_v1& plugin,
                                      const wire::ChannelSetup& setup,
                                      const wire::ChannelCall& call,
                                      std::chrono::steady_clock::time_point deadline);

// Why the result cannot be an answer to that call, or nullptr.
[[nodiscard]] const char* objection_to(const latchkey_result_v1& result,
                                       const wire::ChannelCall& call);

// `text` with everything blotted out that the call was given in confidence: the
// address, the gateway's secret, the answer, and every word of the message that
// has a digit in it and four or more characters.
[[nodiscard]] std::string without_confidences(std::string text, const wire::ChannelSetup& setup,
                                              const wire::ChannelCall& call);

}  // namespace latchkey
