// SPDX-License-Identifier: MIT
#include "tests/system/one_time_codes.hpp"

#include <ctime>
#include <vector>

#include "tests/support/command.hpp"

namespace latchkey {

namespace {

// The key goes through standard input, as it would have to on a shared machine.
std::string oathtool(const std::vector<std::string>& options, const std::string& key) {
    std::vector<std::string> command{"oathtool", "--base32"};
    command.insert(command.end(), options.begin(), options.end());
    command.emplace_back("-");
    std::string code = must_run(command, key + '\n');
    while (!code.empty() && code.back() == '\n') code.pop_back();
    return code;
}

}  // namespace

std::string authenticator_shows(const std::string& key, int steps_ahead) {
    const std::time_t when = std::time(nullptr) + std::time_t{30} * steps_ahead;
    return oathtool({"--totp", "--now", "@" + std::to_string(when)}, key);
}

std::string token_shows(const std::string& key, int counter) {
    return oathtool({"--hotp", "-c", std::to_string(counter)}, key);
}

}  // namespace latchkey
