// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace latchkey {

enum class Severity : std::uint8_t { Info, Warning, Alarm };

// Port: the system log. One event, a lower-case verb phrase and key=value pairs
// with stable keys. Never a secret, a code, a full address or a claimant's raw
// answer: the caller masks, the adapter escapes what is not printable.
// Real: adapters/system/syslog_event_log.hpp. Fake: tests/support/recorded_events.hpp.
class EventLog {
public:
    virtual ~EventLog() = default;
    virtual void record(Severity severity, std::string_view event) = 0;
};

}  // namespace latchkey
