// SPDX-License-Identifier: MIT
//
// Speech as a telephone takes it: 8,000 samples of 16 bits a second, one channel.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace latchkey::sip {

using Samples = std::vector<std::int16_t>;

struct Sound {
    std::uint32_t rate = 0;  // samples a second
    Samples samples;
};

// Of a WAV stream as espeak-ng writes one: sizes in its header mean nothing. Nothing unless
// it is uncompressed, one channel, 16 bits, and holds a sample.
[[nodiscard]] std::optional<Sound> read_wav(std::string_view stream);

// The same sound at a telephone's rate; what lies above half of that is taken out.
[[nodiscard]] Samples at_telephone_rate(const Sound& sound);

// Twice, with silence before (whoever picks up needs a moment to listen), between and behind.
[[nodiscard]] Samples twice(const Samples& said);

[[nodiscard]] std::chrono::milliseconds length_of(const Samples& samples);

// A WAV file of `samples` at a telephone's rate.
[[nodiscard]] std::string write_wav(const Samples& samples);

}  // namespace latchkey::sip
