// SPDX-License-Identifier: MIT
#include "core/recovery_approving.hpp"

#include <utility>

#include "core/approval_requests.hpp"

namespace latchkey {

namespace {

using flow::Judged;
using flow::Judgement;

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
    return recovery.approval ? seconds_left(recovery, *recovery.approval) : 0;
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
    OpenApproval request = new_approval(recovery, method.contact_id, charge->id);
    const Begun begun =
        begin_approval(recovery, *device, approval_message(recovery.facts()), request);
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
    auto answer = look_at_approval(recovery, *device, approval_message(recovery.facts()), request);
    // Who says no is heard whenever it is.
    if (answer && answer->kind == ApprovalAnswer::Kind::Denied) return deny(recovery, method);
    // A look may take a while; who answers late does not answer in time.
    if (seconds_left(recovery) == 0) {
        recovery.approval.reset();
        return Judgement::Expired;
    }
    if (!answer) return Judgement::NotWorking;
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
    const auto answer =
        look_at_approval(recovery, *device, approval_message(recovery.facts()), *recovery.approval);
    if (!answer || answer->kind != ApprovalAnswer::Kind::Denied) return false;
    if (auto denied = deny(recovery, device->method); !denied) return Error{denied.error()};
    return true;
}

}  // namespace latchkey
