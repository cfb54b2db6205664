// SPDX-License-Identifier: MIT
#pragma once

#include "core/recovery.hpp"

namespace latchkey {

// Port: the wall clock. Real: adapters/system/system_clock.hpp. Fake:
// tests/support/fake_clock.hpp, which stands still until it is told to move.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual TimePoint now() const = 0;
};

}  // namespace latchkey
