// SPDX-License-Identifier: MIT
#include "adapters/system/syslog_event_log.hpp"

#include <syslog.h>

#include <string>

#include "core/printable.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kLongestLine = 1024;

int priority(Severity severity) {
    switch (severity) {
        case Severity::Info:
            return LOG_INFO;
        case Severity::Warning:
            return LOG_WARNING;
        case Severity::Alarm:
            return LOG_ALERT;
    }
    return LOG_ALERT;
}

}  // namespace

SyslogEventLog::SyslogEventLog(const char* program) {
    ::openlog(program, LOG_PID, LOG_AUTHPRIV);
}

void SyslogEventLog::record(Severity severity, std::string_view event) {
    const std::string line = escaped(event.substr(0, kLongestLine));
    ::syslog(priority(severity), "%s", line.c_str());
}

}  // namespace latchkey
