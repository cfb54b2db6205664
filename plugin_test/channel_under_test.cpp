// SPDX-License-Identifier: MIT
#include "plugin_test/channel_under_test.hpp"

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "config/channel_keys.hpp"
#include "config/toml_document.hpp"
#include "core/printable.hpp"

namespace latchkey::plugin_test {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestSecret = 1024;

std::optional<std::string> content_of(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    std::ostringstream content;
    content << in.rdbuf();
    if (!in) return std::nullopt;
    return std::move(content).str();
}

Result<Secret> read_secret(const Written& written, const fs::path& directory) {
    auto name = text_in(written, 256);
    if (!name) return std::move(name).error();
    auto text = content_of(directory / *name);
    if (!text) return refusal(written, "cannot be read; name a file that you may read");
    if (text->ends_with('\n')) text->pop_back();
    if (text->size() > kLongestSecret)
        return refusal(written, "holds more than 1,024 bytes; no channel gets a longer secret");
    return Secret{*text};
}

struct Reading {
    fs::path directory;
    SettingsDraft draft;
    Secret secret;
    std::string address;
};

Result<void> apply(const Written& written, Reading& reading) {
    if (written.path == std::vector<std::string>{"test", "address"}) {
        auto address = text_in(written, 256);
        if (!address) return std::move(address).error();
        reading.address = std::move(*address);
        return {};
    }
    if (written.path.front() != "channel")
        return refusal(written,
                       "is not read here; leave one table [channel.NAME] in the file, and [test] "
                       "with an address");
    if (written.path.size() != 3 || written.path[2] != "secret_file")
        return apply_channel_key(reading.draft, written);
    auto secret = read_secret(written, reading.directory);
    if (!secret) return std::move(secret).error();
    reading.secret = std::move(*secret);
    return {};
}

Result<wire::ChannelSetup> setup_of(const SettingsDraft& draft, const std::string& plugin) {
    if (draft.settings.channels.size() != 1)
        return refusal({draft.main_file, 0}, "",
                       "must hold one table [channel.NAME]; it holds " +
                           std::to_string(draft.settings.channels.size()));
    const auto& [name, channel] = *draft.settings.channels.begin();
    if (!channel.plugin.empty() && channel.plugin != plugin)
        return refusal({draft.main_file, 0}, "channel." + name + ".plugin",
                       "is \"" + channel.plugin + "\", but the file to test is \"" +
                           escaped(plugin) + "\"; correct one of them");
    wire::ChannelSetup setup;
    setup.channel = name;
    setup.plugin = plugin;
    setup.profile = channel.profile;
    setup.deadline_seconds = static_cast<std::uint32_t>(channel.deadline.count());
    setup.options = {channel.options.begin(), channel.options.end()};
    return setup;
}

}  // namespace

ChannelUnderTest unconfigured_channel(const std::string& plugin) {
    ChannelUnderTest channel;
    channel.setup.channel = "test";
    channel.setup.plugin = plugin;
    channel.setup.profile = Profile::Network;
    return channel;
}

Result<ChannelUnderTest> read_channel(const std::string& file, const std::string& plugin) {
    const auto text = content_of(file);
    if (!text)
        return Error{ErrorKind::Misconfigured,
                     escaped(file) + ": cannot be read; name a file that you may read"};
    auto written = parse_toml(*text, file);
    if (!written) return std::move(written).error();
    Reading reading;
    reading.directory = fs::path{file}.parent_path();
    reading.draft.main_file = file;
    for (const Written& each : *written) {
        auto applied = apply(each, reading);
        if (!applied) return std::move(applied).error();
    }
    auto setup = setup_of(reading.draft, plugin);
    if (!setup) return std::move(setup).error();
    ChannelUnderTest channel;
    channel.setup = std::move(*setup);
    channel.setup.secret = std::move(reading.secret);
    channel.configured = true;
    if (!reading.address.empty()) channel.address = std::move(reading.address);
    return channel;
}

wire::ChannelSetup duplicate(const wire::ChannelSetup& setup) {
    wire::ChannelSetup copy;
    copy.channel = setup.channel;
    copy.plugin = setup.plugin;
    copy.profile = setup.profile;
    copy.deadline_seconds = setup.deadline_seconds;
    copy.options = setup.options;
    copy.secret = setup.secret.duplicate();
    return copy;
}

}  // namespace latchkey::plugin_test
