// SPDX-License-Identifier: MIT
//
// Whether a channel works, as the probes found. Deliveries have no part in it: they
// happen for right guesses alone, so a mark that came of them would tell which were right.
#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <span>
#include <string>

#include "core/recovery.hpp"
#include "core/settings.hpp"

namespace latchkey {

// A timer starts the probes every minute and may be some seconds early; whoever else
// starts them, a gateway is asked no more often.
inline constexpr std::chrono::seconds kProbeInterval{50};
// One lost packet, or a gateway that starts again, is not worth a word to everybody.
inline constexpr std::uint32_t kProbesOfTrouble = 2;
// Ten probes were missed by then: nobody probes any more, and nothing is known.
inline constexpr std::chrono::seconds kHealthLasts = std::chrono::minutes{10};

struct ChannelHealth {
    std::string channel;
    TimePoint begun_at;       // the newest probe, also one without a result
    TimePoint probed_at;      // the newest result; the epoch: none yet
    TimePoint failing_since;  // the first of the failures in a row
    std::uint32_t failures = 0;
};

[[nodiscard]] bool may_be_probed(const ChannelHealth& health, TimePoint now);
// What is known after a probe that ended now.
[[nodiscard]] ChannelHealth after_probe(ChannelHealth health, bool works, TimePoint now);
[[nodiscard]] bool is_in_trouble(const ChannelHealth& health, TimePoint now);

// The delivery methods of which every channel is in trouble.
[[nodiscard]] std::set<std::string> methods_in_trouble(const Settings& settings,
                                                       std::span<const ChannelHealth> health,
                                                       TimePoint now);

}  // namespace latchkey
