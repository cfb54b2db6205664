// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <latchkey/plugin.hpp>

namespace latchkey::plugin {

// Until when a request can be answered, as a line for whoever holds the device: neither a chat
// nor ntfy takes back by itself what is void.
[[nodiscard]] std::string until_line(const ApprovalRequest& request);

}  // namespace latchkey::plugin
