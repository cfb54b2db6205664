// SPDX-License-Identifier: MIT
#include "core/approval_requests.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "core/codes.hpp"
#include "core/printable.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kChoices = 3;
constexpr std::size_t kRequestIdDigits = 32;

// Different numbers of two digits, none of them with a leading zero.
std::array<std::string, kChoices> drawn_numbers(Vault& vault) {
    std::array<std::string, kChoices> numbers;
    for (auto number = numbers.begin(); number != numbers.end();) {
        *number = std::to_string(10 + vault.uniform(90));
        if (std::find(numbers.begin(), number, *number) == number) ++number;
    }
    return numbers;
}

ApprovalCall call_about(const RecoveryContext& recovery, const OpenApproval& request,
                        const Secret& to, const ApprovalText& text) {
    return {request.channel, to,
            text.subject,    text.text,
            request.choices, request.request_id,
            request.state,   request.expires_at,
            recovery.now()};
}

void note_failure(const RecoveryContext& recovery, const std::string& channel,
                  const Error& failure) {
    recovery.log(Severity::Warning, "cannot ask for an approval",
                 "channel=" + channel + " why=" + in_quotes(failure.detail));
}

}  // namespace

OpenApproval new_approval(const RecoveryContext& recovery, std::int64_t contact_id,
                          AttemptId attempt) {
    Vault& vault = recovery.ports.vault;
    const auto numbers = drawn_numbers(vault);
    OpenApproval request;
    request.attempt = attempt;
    request.contact_id = contact_id;
    request.request_id = random_hex(vault, kRequestIdDigits);
    request.choices = numbers[0] + ' ' + numbers[1] + ' ' + numbers[2];
    request.number = numbers[vault.uniform(kChoices)];
    request.expires_at = recovery.now() + kApprovalLifetime;
    return request;
}

Begun begin_approval(const RecoveryContext& recovery, const StoredAddress& device,
                     const ApprovalText& text, OpenApproval& request) {
    for (const std::string& channel : recovery.settings.methods.at(device.method.name).channels) {
        request.channel = channel;
        auto begun = recovery.ports.channels.begin_approval(
            call_about(recovery, request, device.address, text));
        if (begun) {
            request.state = std::move(*begun);
            return Begun::Yes;
        }
        note_failure(recovery, channel, begun.error());
        const ErrorKind kind = begun.error().kind;
        if (kind != ErrorKind::Misconfigured && kind != ErrorKind::Rejected)
            return Begun::MayBeAsked;
    }
    return Begun::NobodyAsked;
}

Result<ApprovalAnswer> look_at_approval(const RecoveryContext& recovery,
                                        const StoredAddress& device, const ApprovalText& text,
                                        const OpenApproval& request) {
    auto answer =
        recovery.ports.channels.poll_approval(call_about(recovery, request, device.address, text));
    if (!answer) note_failure(recovery, request.channel, answer.error());
    return answer;
}

std::uint32_t seconds_left(const RecoveryContext& recovery, const OpenApproval& request) {
    const auto left = request.expires_at - recovery.now();
    return left.count() > 0 ? static_cast<std::uint32_t>(left.count()) : 0;
}

}  // namespace latchkey
