// SPDX-License-Identifier: MIT
//
// What a change by its owner does to the saved codes of an account, which are the root side's
// alone: they are made, end or wait by its own settings and clock, not by a verifier's word.
#pragma once

#include <vector>

#include "core/ports/clock.hpp"
#include "core/ports/event_log.hpp"
#include "monitor/login_session.hpp"
#include "monitor/saved_codes.hpp"

namespace latchkey {

class OwnersCodes {
public:
    OwnersCodes(const LoginSession& session, const Clock& clock, EventLog& log)
        : session_(session), clock_(clock), log_(log) {}

    // Whether there are any, once those have taken their place that waited long enough.
    [[nodiscard]] bool any();
    // When what is new may count at the earliest.
    [[nodiscard]] TimePoint earliest() const;
    // New ones that count from then on. Precondition: not before earliest(). Failures of this and
    // of those below are logged as alarms.
    Result<std::vector<Secret>> issue(TimePoint from);
    // With all other ways; taken back by drop_waiting(). False: it cannot be kept.
    [[nodiscard]] bool end_with_everything();
    // Those that wait do so, and those that end go on, for as long as changes are frozen.
    void postpone();
    void drop_waiting();

private:
    [[nodiscard]] SavedCodes codes() const;
    void log_failure(const char* what, const Error& why);

    const LoginSession& session_;
    const Clock& clock_;
    EventLog& log_;
};

}  // namespace latchkey
