// SPDX-License-Identifier: MIT
#include "cli/notices.hpp"

namespace latchkey::cli {

std::string told_line(std::uint32_t notices) {
    if (notices == 0) return "Nobody is told: the account has no address.\n";
    return "A notice goes to " + std::to_string(notices) +
           (notices == 1 ? " address" : " addresses") + " of the account.\n";
}

std::string told_line_if_any(const nlohmann::json& row) {
    const auto notices = row.find("notices");
    const bool is_number = notices != row.end() && notices->is_number_unsigned();
    const auto count = is_number ? notices->get<std::uint32_t>() : 0;
    return count == 0 ? std::string{} : told_line(count);
}

}  // namespace latchkey::cli
