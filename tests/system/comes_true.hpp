// SPDX-License-Identifier: MIT
#pragma once

#include <poll.h>

#include <chrono>

namespace latchkey {

// Waits with a deadline for something no descriptor announces, such as a daemon
// that listens; false if it has not come true by then.
template <typename Predicate>
[[nodiscard]] bool comes_true(Predicate predicate,
                              std::chrono::milliseconds within = std::chrono::seconds{20}) {
    const auto deadline = std::chrono::steady_clock::now() + within;
    while (!predicate()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        ::poll(nullptr, 0, 5);
    }
    return true;
}

}  // namespace latchkey
