// SPDX-License-Identifier: MIT
#include "verifier/serve_change.hpp"

#include <string>
#include <utility>

#include "core/change_runner.hpp"
#include "core/codes.hpp"
#include "verifier/channel_deadlines.hpp"
#include "verifier/enrollable_address.hpp"
#include "verifier/otp_enrolment.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kLeaseDigits = 32;  // 128 bits: no two connections share a name

// Makes keys here and shows them over the monitor.
class LinkedMaker final : public AuthenticatorMaker {
public:
    LinkedMaker(MonitorLink& monitor, Vault& vault, const RecoveryRequest& request)
        : monitor_(monitor), vault_(vault), request_(request) {}

    [[nodiscard]] Result<Secret> show_new_key(OtpKind kind) override {
        Secret key = fresh_otp_key(vault_);
        auto digits = base32(key);
        if (!digits) return std::move(digits).error();
        wire::NewKey shown;
        shown.uri = otpauth_uri(kind, request_.host_name, request_.account_name, *digits);
        shown.key_base32 = std::move(*digits);
        if (auto said = monitor_.say(shown); !said) return std::move(said).error();
        return key;
    }
    [[nodiscard]] std::optional<std::uint64_t> matched_step(OtpKind kind, const Secret& key,
                                                            std::string_view typed,
                                                            TimePoint now) const override {
        return latchkey::matched_step(kind, key, typed, now);
    }

private:
    MonitorLink& monitor_;
    Vault& vault_;
    const RecoveryRequest& request_;
};

bool is_served(const wire::ChangeHello& hello) {
    return hello.version == wire::kVersion && !hello.subject.empty() &&
           hello.subkey.size() == Vault::kKeyBytes;
}

// One proof, whatever the account can become: that somebody else may not add a way is the
// password's and the waiting time's business.
RecoveryRequest request_of(wire::ChangeHello& hello, Vault& vault) {
    RecoveryRequest request;
    request.subject = std::move(hello.subject);
    request.deliverable = true;
    request.has_saved_codes = hello.has_saved_codes;
    request.subkey = std::move(hello.subkey);
    request.surface = Surface::Console;
    request.gates_needed = 1;
    request.account_name = std::move(hello.account_name);
    request.host_name = std::move(hello.host_name);
    request.service = "latchkey";
    request.source = std::move(hello.source);
    request.reason = Reason::ChangeSecurityInfo;
    request.lease = random_hex(vault, kLeaseDigits);
    return request;
}

// The address as it will be stored; of a removal as it was typed.
Result<std::string> address_of(const wire::ChangeHello& hello, const RecoveryRequest& request,
                               const Settings& settings) {
    const auto method = settings.methods.find(hello.method);
    if (hello.wish != ChangeWish::EnrolContact || method == settings.methods.end())
        return hello.address;
    return enrollable_address(settings, {request.host_name, request.account_name}, method->second,
                              hello.address);
}

wire::ChangeFinish finish_of(ChangeEnd end) {
    wire::ChangeFinish finish;
    finish.done = end.done;
    finish.why = std::move(end.why);
    finish.destination = std::move(end.destination);
    finish.counts_from = end.counts_from.time_since_epoch().count();
    finish.told = end.told;
    finish.is_new = end.is_new;
    finish.is_first = end.is_first;
    finish.postpones_codes = end.postpones_codes;
    finish.ends_codes = end.ends_codes;
    return finish;
}

}  // namespace

bool serve_change(MonitorLink& monitor, VerifierPorts ports) {
    auto hello = monitor.greeting<wire::ChangeHello>();
    if (!hello || !is_served(*hello)) {
        ports.log.record(Severity::Warning, "refused the monitor's greeting");
        (void)monitor.say(wire::ChangeFinish{});
        return false;
    }
    const RecoveryRequest request = request_of(*hello, ports.vault);
    auto address = address_of(*hello, request, ports.settings);
    if (!address) {
        wire::ChangeFinish refused;
        refused.why = address.error().detail;
        (void)monitor.say(refused);
        return true;
    }
    const ChangeRequest change{hello->wish,         std::move(hello->method),
                               std::move(*address), std::move(hello->veto_code),
                               hello->privileged,   std::move(hello->key)};
    ProcessChannels channels{
        [&monitor](const std::string& name) { return monitor.start_channel(name); },
        [&monitor] { monitor.announce_due(); }, deadlines_of(ports.settings)};
    LinkedMaker maker{monitor, ports.vault, request};
    ChangeEnd end = run_change(
        change, request, ports.settings,
        {ports.store, ports.vault, channels, monitor, monitor, ports.clock, ports.log}, maker);
    (void)monitor.say(finish_of(std::move(end)));
    return true;
}

}  // namespace latchkey
