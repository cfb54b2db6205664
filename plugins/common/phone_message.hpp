// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include <latchkey/plugin.hpp>

#include "plugins/common/phone_number.hpp"

namespace latchkey::plugin {

// Why the message cannot go to a telephone, or nothing: its address is no phone number, or it
// has nothing that could be written or said. The log text holds neither.
[[nodiscard]] inline std::optional<Reply> objection_to(const Message& message) {
    if (!is_phone_number(message.to))
        return Reply{Outcome::Permanent, "the address is no phone number such as +4930123456"};
    if (message.short_text.empty())
        return Reply{Outcome::Permanent, "the message has no text for telephones"};
    return std::nullopt;
}

}  // namespace latchkey::plugin
