// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
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
        if (while_asked) while_asked();
        if (failure) return Error{*failure, "fake channels: told to fail"};
        if (question.key.reveal() != key) return std::optional<std::uint64_t>{};
        const std::uint64_t present = step_at(question.now);
        for (std::uint64_t step = present - question.window; step <= present + question.window;
             ++step)
            if (step > question.last_step && question.otp.reveal() == otp_at(step))
                return std::optional{step};
        return std::optional<std::uint64_t>{};
    }

    // What a device was asked last. Its holder answers by `device`.
    struct Request {
        std::string channel;
        std::string to;
        std::string choices;
        std::string text;
        std::string request_id;
        std::string state;
    };
    [[nodiscard]] Result<Secret> begin_approval(const ApprovalCall& call) override {
        if (before_request) before_request();
        requests.push_back(request_of(call));
        if (const auto failing = failing_channels.find(call.channel);
            failing != failing_channels.end())
            return Error{failing->second, "fake channels: told to fail"};
        return Secret{std::string_view{"state 1"}};
    }
    [[nodiscard]] Result<ApprovalAnswer> poll_approval(const ApprovalCall& call) override {
        polls.push_back(request_of(call));
        if (failure) return Error{*failure, "fake channels: told to fail"};
        return ApprovalAnswer{device.kind, device.number, Secret{std::string_view{"state 2"}}};
    }

    void send_due() override { ++announced; }

    ApprovalAnswer device;
    std::function<void()> before_request;
    std::map<std::string, ErrorKind> failing_channels;
    std::vector<Request> requests;
    std::vector<Request> polls;

    std::string key = "a key of 20 bytes...";
    std::optional<ErrorKind> failure;
    std::vector<std::string> asked;  // channels, in order
    std::function<void()> while_asked;
    std::uint32_t announced = 0;

private:
    static Request request_of(const ApprovalCall& call) {
        return {call.channel,    std::string{call.to.reveal()},   call.choices, call.text,
                call.request_id, std::string{call.state.reveal()}};
    }
};

}  // namespace latchkey
