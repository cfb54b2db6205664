// SPDX-License-Identifier: MIT
#include "tests/system/one_time_codes.hpp"

#include <ctime>

#include "tests/support/command.hpp"

namespace latchkey {

std::string authenticator_shows(const std::string& key, int steps_ahead) {
    const std::time_t when = std::time(nullptr) + std::time_t{30} * steps_ahead;
    // The key goes through standard input, as it would have to on a shared machine.
    std::string code = must_run(
        {"oathtool", "--totp", "--base32", "--now", "@" + std::to_string(when), "-"}, key + '\n');
    while (!code.empty() && code.back() == '\n') code.pop_back();
    return code;
}

}  // namespace latchkey
