// SPDX-License-Identifier: MIT
#include "plugins/voice-sip/sound.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace latchkey::sip {

namespace {

constexpr std::uint32_t kTelephoneRate = 8000;
constexpr std::size_t kHeader = 44;
constexpr std::uint32_t kSlowest = 8000;
constexpr std::uint32_t kFastest = 48000;

std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint32_t number = 0;
    for (std::size_t i = size; i-- > 0;)
        number = number << 8U | static_cast<unsigned char>(bytes[at + i]);
    return number;
}

void append_number(std::string& bytes, std::uint32_t number, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(number >> (8 * i) & 0xffU);
}

// A low-pass filter's impulse response, cut off by a Hann window `half` samples wide to each
// side. `cutoff` is in cycles per sample.
double impulse(double distance, double cutoff, double half) {
    if (std::abs(distance) >= half) return 0;
    const double window = 0.5 + 0.5 * std::cos(std::numbers::pi * distance / half);
    const double angle = 2 * std::numbers::pi * cutoff * distance;
    const double sinc = angle == 0 ? 1 : std::sin(angle) / angle;
    return 2 * cutoff * sinc * window;
}

std::int16_t clipped(double value) {
    return static_cast<std::int16_t>(std::lround(std::clamp(value, -32768.0, 32767.0)));
}

void append_silence(Samples& samples, std::chrono::milliseconds length) {
    samples.resize(samples.size() +
                   static_cast<std::size_t>(length.count()) * kTelephoneRate / 1000);
}

}  // namespace

std::optional<Sound> read_wav(std::string_view stream) {
    constexpr std::uint32_t kUncompressed = 1;
    if (stream.size() < kHeader + sizeof(std::int16_t) || !stream.starts_with("RIFF") ||
        stream.substr(8, 8) != "WAVEfmt " || stream.substr(36, 4) != "data" ||
        number_at(stream, 20, 2) != kUncompressed || number_at(stream, 22, 2) != 1 ||
        number_at(stream, 34, 2) != 16)
        return std::nullopt;
    Sound sound{number_at(stream, 24, 4), {}};
    if (sound.rate < kSlowest || sound.rate > kFastest) return std::nullopt;
    for (std::size_t at = kHeader; at + 1 < stream.size(); at += 2)
        sound.samples.push_back(static_cast<std::int16_t>(number_at(stream, at, 2)));
    return sound;
}

Samples at_telephone_rate(const Sound& sound) {
    constexpr double kHighest = 3850;  // hertz; half of the rate less what the filter needs
    constexpr double kHalf = 32;       // in samples of the slower rate
    const double step = static_cast<double>(sound.rate) / kTelephoneRate;
    const double half = kHalf * step;
    const double cutoff = kHighest / sound.rate;
    const auto size = static_cast<std::int64_t>(sound.samples.size());
    Samples result;
    const auto wanted = static_cast<std::int64_t>(std::ceil(static_cast<double>(size) / step));
    for (std::int64_t made = 0; made < wanted; ++made) {
        const double at = static_cast<double>(made) * step;
        const auto first = std::max<std::int64_t>(0, static_cast<std::int64_t>(at - half));
        const auto last = std::min(size - 1, static_cast<std::int64_t>(at + half) + 1);
        double sum = 0;
        for (std::int64_t i = first; i <= last; ++i)
            sum += sound.samples[static_cast<std::size_t>(i)] *
                   impulse(static_cast<double>(i) - at, cutoff, half);
        result.push_back(clipped(sum));
    }
    return result;
}

Samples twice(const Samples& said) {
    using std::chrono::milliseconds;
    Samples all;
    append_silence(all, milliseconds{1000});
    all.insert(all.end(), said.begin(), said.end());
    append_silence(all, milliseconds{1500});
    all.insert(all.end(), said.begin(), said.end());
    append_silence(all, milliseconds{1000});
    return all;
}

std::chrono::milliseconds length_of(const Samples& samples) {
    return std::chrono::milliseconds{samples.size() * 1000 / kTelephoneRate};
}

std::string write_wav(const Samples& samples) {
    const auto size = static_cast<std::uint32_t>(samples.size() * sizeof(std::int16_t));
    std::string file = "RIFF";
    append_number(file, size + 36, 4);
    file += "WAVEfmt ";
    append_number(file, 16, 4);
    append_number(file, 1, 2);  // uncompressed
    append_number(file, 1, 2);  // channel
    append_number(file, kTelephoneRate, 4);
    append_number(file, kTelephoneRate * 2, 4);
    append_number(file, 2, 2);
    append_number(file, 16, 2);
    file += "data";
    append_number(file, size, 4);
    for (const std::int16_t sample : samples)
        append_number(file, static_cast<std::uint16_t>(sample), 2);
    return file;
}

}  // namespace latchkey::sip
