// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/ports/event_log.hpp"

namespace latchkey {

// Keeps every event, in order.
class RecordedEvents final : public EventLog {
public:
    void record(Severity severity, std::string_view event) override {
        events.emplace_back(severity, event);
    }

    [[nodiscard]] bool has(std::string_view part) const {
        for (const auto& event : events)
            if (event.second.find(part) != std::string::npos) return true;
        return false;
    }
    [[nodiscard]] std::size_t count(std::string_view part) const {
        std::size_t found = 0;
        for (const auto& event : events)
            found += event.second.find(part) == std::string::npos ? 0U : 1U;
        return found;
    }
    [[nodiscard]] bool has_alarm() const {
        for (const auto& event : events)
            if (event.first == Severity::Alarm) return true;
        return false;
    }

    std::vector<std::pair<Severity, std::string>> events;
};

}  // namespace latchkey
