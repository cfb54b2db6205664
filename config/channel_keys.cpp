// SPDX-License-Identifier: MIT
#include "config/channel_keys.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "config/budget_keys.hpp"
#include "config/plugin_options.hpp"
#include "config/settings_reader.hpp"
#include "core/printable.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kMaxChannels = 16;
constexpr std::size_t kMaxPluginNameBytes = 32;
constexpr std::size_t kMaxGroupNameBytes = 32;
constexpr std::size_t kMaxOptions = 32;
constexpr std::size_t kMaxOptionBytes = 512;
constexpr std::size_t kMaxAllOptionBytes = 2048;  // they travel in one message of 4,096

bool is_word(std::string_view text, std::size_t at_most, std::string_view more_signs) {
    if (text.empty() || text.size() > at_most) return false;
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
               more_signs.find(c) != std::string_view::npos;
    });
}

Result<void> set_plugin(ChannelSettings& channel, const Written& written) {
    auto text = text_in(written, 256);
    if (!text) return std::move(text).error();
    if (!is_word(*text, kMaxPluginNameBytes, "-") || text->front() == '-')
        return refusal(written,
                       "is no plugin's name; write the file's name without directory "
                       "and \".so\", in lower-case letters, digits, '_' and '-'");
    channel.plugin = std::move(*text);
    return {};
}

Result<void> set_profile(ChannelSettings& channel, const Written& written) {
    auto text = text_in(written, 32);
    if (!text) return std::move(text).error();
    constexpr std::array<std::string_view, 4> kWords{"none", "network", "spool", "program"};
    const auto word = std::find(kWords.begin(), kWords.end(), *text);
    if (word == kWords.end())
        return refusal(written,
                       "is no profile; write \"none\", \"network\", \"spool\" or \"program\"");
    channel.profile = static_cast<Profile>(word - kWords.begin());
    return {};
}

Result<void> set_group(ChannelSettings& channel, const Written& written) {
    auto text = text_in(written, kMaxGroupNameBytes);
    if (!text) return std::move(text).error();
    if (!text->empty() && (!is_word(*text, kMaxGroupNameBytes, "-") || text->front() == '-'))
        return refusal(written, "is no group's name; write it as in /etc/group");
    channel.group = std::move(*text);
    return {};
}

Result<void> set_deadline(ChannelSettings& channel, const Written& written) {
    auto seconds = number_in(written, 1, 60,
                             "write a number of seconds from 1 to 60, or remove the line to have "
                             "10");
    if (!seconds) return std::move(seconds).error();
    channel.deadline = std::chrono::seconds{static_cast<std::int64_t>(*seconds)};
    return {};
}

Result<void> set_secret_file(ChannelSettings& channel, const Written& written) {
    auto text = text_in(written, 256);
    if (!text) return std::move(text).error();
    const std::string below = std::string{kSecretsDirectory} + '/';
    const std::string_view name =
        std::string_view{*text}.substr(std::min(below.size(), text->size()));
    const bool is_below = text->starts_with(below) && !name.empty() && name[0] != '.' &&
                          name.find('/') == std::string_view::npos;
    if (!text->empty() && !is_below)
        return refusal(written, "is not a file in " + below + "; move it there");
    channel.secret_file = std::move(*text);
    return {};
}

// The value as the plugin gets it.
Result<std::string> option_in(const Written& written) {
    if (const auto* number = std::get_if<std::int64_t>(&written.value))
        return std::to_string(*number);
    if (const auto* truth = std::get_if<bool>(&written.value))
        return std::string{*truth ? "true" : "false"};
    if (!std::holds_alternative<std::string>(written.value))
        return refusal(written,
                       "is neither text nor a number nor true or false; plugins take "
                       "nothing else");
    return text_in(written, kMaxOptionBytes);
}

Result<void> set_option(ChannelSettings& channel, const Written& written) {
    const std::string& key = written.path[2];
    if (!is_word(key, 32, ""))
        return refusal(written,
                       "is no key of a plugin; write it in lower-case letters, digits "
                       "and '_'");
    auto text = option_in(written);
    if (!text) return std::move(text).error();
    channel.options[key] = std::move(*text);
    std::size_t bytes = 0;
    for (const auto& [name, value] : channel.options) bytes += name.size() + value.size();
    if (channel.options.size() > kMaxOptions || bytes > kMaxAllOptionBytes)
        return refusal(written,
                       "is too much for one plugin; 32 keys and 2,048 bytes are "
                       "possible, remove some");
    return {};
}

// A group is a right. One that leads to root, or to the store, is no channel's.
Result<void> check_group(const SettingsDraft& draft, const std::string& table,
                         const ChannelSettings& channel) {
    if (channel.group.empty()) return {};
    const std::string key = table + ".group";
    const auto& privileged = draft.settings.privileged_groups;
    if (std::find(privileged.begin(), privileged.end(), channel.group) != privileged.end() ||
        channel.group == "root" || channel.group == "_latchkey")
        return refusal(draft.place_of({key}), key,
                       "is a group that can become root or read latchkey's store; name the group "
                       "of the spool directory, such as \"smsd\"");
    if (channel.profile != Profile::Spool && channel.profile != Profile::Program)
        return refusal(draft.place_of({key}), key,
                       "is possible with profile = \"spool\" or \"program\" only; remove it");
    return {};
}

Result<void> check_spool(const SettingsDraft& draft, const std::string& table,
                         const ChannelSettings& channel) {
    if (channel.profile != Profile::Spool || channel.options.count("directory") != 0) return {};
    return refusal(draft.place_of({table + ".profile", table}), table + ".directory",
                   "is missing; profile \"spool\" needs the one directory that may be written to");
}

}  // namespace

void forget_options_of_replaced_plugins(SettingsDraft& draft, const std::vector<Written>& file) {
    for (const Written& written : file) {
        if (written.path.size() != 3 || written.path[0] != "channel" || written.path[2] != "plugin")
            continue;
        const auto channel = draft.settings.channels.find(written.path[1]);
        const auto* plugin = std::get_if<std::string>(&written.value);
        if (channel != draft.settings.channels.end() && plugin != nullptr &&
            *plugin != channel->second.plugin)
            channel->second.options.clear();
    }
}

Result<void> apply_channel_key(SettingsDraft& draft, const Written& written) {
    const bool is_table = std::holds_alternative<EmptyTable>(written.value);
    if (written.path.size() == 1 || (written.path.size() == 2 && !is_table))
        return refusal(written, "is no table; write [channel.NAME] and the keys below it");
    const std::string& name = written.path[1];
    if (!is_table_name(name))
        return refusal(written,
                       "has a name that cannot be used; take up to 16 lower-case "
                       "letters, digits and hyphens, a letter first");
    draft.places["channel." + name] = written.place;
    ChannelSettings& channel = draft.settings.channels[name];
    if (draft.settings.channels.size() > kMaxChannels)
        return refusal(written, "is one channel too many; 16 are possible, remove one");
    if (written.path.size() == 2) return {};
    if (written.path.size() > 3 || is_table)
        return refusal(written, "is a table within a channel; write its keys below [channel.NAME]");
    const std::string& key = written.path[2];
    if (key == "plugin") return set_plugin(channel, written);
    if (key == "profile") return set_profile(channel, written);
    if (key == "group") return set_group(channel, written);
    if (key == "deadline") return set_deadline(channel, written);
    if (key == "secret_file") return set_secret_file(channel, written);
    if (key == "per_hour") return set_per_hour(channel.budget, written);
    if (key == "per_day") return set_per_day(channel.budget, written);
    return set_option(channel, written);
}

Result<void> check_channels(const SettingsDraft& draft) {
    for (const auto& [name, channel] : draft.settings.channels) {
        const std::string table = "channel." + name;
        if (channel.plugin.empty())
            return refusal(draft.place_of({table}), table + ".plugin",
                           "is missing; name the plugin that does the work");
        if (auto checked = check_group(draft, table, channel); !checked) return checked;
        if (auto checked = check_spool(draft, table, channel); !checked) return checked;
        if (auto checked = check_plugin_options(draft, table, channel); !checked) return checked;
    }
    return {};
}

}  // namespace latchkey
