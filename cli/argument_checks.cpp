// SPDX-License-Identifier: MIT
#include "cli/argument_checks.hpp"

#include "core/printable.hpp"

namespace latchkey::cli {

namespace {
constexpr std::size_t kShown = 60;  // signs of a refused argument that are repeated
}

Error usage(const std::string& sentence) {
    return Error{ErrorKind::Rejected, sentence};
}

std::string shown(const std::string& argument) {
    std::string result = "'";
    for (const char each : argument) {
        // A byte that is no ASCII takes four signs; none is cut in two.
        const std::string sign = escaped({&each, 1});
        if (result.size() + sign.size() > kShown + 1) return result + "...'";
        result += sign;
    }
    return result + "'";
}

Result<void> check_user(const std::string& user) {
    const bool plain = !user.empty() && user.size() <= kLongestName && user.front() != '-' &&
                       user.find_first_of("/: ,\\'\"`$&|;<>*?()[]{}") == std::string::npos &&
                       user != "." && user != "..";
    if (plain) return {};
    return usage("not an account's name: " + shown(user) + "; give the name as in /etc/passwd");
}

}  // namespace latchkey::cli
