// SPDX-License-Identifier: MIT
//
// When a reply may leave. Until the first proof every reply waits for the next
// slot of a grid that begins with the claimant's answer, so that what was looked
// up, written and compared for it cannot be read off a clock.
#pragma once

#include <chrono>

namespace latchkey {

class ReplyGrid {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    // `width` 0: replies leave at once. `jitter` is added to every slot; it belongs
    // to a name (reply_jitter), so that asking again does not average it away.
    ReplyGrid(std::chrono::milliseconds width, std::chrono::microseconds jitter, TimePoint answered)
        : width_(width), jitter_(jitter), answered_(answered) {}

    void begin(TimePoint answered) { answered_ = answered; }

    // The first slot for a reply that is ready `now`: at least one width, and the
    // jitter, after the answer.
    [[nodiscard]] TimePoint slot_for(TimePoint now) const {
        if (width_.count() == 0) return now;
        return answered_ + ((now - answered_) / width_ + 1) * width_ + jitter_;
    }

private:
    std::chrono::milliseconds width_;
    std::chrono::microseconds jitter_;
    TimePoint answered_;
};

}  // namespace latchkey
