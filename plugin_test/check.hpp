// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace latchkey::plugin_test {

struct Verdict {
    enum class Kind { Passed, Failed, Skipped };
    Kind kind = Kind::Passed;
    std::string seen;  // what was wrong, or why nothing could be looked at
    std::string mend;  // what an author does about it
};

[[nodiscard]] inline Verdict passed() {
    return {};
}
[[nodiscard]] inline Verdict failed(std::string seen, std::string mend) {
    return {Verdict::Kind::Failed, std::move(seen), std::move(mend)};
}
[[nodiscard]] inline Verdict skipped(std::string why) {
    return {Verdict::Kind::Skipped, std::move(why), {}};
}

struct Check {
    std::string name;  // a sentence that is true of a good plugin
    std::function<Verdict()> look;
    bool decides = false;  // if it fails there is no use in looking further
};
using Checks = std::vector<Check>;

}  // namespace latchkey::plugin_test
