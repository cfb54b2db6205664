// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace latchkey {

// What an authenticator app shows for this base32 key now, computed by oathtool;
// with `steps_ahead` what it will show that many half minutes later.
[[nodiscard]] std::string authenticator_shows(const std::string& key, int steps_ahead = 0);
// What a token that counts shows after so many presses of its button.
[[nodiscard]] std::string token_shows(const std::string& key, int counter);

}  // namespace latchkey
