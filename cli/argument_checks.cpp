// SPDX-License-Identifier: MIT
#include "cli/argument_checks.hpp"

#include "core/printable.hpp"

namespace latchkey::cli {

namespace {
constexpr std::size_t kShown = 60;  // bytes of a refused argument that are repeated
}

Error usage(const std::string& sentence) {
    return Error{ErrorKind::Rejected, sentence};
}

std::string shown(const std::string& argument) {
    const bool cut = argument.size() > kShown;
    return "'" + escaped(argument.substr(0, kShown)) + (cut ? "...'" : "'");
}

Result<void> check_user(const std::string& user) {
    const bool plain = !user.empty() && user.size() <= kLongestName && user.front() != '-' &&
                       user.find_first_of("/: ,\\'\"`$&|;<>*?()[]{}") == std::string::npos &&
                       user != "." && user != "..";
    if (plain) return {};
    return usage("not an account's name: " + shown(user) + "; give the name as in /etc/passwd");
}

}  // namespace latchkey::cli
