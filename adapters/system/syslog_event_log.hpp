// SPDX-License-Identifier: MIT
#pragma once

#include "core/ports/event_log.hpp"

namespace latchkey {

// Writes to syslog(3), facility authpriv. Bytes that are not printable ASCII
// are written as \xHH, and lines are cut at 1,024 bytes.
class SyslogEventLog final : public EventLog {
public:
    // `program` must outlive the process: openlog(3) keeps the pointer.
    explicit SyslogEventLog(const char* program);
    void record(Severity severity, std::string_view event) override;
};

}  // namespace latchkey
