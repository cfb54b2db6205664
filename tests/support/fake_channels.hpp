// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ports/channels.hpp"

namespace latchkey {

// Plugins in memory. An OTP is right if it is the time step in decimal, of a
// step that the question allows; whoever asks must hold the key.
class FakeChannels final : public Channels {
public:
    static constexpr std::uint64_t kStepSeconds = 30;

    [[nodiscard]] static std::uint64_t step_at(TimePoint at) {
        return static_cast<std::uint64_t>(at.time_since_epoch().count()) / kStepSeconds;
    }
    // What the app that holds `key` shows.
    [[nodiscard]] static std::string otp_at(std::uint64_t step) { return std::to_string(step); }

    [[nodiscard]] Result<std::optional<std::uint64_t>> verify(
        const OtpQuestion& question) override {
        asked.emplace_back(question.channel);
        if (failure) return Error{*failure, "fake channels: told to fail"};
        if (question.key.reveal() != key) return std::optional<std::uint64_t>{};
        const std::uint64_t present = step_at(question.now);
        for (std::uint64_t step = present - question.window; step <= present + question.window;
             ++step)
            if (step > question.last_step && question.otp.reveal() == otp_at(step))
                return std::optional{step};
        return std::optional<std::uint64_t>{};
    }

    void send_due() override { ++announced; }

    std::string key = "a key of 20 bytes...";
    std::optional<ErrorKind> failure;
    std::vector<std::string> asked;  // channels, in order
    std::uint32_t announced = 0;
};

}  // namespace latchkey
