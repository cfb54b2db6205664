// SPDX-License-Identifier: MIT
//
// The real channel host and plugins, installed as on a host: root-owned programs
// of mode 0711, plugins of mode 0644 in directories that nobody else can change.
// As root the host runs as `nobody`, else as the user who runs the test.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "adapters/process_channels/process_channels.hpp"
#include "core/wire/message.hpp"
#include "tests/support/running_program.hpp"

namespace latchkey {

class ChannelWorkshop {
public:
    // With these plugins of the build; throws if it cannot be set up.
    explicit ChannelWorkshop(const std::vector<std::string>& plugins);
    ~ChannelWorkshop();
    ChannelWorkshop(const ChannelWorkshop&) = delete;
    ChannelWorkshop& operator=(const ChannelWorkshop&) = delete;

    [[nodiscard]] const std::string& root() const { return root_; }
    [[nodiscard]] std::string plugin_directory() const { return root_ + "/channels"; }
    [[nodiscard]] std::string plugin_file(const std::string& name) const;
    // Belongs to the user that the channel host runs as.
    [[nodiscard]] std::string messages_directory() const { return root_ + "/messages"; }
    // Whom the channel host runs as.
    [[nodiscard]] uid_t channel_uid() const { return uid_; }
    [[nodiscard]] gid_t channel_gid() const { return gid_; }

    // A setup for the channel "test" with this plugin.
    [[nodiscard]] wire::ChannelSetup setup(const std::string& plugin, Profile profile) const;

    // Starts a host with the setup written already; the host is killed when the
    // next one starts or the workshop goes.
    Result<UniqueFd> start_host(const wire::ChannelSetup& setup, const std::string& directory);

    // One call over the real adapter.
    Result<wire::ChannelReply> call(const wire::ChannelSetup& setup, const wire::ChannelCall& call);
    // The adapter over hosts with this setup.
    ProcessChannels channels(const wire::ChannelSetup& setup);

    // The one supplementary group of the hosts that are started from now on.
    void give_group(std::optional<gid_t> group) { group_ = group; }

    // The host that was started last.
    [[nodiscard]] RunningProgram& host() { return host_; }

private:
    std::string root_;
    uid_t uid_;
    gid_t gid_;
    std::optional<gid_t> group_;
    RunningProgram host_;
};

// A delivery with nothing special in it.
[[nodiscard]] wire::ChannelCall delivery_to(const std::string& address);

}  // namespace latchkey
