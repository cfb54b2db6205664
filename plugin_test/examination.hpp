// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "plugin_test/check.hpp"
#include "plugin_test/subject.hpp"

namespace latchkey::plugin_test {

struct Examined {
    std::size_t number;
    std::string name;
    Verdict verdict;
};

struct Tally {
    std::size_t passed = 0;
    std::size_t failed = 0;
    std::size_t skipped = 0;
    bool cut_short = false;  // a failure that makes further looking useless
};

// Looks at everything, telling each as soon as it is known.
[[nodiscard]] Tally examine(Subject& subject, const std::string& live_address,
                            const std::function<void(const Examined&)>& tell);

}  // namespace latchkey::plugin_test
