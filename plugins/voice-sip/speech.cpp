// SPDX-License-Identifier: MIT
#include "plugins/voice-sip/speech.hpp"

#include "plugins/voice-sip/piped_program.hpp"

namespace latchkey::sip {

namespace {

using plugin::Outcome;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kLongestCode = 16;
// Words a minute: slow enough to write digits down, quick enough for a notice.
constexpr const char* kSpeedOfDigits = "120";
// Two minutes of espeak-ng's usual rate.
constexpr std::size_t kMostSound = 8U << 20;

bool is_english(std::string_view voice) {
    return voice == "en" || voice.starts_with("en-") || voice.starts_with("en+");
}

Speech failed(Outcome outcome, const std::string& why) {
    return {std::nullopt, {outcome, "espeak-ng " + why}};
}

}  // namespace

std::optional<Words> words_of_code(const std::string& voice, std::string_view greeting,
                                   std::string_view code) {
    if (code.empty() || code.size() > kLongestCode ||
        code.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    if (greeting.empty() && is_english(voice)) greeting = "Your recovery code is:";
    Words words{voice, std::string{greeting}};
    for (const char digit : code)
        words.text += std::string{words.text.empty() ? "" : " "} + digit + ',';
    words.text.back() = '.';
    return words;
}

Words words_of_notice(const std::string& voice, std::string_view text) {
    return {is_english(voice) ? voice : "en", std::string{text}};
}

Speech speak(const Words& words, milliseconds longest) {
    const auto until = steady_clock::now() + longest;
    PipedProgram espeak{{.arguments = {kEspeak, "-v", words.voice, "-s", kSpeedOfDigits, "-b", "1",
                                       "--stdin", "--stdout"}}};
    if (!espeak.started() || !espeak.tell(words.text))
        return failed(Outcome::Misconfigured, "cannot be started");
    espeak.say_no_more();
    std::string stream;
    auto heard = PipedProgram::Heard::Something;
    while (heard == PipedProgram::Heard::Something && stream.size() < kMostSound)
        heard = espeak.hear(stream, until);
    if (heard != PipedProgram::Heard::End) return failed(Outcome::Temporary, "did not end in time");
    const auto sound = read_wav(stream);
    if (!sound)
        return failed(Outcome::Misconfigured,
                      "said nothing; does it have the voice of option voice?");
    return {at_telephone_rate(*sound), {}};
}

}  // namespace latchkey::sip
