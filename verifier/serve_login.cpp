// SPDX-License-Identifier: MIT
#include "verifier/serve_login.hpp"

#include <string>
#include <utility>

#include "core/recovery_runner.hpp"
#include "verifier/channel_deadlines.hpp"

namespace latchkey {

namespace {

constexpr std::uint32_t kLeaseDigits = 32;  // 128 bits: no two connections share a name

std::string fresh_lease(Vault& vault) {
    static constexpr std::string_view kHexDigits = "0123456789abcdef";
    std::string lease;
    for (std::uint32_t i = 0; i < kLeaseDigits; ++i) lease += kHexDigits[vault.uniform(16)];
    return lease;
}

bool is_served(const wire::RecoveryHello& hello) {
    return hello.version == wire::kVersion && !hello.subject.empty() &&
           hello.subkey.size() == Vault::kKeyBytes && hello.gates_needed > 0;
}

RecoveryRequest request_of(wire::RecoveryHello hello, Vault& vault) {
    RecoveryRequest request;
    request.subject = std::move(hello.subject);
    request.deliverable = hello.deliverable;
    request.privileged = hello.privileged;
    request.has_saved_codes = hello.has_saved_codes;
    request.has_pass = hello.has_pass;
    request.subkey = std::move(hello.subkey);
    request.surface = hello.surface;
    request.gates_needed = hello.gates_needed;
    request.account_name = std::move(hello.account_name);
    request.host_name = std::move(hello.host_name);
    request.service = std::move(hello.service);
    request.source = std::move(hello.source);
    request.reason = hello.reason;
    request.resume_code = std::move(hello.resume_code);
    request.lease = fresh_lease(vault);
    return request;
}

}  // namespace

bool serve_login(MonitorLink& monitor, VerifierPorts ports) {
    auto hello = monitor.greeting<wire::RecoveryHello>();
    if (!hello || !is_served(*hello)) {
        ports.log.record(Severity::Warning, "refused the monitor's greeting");
        (void)monitor.say(wire::RecoveryFinish{Outcome::Refused});
        return false;
    }
    const RecoveryRequest request = request_of(std::move(*hello), ports.vault);
    ProcessChannels channels{
        [&monitor](const std::string& name) { return monitor.start_channel(name); },
        [&monitor] { monitor.announce_due(); }, deadlines_of(ports.settings)};
    RecoveryEnd end = run_recovery(
        request, ports.settings,
        {ports.store, ports.vault, channels, monitor, monitor, ports.clock, ports.log});
    // A monitor that is gone reads nothing; what counts is in the store.
    (void)monitor.say(wire::RecoveryFinish{end.outcome, std::move(end.rule)});
    return true;
}

}  // namespace latchkey
