// SPDX-License-Identifier: MIT
#include "channel_host/serve_call.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "channel_host/connect_ports.hpp"
#include "channel_host/plugin_call.hpp"
#include "channel_host/plugin_file.hpp"
#include "channel_host/plugin_table.hpp"
#include "channel_host/process_limits.hpp"
#include "channel_host/program_keeper.hpp"

namespace latchkey {

namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds kSetupTimeout{10};
constexpr std::uint32_t kLongestDeadline = 60;
constexpr std::size_t kThreadsOfOnePlugin = 16;
constexpr std::size_t kTasksOfOneProgram = 64;

std::string option_of(const wire::ChannelSetup& setup, std::string_view name) {
    for (const auto& [key, value] : setup.options)
        if (key == name) return value;
    return {};
}

Result<const latchkey_plugin_table_v1*> prepare_plugin(const wire::ChannelSetup& setup,
                                                       const std::string& directory) {
    auto file = open_plugin_file(directory, setup.plugin);
    if (!file) return std::move(file).error();
    auto limited = limit_for(setup.profile);
    if (!limited) return std::move(limited).error();
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

Result<void> limit_for(Profile profile) {
    auto limited = limit_resources(profile == Profile::Program);
    if (!limited) return limited;
    if (profile == Profile::Network) return limit_tasks(kThreadsOfOnePlugin);
    if (profile == Profile::Program) return limit_tasks(kTasksOfOneProgram);
    return {};
}

ChannelConfinement confinement_of(const wire::ChannelSetup& setup, const UniqueFd& plugin) {
    ChannelConfinement confinement;
    confinement.profile = setup.profile;
    confinement.writable_directory = option_of(setup, "directory");
    confinement.readable.push_back("/proc/self/fd/" + std::to_string(plugin.get()));
    for (const char* key : {"ca_file", "html_template"})
        if (std::string file = option_of(setup, key); !file.empty())
            confinement.readable.push_back(std::move(file));
    confinement.tcp_ports = connect_ports(setup);
    return confinement;
}

Result<void> serve_call(Seqpacket& caller, const std::string& plugin_directory) {
    auto setup = caller.receive_message<wire::ChannelSetup>(steady_clock::now() + kSetupTimeout);
    if (!setup) return std::move(setup).error();
    if (setup->version != wire::kVersion)
        return Error{ErrorKind::Misconfigured, "the caller speaks another version"};
    const seconds allowed{std::clamp<std::uint32_t>(setup->deadline_seconds, 1, kLongestDeadline)};
    const auto deadline = steady_clock::now() + allowed;
    const bool runs_programs = setup->profile == Profile::Program;
    auto kept = runs_programs ? split_off_keeper(allowed) : Result<void>{};
    auto armed = arm_deadline(allowed);
    if (!armed) return armed;

    auto plugin = kept ? prepare_plugin(*setup, plugin_directory)
                       : Result<const latchkey_plugin_table_v1*>{std::move(kept).error()};
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
