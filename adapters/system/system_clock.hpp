// SPDX-License-Identifier: MIT
#pragma once

#include "core/ports/clock.hpp"

namespace latchkey {

class SystemClock final : public Clock {
public:
    [[nodiscard]] TimePoint now() const override {
        return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    }
};

}  // namespace latchkey
