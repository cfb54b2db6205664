// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

namespace latchkey::cli {

// How many addresses of an account are told of what was done, as a sentence in a line.
[[nodiscard]] std::string told_line(std::uint32_t notices);
// The same of a row's "notices", and nothing where nobody is told: of a first way there is nobody.
[[nodiscard]] std::string told_line_if_any(const nlohmann::json& row);

}  // namespace latchkey::cli
