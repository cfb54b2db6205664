// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "core/ports/clock.hpp"
#include "core/ports/event_log.hpp"
#include "core/ports/store.hpp"
#include "core/settings.hpp"

namespace latchkey {

// Whether a channel may carry one more message. The referenced objects outlive it.
class ChannelBudgets {
public:
    ChannelBudgets(const Settings& settings, Store& store, const Clock& clock, EventLog& log)
        : settings_(settings), store_(store), clock_(clock), log_(log) {}

    // Charges a message, on disk before it can leave. Nothing: the budget is used up, or the
    // store cannot tell. An alarm is logged, once a day for each channel. A notice counts and
    // is never refused: only who got in causes one, and strangers who use up the budget must
    // not be able to keep it from the owner.
    [[nodiscard]] std::optional<AttemptId> charge(const std::string& channel,
                                                  OutboxPurpose purpose);
    // Nothing of it can have left.
    void give_back(AttemptId charge);

private:
    void raise_alarm(const std::string& channel, std::string_view limit);

    const Settings& settings_;
    Store& store_;
    const Clock& clock_;
    EventLog& log_;
};

}  // namespace latchkey
