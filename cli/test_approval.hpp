// SPDX-License-Identifier: MIT
//
// A request to a device for real, as somebody who recovers would make it, and what its holder
// chooses.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "cli/channel_call.hpp"
#include "cli/terminal.hpp"
#include "core/recovery.hpp"

namespace latchkey::cli {

// Time and chance, as this machine has them.
struct Waiting {
    std::function<TimePoint()> now;
    std::function<void(std::chrono::seconds)> pause;
    std::function<std::uint32_t(std::uint32_t bound)> uniform;  // below `bound`
};
[[nodiscard]] Waiting this_machines_waiting();

// CallChannel of the channel that is tested.
using CallOneChannel = std::function<Result<wire::ChannelReply>(const wire::ChannelCall& call)>;

// How a step ended, for the table of `latchkey test`.
struct TestStep {
    std::string result;
    std::string why;
    bool is_well = false;
};
struct ApprovalTest {
    TestStep request;
    TestStep answer;  // empty result: the request was not taken
};

// Asks the device `address` to choose one of three numbers, and looks every two seconds for two
// minutes whether somebody has. Meanwhile the number to choose stands on standard error, at a
// terminal with the time that is left. Well is whatever the holder chose: the channel carries it.
[[nodiscard]] ApprovalTest ask_device(const CallOneChannel& call, const std::string& address,
                                      const Waiting& waiting, const Terminal& terminal);

}  // namespace latchkey::cli
