// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <latchkey/plugin.hpp>

#include "plugins/voice-sip/sound.hpp"

namespace latchkey::sip {

inline constexpr const char* kEspeak = "/usr/bin/espeak-ng";

// What a voice says, and which.
struct Words {
    std::string voice;
    std::string text;  // UTF-8
};

// The digits of `code` one by one behind `greeting`; nothing if they are no digits. Voices
// know digits in their language, and `greeting` has to be in it; empty: for an English voice
// an English one, otherwise none.
[[nodiscard]] std::optional<Words> words_of_code(const std::string& voice,
                                                 std::string_view greeting, std::string_view code);

// A notice. They are in English, so an English voice says them.
[[nodiscard]] Words words_of_notice(const std::string& voice, std::string_view text);

// Either what was said, or why not.
struct Speech {
    std::optional<Samples> samples;
    plugin::Reply failure;
};
// By espeak-ng: the words go there by standard input, the sound comes back by standard output.
[[nodiscard]] Speech speak(const Words& words, std::chrono::milliseconds longest);

}  // namespace latchkey::sip
