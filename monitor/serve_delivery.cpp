// SPDX-License-Identifier: MIT
#include "monitor/serve_delivery.hpp"

#include <chrono>
#include <span>
#include <string>
#include <utility>

#include "adapters/system/seqpacket.hpp"
#include "config/settings_reader.hpp"
#include "core/printable.hpp"
#include "core/wire/permitted.hpp"
#include "monitor/channel_start.hpp"
#include "monitor/keys.hpp"
#include "monitor/paths.hpp"

namespace latchkey {

namespace {

// A run ends by itself after a minute; this is for a verifier that stands still.
constexpr std::chrono::seconds kPatience{120};

bool delivers(const Settings& settings, const std::string& channel) {
    for (const auto& [name, method] : settings.methods) {
        if (method.kind != MethodKind::Delivery) continue;
        for (const std::string& candidate : method.channels)
            if (candidate == channel) return true;
    }
    return false;
}

class DeliveryRun {
public:
    // `master_key` is of no length, and lent from never, where `permitted` has no OutboxKey.
    DeliveryRun(const Settings& settings, const Secret& master_key, Seqpacket& verifier,
                EventLog& log, std::span<const wire::Permission> permitted)
        : settings_(settings),
          master_key_(master_key),
          verifier_(verifier),
          log_(log),
          permitted_(permitted) {}

    int run() {
        const auto deadline = std::chrono::steady_clock::now() + kPatience;
        if (!verifier_.send_message(wire::DeliverHello{})) return 1;
        while (true) {
            auto packet = verifier_.receive(deadline);
            if (!packet) return failed(packet.error().detail);
            const auto type = wire::type_of(packet->bytes);
            if (!type || !permitted_.admit(*type, wire::Phase::Talking))
                return failed("a message that is not permitted");
            if (auto end = wire::decode<wire::DeliverFinish>(packet->bytes)) return 0;
            if (!handle(*packet)) return failed("a malformed message");
        }
    }

private:
    bool handle(const Packet& packet) {
        if (auto key = wire::decode<wire::OutboxKey>(packet.bytes)) return lend_key(key->subject);
        if (auto start = wire::decode<wire::StartChannel>(packet.bytes))
            return lend_channel(start->channel);
        return false;
    }

    bool lend_key(const SubjectKey& subject) {
        const Secret subkey = subject_key(master_key_, subject, {});
        return verifier_.send_message(wire::OutboxKeyIs{outbox_key(subkey)}).has_value();
    }

    bool lend_channel(const std::string& channel) {
        if (!delivers(settings_, channel))
            return verifier_.send_message(wire::ChannelStarted{false}).has_value();
        auto started = start_channel(settings_, channel);
        if (!started) {
            log_.record(Severity::Warning,
                        "cannot start channel why=" + in_quotes(started.error().detail));
            return verifier_.send_message(wire::ChannelStarted{false}).has_value();
        }
        host_ = std::move(started->host);
        return verifier_.send_message(wire::ChannelStarted{true}, started->socket.get())
            .has_value();
    }

    int failed(const std::string& why) {
        log_.record(Severity::Warning, "delivery ended why=" + in_quotes(why));
        return 1;
    }

    const Settings& settings_;
    const Secret& master_key_;
    Seqpacket& verifier_;
    EventLog& log_;
    wire::PermittedRequests permitted_;
    ChildProcess host_;
};

int cannot(const char* what, const Error& why, EventLog& log) {
    log.record(Severity::Warning, std::string{"cannot "} + what + " why=" + in_quotes(why.detail));
    return 1;
}

// A verifier in this mode, and the other end of its link; both end with the result.
struct StartedVerifier {
    ChildProcess process;
    Seqpacket link;
};

Result<StartedVerifier> start_verifier(const char* mode) {
    auto ends = Seqpacket::make_pair();
    if (!ends) return std::move(ends).error();
    auto verifier =
        start({paths::kVerifier, {mode}, paths::kVerifierUser}, std::move(ends->second).take_fd());
    if (!verifier) return std::move(verifier).error();
    return StartedVerifier{std::move(*verifier), std::move(ends->first)};
}

}  // namespace

int serve_delivery(EventLog& log) {
    auto settings = read_settings(paths::kSettings, paths::kSettingsDirectory);
    if (!settings) return cannot("deliver", settings.error(), log);
    auto key = read_master_key(paths::kMasterKey);
    if (!key) return cannot("deliver", key.error(), log);
    auto verifier = start_verifier("--deliver");
    if (!verifier) return cannot("deliver", verifier.error(), log);
    return DeliveryRun{*settings, *key, verifier->link, log, wire::delivery_permissions()}.run();
}

int serve_probes(EventLog& log) {
    auto settings = read_settings(paths::kSettings, paths::kSettingsDirectory);
    if (!settings) return cannot("probe", settings.error(), log);
    auto verifier = start_verifier("--probe");
    if (!verifier) return cannot("probe", verifier.error(), log);
    const Secret no_key;
    return DeliveryRun{*settings, no_key, verifier->link, log, wire::probing_permissions()}.run();
}

}  // namespace latchkey
