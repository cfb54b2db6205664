// SPDX-License-Identifier: MIT
#include "plugins/common/approval_text.hpp"

#include <array>
#include <ctime>

namespace latchkey::plugin {

std::string until_line(const ApprovalRequest& request) {
    const auto until = static_cast<std::time_t>(request.expires_at);
    std::tm parts{};
    std::array<char, 16> time{};
    if (::gmtime_r(&until, &parts) == nullptr ||
        std::strftime(time.data(), time.size(), "%H:%M:%S", &parts) == 0)
        return "Answer at once: it is void soon.\n";
    return std::string{"Answers count until "} + time.data() + " UTC.\n";
}

}  // namespace latchkey::plugin
