// SPDX-License-Identifier: MIT
//
// How well a stranger with a stop-watch and one threshold tells two classes apart.
#pragma once

#include <algorithm>
#include <chrono>
#include <vector>

namespace latchkey {

struct TwoClasses {
    using Times = std::vector<std::chrono::microseconds>;

    Times one;
    Times other;

    // The area under the curve of the best single-threshold classifier: 0.5 is
    // guessing, 1 is knowing. Neither class may be empty.
    [[nodiscard]] double area() const {
        Times sorted = other;
        std::sort(sorted.begin(), sorted.end());
        double wins = 0;
        for (const auto time : one) {
            const auto equal = std::equal_range(sorted.begin(), sorted.end(), time);
            wins += static_cast<double>(equal.first - sorted.begin()) +
                    static_cast<double>(equal.second - equal.first) / 2;
        }
        const double area =
            wins / static_cast<double>(one.size()) / static_cast<double>(other.size());
        return std::max(area, 1 - area);
    }

    // Never negative.
    [[nodiscard]] std::chrono::microseconds difference_of_medians() const {
        return std::chrono::abs(median(one) - median(other));
    }

private:
    static std::chrono::microseconds median(Times times) {
        const auto middle = times.begin() + static_cast<Times::difference_type>(times.size() / 2);
        std::nth_element(times.begin(), middle, times.end());
        return *middle;
    }
};

}  // namespace latchkey
