// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <span>
#include <string>

#include "adapters/system/seqpacket.hpp"
#include "core/ports/event_log.hpp"
#include "core/recovery.hpp"
#include "core/secret.hpp"
#include "core/settings.hpp"
#include "core/wire/permitted.hpp"
#include "monitor/channel_start.hpp"

namespace latchkey {

// What a run asks the host for; replaced in tests.
struct DeliveryPorts {
    std::function<Result<StartedChannel>(const std::string& channel)> start_channel;
    std::function<bool(const SubjectKey& subject)> can_become_root;
    EventLog& log;
};

// The monitor's half of one delivery or probe run: lends a verifier one key and
// one channel host at a time.
//
// A channel with Profile::Program runs what no sandbox holds, so it is not
// started for a message to an account that can become root: not while the key that was lent
// last is such an account's, or none was lent. The verifier goes on with
// the method's next channel. One that was taken over knows the code anyway.
class DeliveryRun {
public:
    // `master_key` is of no length in a run that carries no messages, where `permitted`
    // has no OutboxKey.
    DeliveryRun(const Settings& settings, const Secret& master_key, Seqpacket& verifier,
                const DeliveryPorts& ports, std::span<const wire::Permission> permitted);

    // What the verifier says became of the messages. Unavailable, and logged: it was ended,
    // because it broke the table of permitted messages or does not answer.
    Result<wire::DeliverFinish> run();

private:
    bool handle(const Packet& packet);
    bool lend_key(const SubjectKey& subject);
    bool lend_channel(const std::string& channel);
    [[nodiscard]] bool is_refused(const std::string& channel) const;
    bool refuse_channel(const std::string& why);
    Error failed(const std::string& why);

    const Settings& settings_;
    const Secret& master_key_;
    Seqpacket& verifier_;
    const DeliveryPorts& ports_;
    wire::PermittedRequests permitted_;
    SubjectKey key_lent_to_;
    ChildProcess host_;
};

}  // namespace latchkey
