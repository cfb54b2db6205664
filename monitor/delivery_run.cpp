// SPDX-License-Identifier: MIT
#include "monitor/delivery_run.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/printable.hpp"
#include "monitor/keys.hpp"
#include "monitor/program_channels.hpp"

namespace latchkey {

namespace {

// A run ends by itself after a minute; this is for a verifier that stands still.
constexpr std::chrono::seconds kPatience{120};

bool delivers(const Settings& settings, const std::string& channel) {
    return std::any_of(settings.methods.begin(), settings.methods.end(), [&](const auto& entry) {
        const MethodSettings& method = entry.second;
        return method.kind == MethodKind::Delivery &&
               std::find(method.channels.begin(), method.channels.end(), channel) !=
                   method.channels.end();
    });
}

}  // namespace

DeliveryRun::DeliveryRun(const Settings& settings, const Secret& master_key, Seqpacket& verifier,
                         const DeliveryPorts& ports, std::span<const wire::Permission> permitted)
    : settings_(settings),
      master_key_(master_key),
      verifier_(verifier),
      ports_(ports),
      permitted_(permitted) {}

Result<wire::DeliverFinish> DeliveryRun::run() {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    if (auto sent = verifier_.send_message(wire::DeliverHello{}); !sent)
        return failed(sent.error().detail);
    while (true) {
        auto packet = verifier_.receive(deadline);
        if (!packet) return failed(packet.error().detail);
        const auto type = wire::type_of(packet->bytes);
        if (!type || !permitted_.admit(*type, wire::Phase::Talking))
            return failed("a message that is not permitted");
        if (auto end = wire::decode<wire::DeliverFinish>(packet->bytes)) return *end;
        if (!handle(*packet)) return failed("a malformed message");
    }
}

bool DeliveryRun::handle(const Packet& packet) {
    if (auto key = wire::decode<wire::OutboxKey>(packet.bytes)) return lend_key(key->subject);
    if (auto start = wire::decode<wire::StartChannel>(packet.bytes))
        return lend_channel(start->channel);
    return false;
}

bool DeliveryRun::lend_key(const SubjectKey& subject) {
    key_lent_to_ = subject;
    const Secret subkey = subject_key(master_key_, subject, {});
    return verifier_.send_message(wire::OutboxKeyIs{outbox_key(subkey)}).has_value();
}

bool DeliveryRun::is_refused(const std::string& channel) const {
    const bool carries_messages = master_key_.size() != 0;
    return carries_messages && runs_programs(settings_, channel) &&
           (key_lent_to_.empty() || ports_.can_become_root(key_lent_to_));
}

bool DeliveryRun::lend_channel(const std::string& channel) {
    if (!delivers(settings_, channel))
        return verifier_.send_message(wire::ChannelStarted{false}).has_value();
    if (is_refused(channel))
        return refuse_channel("channel " + channel +
                              " runs a program, which gets no message of an account that can "
                              "become root");
    host_.kill();  // before the next: what it leaves is of the same user
    auto started = ports_.start_channel(channel);
    if (!started) return refuse_channel(started.error().detail);
    host_ = std::move(started->host);
    return verifier_.send_message(wire::ChannelStarted{true}, started->socket.get()).has_value();
}

bool DeliveryRun::refuse_channel(const std::string& why) {
    ports_.log.record(Severity::Warning, "cannot start channel why=" + in_quotes(why));
    return verifier_.send_message(wire::ChannelStarted{false}).has_value();
}

Error DeliveryRun::failed(const std::string& why) {
    ports_.log.record(Severity::Warning, "delivery ended why=" + in_quotes(why));
    return {ErrorKind::Unavailable, why};
}

}  // namespace latchkey
