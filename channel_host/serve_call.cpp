// SPDX-License-Identifier: MIT
#include "channel_host/serve_call.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>

#include "channel_host/plugin_call.hpp"
#include "channel_host/plugin_file.hpp"
#include "channel_host/plugin_table.hpp"
#include "channel_host/process_limits.hpp"

namespace latchkey {

namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds kSetupTimeout{10};
constexpr std::uint32_t kLongestDeadline = 60;
// SMTP, submission with implicit TLS and STARTTLS, HTTPS.
constexpr std::uint16_t kUsualPorts[] = {25, 465, 587, 443};

std::string option_of(const wire::ChannelSetup& setup, std::string_view name) {
    for (const auto& [key, value] : setup.options)
        if (key == name) return value;
    return {};
}

// The port that the channel's settings name; without one, the usual ones.
std::vector<std::uint16_t> ports_of(const wire::ChannelSetup& setup) {
    const std::string text = option_of(setup, "port");
    std::uint16_t port = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (failed == std::errc{} && end == text.data() + text.size() && port != 0) return {port};
    return {std::begin(kUsualPorts), std::end(kUsualPorts)};
}

Result<const latchkey_plugin_table_v1*> prepare_plugin(const wire::ChannelSetup& setup,
                                                       const std::string& directory) {
    auto file = open_plugin_file(directory, setup.plugin);
    if (!file) return std::move(file).error();
    if (setup.profile == Profile::Network) {
        auto limited = limit_threads();
        if (!limited) return std::move(limited).error();
    }
    const ChannelConfinement confinement = confinement_of(setup, *file);
    auto confined = confine_channel(confinement);
    if (!confined) return std::move(confined).error();
    auto plugin = load_plugin(*file, setup.plugin);
    if (!plugin) return plugin;
    const bool strict = setup.profile == Profile::None && confinement.writable_directory.empty();
    if ((*plugin)->kind == LATCHKEY_VERIFICATION && !strict)
        return Error{ErrorKind::Misconfigured,
                     "plugin " + setup.plugin +
                         ": checks answers, so its channel needs profile = \"none\" and no "
                         "writable_directory"};
    return plugin;
}

}  // namespace

ChannelConfinement confinement_of(const wire::ChannelSetup& setup, const UniqueFd& plugin) {
    ChannelConfinement confinement;
    confinement.profile = setup.profile;
    confinement.writable_directory = option_of(setup, "directory");
    confinement.readable.push_back("/proc/self/fd/" + std::to_string(plugin.get()));
    if (std::string ca_file = option_of(setup, "ca_file"); !ca_file.empty())
        confinement.readable.push_back(std::move(ca_file));
    confinement.tcp_ports = ports_of(setup);
    return confinement;
}

Result<void> serve_call(Seqpacket& caller, const std::string& plugin_directory) {
    auto setup = caller.receive_message<wire::ChannelSetup>(steady_clock::now() + kSetupTimeout);
    if (!setup) return std::move(setup).error();
    if (setup->version != wire::kVersion)
        return Error{ErrorKind::Misconfigured, "the caller speaks another version"};
    const seconds allowed{std::clamp<std::uint32_t>(setup->deadline_seconds, 1, kLongestDeadline)};
    const auto deadline = steady_clock::now() + allowed;
    auto armed = arm_deadline(allowed);
    if (!armed) return armed;

    auto plugin = prepare_plugin(*setup, plugin_directory);
    // The call is read in any case: an answer to an unread call would be lost.
    auto call = caller.receive_message<wire::ChannelCall>(deadline);
    if (!call) return std::move(call).error();
    if (!plugin) {
        wire::ChannelReply reply;
        reply.for_log = plugin.error().detail.substr(0, LATCHKEY_MAX_LOG);
        return caller.send_message(reply);
    }
    return caller.send_message(call_plugin(**plugin, *setup, *call, deadline));
}

}  // namespace latchkey
