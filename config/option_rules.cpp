// SPDX-License-Identifier: MIT
#include "config/option_rules.hpp"

#include <algorithm>

namespace latchkey {

Result<void> check_rules(const SettingsDraft& draft, const std::string& table,
                         const ChannelSettings& channel, std::span<const OptionRule> rules) {
    const auto refused = [&](const std::string& key, const std::string& what_and_mend) {
        const std::string full = table + '.' + key;
        return refusal(draft.place_of({full, table}), full, what_and_mend);
    };
    for (const auto& [key, value] : channel.options) {
        const std::string name = key;
        const auto rule = std::find_if(rules.begin(), rules.end(),
                                       [&name](const OptionRule& r) { return r.key == name; });
        if (rule == rules.end())
            return refused(key, "is not known to the plugin \"" + channel.plugin +
                                    "\"; remove it, or correct its name");
        if (!rule->is_right(value))
            return refused(key, "is not possible; " + std::string{rule->mend});
    }
    for (const OptionRule& rule : rules)
        if (rule.required && channel.options.count(std::string{rule.key}) == 0)
            return refused(std::string{rule.key}, "is missing; " + std::string{rule.mend});
    return {};
}

Result<void> check_network(const SettingsDraft& draft, const std::string& table,
                           const ChannelSettings& channel, const std::string& who) {
    if (channel.profile == Profile::Network) return {};
    return refusal(draft.place_of({table + ".profile", table}), table + ".profile",
                   "is not \"network\", which " + who + " needs; write profile = \"network\"");
}

bool is_plain_path(const std::string& text) {
    return text.size() > 1 && text.front() == '/' && (text + '/').find("/../") == text.npos;
}

bool is_anything(const std::string& text) {
    return !text.empty();
}

}  // namespace latchkey
