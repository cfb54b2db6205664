// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace latchkey {

// What an authenticator app shows for this base32 key now, computed by oathtool;
// with `steps_ahead` what it will show that many half minutes later.
[[nodiscard]] std::string authenticator_shows(const std::string& key, int steps_ahead = 0);

}  // namespace latchkey
