// SPDX-License-Identifier: MIT
#pragma once

#include "core/ports/clock.hpp"

namespace latchkey {

// Stands still until it is told to move.
class FakeClock final : public Clock {
public:
    static constexpr TimePoint kStart{std::chrono::seconds{1'800'000'000}};  // 2027-01-15 08:00 UTC

    [[nodiscard]] TimePoint now() const override { return now_; }
    void advance(std::chrono::seconds by) { now_ += by; }

private:
    TimePoint now_ = kStart;
};

}  // namespace latchkey
