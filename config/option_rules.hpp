// SPDX-License-Identifier: MIT
//
// What the keys of one plugin may be, as a table.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/settings_draft.hpp"
#include "core/result.hpp"

namespace latchkey {

struct OptionRule {
    std::string_view key;
    bool (*is_right)(const std::string&);
    std::string_view mend;
    bool required = false;
};

// Refuses a key without a rule, a value that is not right, and a required key that is missing.
[[nodiscard]] Result<void> check_rules(const SettingsDraft& draft, const std::string& table,
                                       const ChannelSettings& channel,
                                       std::span<const OptionRule> rules);

// Refuses a channel without the network; `who` needs it.
[[nodiscard]] Result<void> check_network(const SettingsDraft& draft, const std::string& table,
                                         const ChannelSettings& channel, const std::string& who);

// An absolute path without "..".
[[nodiscard]] bool is_plain_path(const std::string& text);
// Not empty.
[[nodiscard]] bool is_anything(const std::string& text);

}  // namespace latchkey
