// SPDX-License-Identifier: MIT
#include "core/recovery_approving.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/codes.hpp"
#include "core/printable.hpp"

namespace latchkey {

namespace {

using flow::Judged;
using flow::Judgement;

constexpr std::size_t kChoices = 3;
constexpr std::size_t kRequestIdDigits = 32;

const StoredAddress* device_of(const RecoveryContext& recovery, std::int64_t id) {
    for (const StoredAddress& device : recovery.ways.devices)
        if (id != 0 && device.method.contact_id == id && device.is_usable) return &device;
    return nullptr;
}

bool is_open(const RecoveryContext& recovery, const Method& method) {
    return recovery.approval && recovery.approval->contact_id == method.contact_id &&
           seconds_left(recovery) > 0;
}

flow::Event on_screen(const RecoveryContext& recovery) {
    return flow::Queued{recovery.approval->number, seconds_left(recovery)};
}

// Different numbers of two digits, none of them with a leading zero.
std::array<std::string, kChoices> drawn_numbers(Vault& vault) {
    std::array<std::string, kChoices> numbers;
    for (auto number = numbers.begin(); number != numbers.end();) {
        *number = std::to_string(10 + vault.uniform(90));
        if (std::find(numbers.begin(), number, *number) == number) ++number;
    }
    return numbers;
}

OpenApproval new_request(RecoveryContext& recovery, const Method& method, AttemptId attempt) {
    Vault& vault = recovery.ports.vault;
    const auto numbers = drawn_numbers(vault);
    OpenApproval request;
    request.attempt = attempt;
    request.contact_id = method.contact_id;
    request.request_id = random_hex(vault, kRequestIdDigits);
    request.choices = numbers[0] + ' ' + numbers[1] + ' ' + numbers[2];
    request.number = numbers[vault.uniform(kChoices)];
    request.expires_at = recovery.now() + kApprovalLifetime;
    return request;
}

ApprovalCall call_about(const RecoveryContext& recovery, const OpenApproval& request,
                        const Secret& to) {
    ApprovalText message = approval_message(recovery.facts());
    return {request.channel,
            to,
            std::move(message.subject),
            std::move(message.text),
            request.choices,
            request.request_id,
            request.state,
            request.expires_at,
            recovery.now()};
}

void note_failure(const RecoveryContext& recovery, const std::string& channel,
                  const Error& failure) {
    recovery.log(Severity::Warning, "cannot ask for an approval",
                 "channel=" + channel + " why=" + in_quotes(failure.detail));
}

enum class Begun { Yes, NobodyAsked, MayBeAsked };

// Over the method's channels in turn, as long as nobody can have been asked.
Begun begin(const RecoveryContext& recovery, const StoredAddress& device, OpenApproval& request) {
    for (const std::string& channel : recovery.settings.methods.at(device.method.name).channels) {
        request.channel = channel;
        auto begun =
            recovery.ports.channels.begin_approval(call_about(recovery, request, device.address));
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

// Counted by itself, so that a person is left alone after the second time.
Result<void> count_denial(RecoveryContext& recovery, const Method& method) {
    const auto charge = recovery.charge(
        recovery.attempt(AttemptKind::Denial, recovery.request.subject, method.name));
    if (!charge) return Error{charge.error()}.within("charge denial");
    return {};
}

Result<Judgement> deny(RecoveryContext& recovery, const Method& method) {
    recovery.approval.reset();
    recovery.rule = "proof=denied";
    const SubjectKey& subject = recovery.request.subject;
    const AuditRecord record{recovery.now(), "denied", subject,
                             "recovery=" + std::to_string(recovery.id) + " method=" + method.name +
                                 " source=" + recovery.request.source};
    const Attempt denial = recovery.attempt(AttemptKind::Denial, subject, method.name);
    recovery.log(Severity::Alarm, "the owner denied a recovery", "method=" + method.name);
    if (auto ended = recovery.ports.store.end_recoveries(denial, record); !ended)
        return std::move(ended).error().within("end recoveries");
    return Judgement::Denied;
}

Result<Judgement> conclude(RecoveryContext& recovery, const Method& method,
                           const std::string& number) {
    const OpenApproval request = *std::exchange(recovery.approval, std::nullopt);
    Store& store = recovery.ports.store;
    if (recovery.ports.vault.equal(number, request.number)) {
        auto settled =
            store.settle_approval(request.attempt, recovery.id, recovery.gate(method.possession));
        if (!settled) return std::move(settled).error().within("settle approval");
        return Judgement::Right;
    }
    if (auto settled = store.settle_attempt(request.attempt, AttemptResult::Wrong); !settled)
        return std::move(settled).error().within("settle approval");
    if (auto counted = count_denial(recovery, method); !counted) return std::move(counted).error();
    return Judgement::Wrong;
}

}  // namespace

std::uint32_t seconds_left(const RecoveryContext& recovery) {
    if (!recovery.approval) return 0;
    const auto left = recovery.approval->expires_at - recovery.now();
    return left.count() > 0 ? static_cast<std::uint32_t>(left.count()) : 0;
}

Result<flow::Event> ask_device(RecoveryContext& recovery, const Method& method) {
    if (is_open(recovery, method)) return on_screen(recovery);
    const StoredAddress* device = device_of(recovery, method.contact_id);
    const auto denied = look_for_denial(recovery);
    if (!denied) return Error{denied.error()};
    if (*denied) return flow::Event{Judged{Judgement::Denied}};
    const bool may_be_asked = device != nullptr && recovery.is_deliverable && recovery.is_heard &&
                              recovery.is_proven && !recovery.request.privileged;
    if (!may_be_asked) return flow::Event{Judged{Judgement::Limited}};
    const auto charge = recovery.charge(
        recovery.attempt(AttemptKind::Approval, recovery.request.subject, method.name));
    if (!charge) return Error{charge.error()}.within("charge approval");
    if (!charge->allowed) return flow::Event{Judged{Judgement::Limited}};
    OpenApproval request = new_request(recovery, method, charge->id);
    const Begun begun = begin(recovery, *device, request);
    if (begun == Begun::NobodyAsked)  // a gateway that is out of order closes nobody's device
        if (auto withdrawn = recovery.ports.store.withdraw_attempt(charge->id); !withdrawn)
            return std::move(withdrawn).error().within("withdraw approval");
    if (begun != Begun::Yes) return flow::Event{Judged{Judgement::NotWorking}};
    recovery.approval = std::move(request);
    recovery.log(Severity::Info, "approval asked for", "method=" + method.name);
    return on_screen(recovery);
}

Result<Judgement> judge_approval(RecoveryContext& recovery, const Method& method) {
    const StoredAddress* device = device_of(recovery, method.contact_id);
    if (device == nullptr || !recovery.approval ||
        recovery.approval->contact_id != method.contact_id)
        return Judgement::Expired;
    OpenApproval& request = *recovery.approval;
    auto answer =
        recovery.ports.channels.poll_approval(call_about(recovery, request, device->address));
    // Who says no is heard whenever it is.
    if (answer && answer->kind == ApprovalAnswer::Kind::Denied) return deny(recovery, method);
    // A look may take a while; who answers late does not answer in time.
    if (seconds_left(recovery) == 0) {
        recovery.approval.reset();
        return Judgement::Expired;
    }
    if (!answer) {
        note_failure(recovery, request.channel, answer.error());
        return Judgement::NotWorking;
    }
    if (answer->kind == ApprovalAnswer::Kind::None) {
        request.state = std::move(answer->state);
        return Judgement::Unanswered;
    }
    return conclude(recovery, method, answer->number);
}

Result<bool> look_for_denial(RecoveryContext& recovery) {
    if (!recovery.approval) return false;
    const StoredAddress* device = device_of(recovery, recovery.approval->contact_id);
    if (device == nullptr) return false;
    const auto answer = recovery.ports.channels.poll_approval(
        call_about(recovery, *recovery.approval, device->address));
    if (!answer || answer->kind != ApprovalAnswer::Kind::Denied) return false;
    if (auto denied = deny(recovery, device->method); !denied) return Error{denied.error()};
    return true;
}

}  // namespace latchkey
