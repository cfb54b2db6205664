// SPDX-License-Identifier: MIT
#include "monitor/serve_delivery.hpp"

#include <string>
#include <utility>

#include "adapters/system/seqpacket.hpp"
#include "config/settings_reader.hpp"
#include "core/printable.hpp"
#include "core/wire/exit_statuses.hpp"
#include "core/wire/permitted.hpp"
#include "monitor/account.hpp"
#include "monitor/admin_row.hpp"
#include "monitor/delivery_run.hpp"
#include "monitor/keys.hpp"
#include "monitor/paths.hpp"

namespace latchkey {

namespace {

int cannot(const char* what, const Error& why, EventLog& log) {
    log.record(Severity::Warning, std::string{"cannot "} + what + " why=" + in_quotes(why.detail));
    return 1;
}

DeliveryPorts ports_on_this_host(const Settings& settings, EventLog& log) {
    return {[&settings](const std::string& channel) { return start_channel(settings, channel); },
            [&settings](const SubjectKey& subject) {
                return subject_can_become_root(subject, settings);
            },
            log};
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

Result<wire::DeliverFinish> deliver(const Settings& settings, const Secret& key, EventLog& log) {
    auto verifier = start_verifier("--deliver");
    if (!verifier) {
        (void)cannot("deliver", verifier.error(), log);
        return std::move(verifier).error();
    }
    return DeliveryRun{settings, key, verifier->link, ports_on_this_host(settings, log),
                       wire::delivery_permissions()}
        .run();
}

}  // namespace

int serve_delivery(EventLog& log) {
    auto settings = read_settings(paths::kSettings, paths::kSettingsDirectory);
    if (!settings) return cannot("deliver", settings.error(), log);
    auto key = read_master_key(paths::kMasterKey);
    if (!key) return cannot("deliver", key.error(), log);
    return deliver(*settings, *key, log) ? 0 : 1;
}

void serve_delivery_request(Seqpacket& command, const AdminDesk& desk) {
    const auto done = deliver(desk.settings, desk.master_key, desk.log);
    if (!done)
        return refuse_request(command, exit_statuses::kUnreachable,
                              "the delivery ended: " + done.error().detail +
                                  "; what is due stays queued, see the journal (journalctl -t "
                                  "latchkey-monitor -t latchkey-verifier)");
    send_reply(command, admin_row({{"delivered", done->delivered},
                                   {"postponed", done->postponed},
                                   {"given_up", done->given_up},
                                   {"ended_early", done->ended_early}}));
    send_reply(command, {true, 0, {}, {}});
}

int serve_probes(EventLog& log) {
    auto settings = read_settings(paths::kSettings, paths::kSettingsDirectory);
    if (!settings) return cannot("probe", settings.error(), log);
    auto verifier = start_verifier("--probe");
    if (!verifier) return cannot("probe", verifier.error(), log);
    const Secret no_key;
    const auto done = DeliveryRun{*settings, no_key, verifier->link,
                                  ports_on_this_host(*settings, log), wire::probing_permissions()}
                          .run();
    return done ? 0 : 1;
}

}  // namespace latchkey
