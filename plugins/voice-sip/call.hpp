// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string_view>

#include <latchkey/plugin.hpp>

#include "plugins/voice-sip/sip_settings.hpp"
#include "plugins/voice-sip/sound.hpp"

namespace latchkey::sip {

inline constexpr const char* kBaresip = "/usr/bin/baresip";

// False: the deadline is so near that it makes no sense to begin; no_time() says so.
[[nodiscard]] bool is_time_for_call(std::chrono::milliseconds left);
[[nodiscard]] plugin::Reply no_time();

// Calls `number`, says `speech` to whoever picks up, and hangs up; takes `longest` at most.
[[nodiscard]] plugin::Reply call(const SipSettings& settings, std::string_view number,
                                 const Samples& speech, std::chrono::milliseconds longest);

}  // namespace latchkey::sip
