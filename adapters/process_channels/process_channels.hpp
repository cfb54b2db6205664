// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "adapters/system/unique_fd.hpp"
#include "core/ports/channels.hpp"
#include "core/wire/message.hpp"

namespace latchkey {

// Channels over the monitor's channel hosts: one fresh, confined process per call.
class ProcessChannels final : public Channels {
public:
    // Asks the monitor for a channel host whose setup is written already.
    using StartChannel = std::function<Result<UniqueFd>(const std::string& channel)>;
    // How long the channel's host may take (ChannelSettings::deadline).
    using DeadlineOf = std::function<std::chrono::seconds(const std::string& channel)>;

    // `announce_due` tells the monitor that the outbox has a row that is due.
    ProcessChannels(StartChannel start_channel, std::function<void()> announce_due,
                    DeadlineOf deadline_of = default_deadline);

    // Unavailable: no host could be started, it ended without a reply, or the
    // deadline passed. Misconfigured: the plugin's own words, escaped.
    Result<std::optional<std::uint64_t>> verify(const OtpQuestion& question) override;
    Result<Secret> begin_approval(const ApprovalCall& call) override;
    Result<ApprovalAnswer> poll_approval(const ApprovalCall& call) override;
    void send_due() override;

    // One delivery, for the outbox. The call must not exceed one packet
    // (wire::kMaxPacket); a longer one is Rejected before a host is started.
    // In the reply for_log is escaped already.
    Result<wire::ChannelReply> deliver(const std::string& channel, const wire::ChannelCall& call);

    // Whether the channel would take a message now; sends none.
    Result<wire::ChannelReply> probe(const std::string& channel);

    static std::chrono::seconds default_deadline(const std::string& channel);

private:
    Result<wire::ChannelReply> call(const std::string& channel, const wire::ChannelCall& call);

    StartChannel start_channel_;
    std::function<void()> announce_due_;
    DeadlineOf deadline_of_;
};

}  // namespace latchkey
