// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

#include <latchkey/plugin.hpp>

namespace latchkey::vonage {

// Vonage answers with HTTP status 200 also where it refuses: what became of a message stands in
// messages[i].status, one for each part that it was cut into. The log gets Vonage's name of the
// first, unless something `confidential` is in it.
[[nodiscard]] plugin::Reply judged(std::string_view body,
                                   const std::vector<std::string_view>& confidential);

}  // namespace latchkey::vonage
