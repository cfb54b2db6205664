// SPDX-License-Identifier: MIT
#include "core/enrolling_device.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/approval_requests.hpp"
#include "core/new_address.hpp"

namespace latchkey {

namespace {

// Each starts a process; a person needs a few in two minutes.
constexpr std::uint32_t kMostLooks = 20;

// Nothing: it was approved. Otherwise why nothing was changed.
using WhyNot = const char*;
constexpr WhyNot kApproved = nullptr;
constexpr WhyNot kGivenUp = "nothing was changed: the device has not approved";
constexpr WhyNot kDenied = "nothing was changed: it was denied on the device";
constexpr WhyNot kWrongNumber =
    "nothing was changed: another number was chosen on the device; begin again in two minutes";
constexpr WhyNot kTooLate =
    "nothing was changed: nobody answered on the device in time; see that it is reached, and "
    "begin again";
constexpr WhyNot kNotWorking =
    "nothing was changed: the device could not be asked; see that its address is right, or try "
    "again later";
constexpr WhyNot kAskedAlready =
    "nothing was changed: a device has been asked just now; try again in two minutes";
constexpr WhyNot kAskedTooOften =
    "nothing was changed: devices of this account, or this device, were asked too often, or "
    "denied; try again tomorrow";

// Whoever is rung may be anybody, so they are protected from all accounts of this host together.
// Of 65,536 buckets, so that the store tells a thief next to nothing of whom it is about; two
// devices in one bucket share their limits.
SubjectKey bucket_of(const StoredAddress& device) {
    std::uint32_t hash = 2'166'136'261U;  // FNV-1a, 32 bits
    for (const std::string_view text :
         {std::string_view{device.method.name}, device.address.reveal()})
        for (const char letter : text)
            hash = (hash ^ static_cast<unsigned char>(letter)) * 16'777'619U;
    return "device:" + std::to_string((hash ^ hash >> 16) & 0xffffU);
}

// One device that is to be enrolled, and the request that is on its way to it.
class DeviceRequest {
public:
    DeviceRequest(ChangeContext& change, const StoredAddress& device)
        : change_(change), device_(device), text_(new_device_message(change.recovery.facts())) {}

    Result<WhyNot> run() {
        auto refused = ask();
        if (!refused || *refused != kApproved) return refused;
        Remark remark = Remark::None;
        for (std::uint32_t looks = 0; looks < kMostLooks && time_left() > 0; ++looks) {
            const auto answer = change_.ports().conversation.ask(screen(remark));
            if (!answer) return kGivenUp;  // nobody is there to start a plugin for
            if (says_no(answer->reveal())) return give_up(kGivenUp);
            auto looked = look();
            if (!looked) return std::move(looked).error();
            if (!looked->is_open) return looked->why;
            remark = looked->remark;
        }
        return give_up(kTooLate);
    }

private:
    struct Looked {
        bool is_open = false;  // it may still be answered
        WhyNot why = kApproved;
        Remark remark = Remark::None;
    };

    static bool says_no(std::string_view typed) { return typed == "n" || typed == "N"; }
    [[nodiscard]] std::uint32_t time_left() const { return seconds_left(recovery(), request_); }
    [[nodiscard]] RecoveryContext& recovery() const { return change_.recovery; }
    [[nodiscard]] Store& store() const { return change_.ports().store; }

    Screen screen(Remark remark) const {
        Screen screen;
        screen.kind = ScreenKind::NewAddress;
        screen.remark = remark;
        screen.method = device_.method.name;
        screen.masked_destination = device_.method.masked_destination;
        screen.number = request_.number;
        screen.seconds = time_left();
        return screen;
    }

    // Counted as a message to a new address and as a request of the account, on disk before
    // anybody is asked.
    Result<WhyNot> ask() {
        const auto message = charge_message(change_);
        if (!message) return Error{message.error()};
        if (!message->allowed) return kTooManyMessages;
        counted_ = {message->id};
        for (const SubjectKey& whose : {change_.subject(), bucket_of(device_)}) {
            const auto charge = recovery().charge(
                recovery().attempt(AttemptKind::Approval, whose, device_.method.name));
            if (!charge) return Error{charge.error()}.within("charge approval");
            if (!charge->allowed) {
                if (auto withdrawn = withdraw(); !withdrawn) return std::move(withdrawn).error();
                return charge->refused_by == kOneApprovalAtATime ? kAskedAlready : kAskedTooOften;
            }
            counted_.push_back(charge->id);
        }
        if (auto kept = store().append_audit(record("confirming")); !kept)
            return std::move(kept).error().within("write audit");
        request_ = new_approval(recovery(), device_.row.id, counted_[1]);
        const Begun begun = begin_approval(recovery(), device_, text_, request_);
        if (begun == Begun::NobodyAsked)  // a gateway that is out of order closes nobody's device
            if (auto withdrawn = withdraw(); !withdrawn) return std::move(withdrawn).error();
        return begun == Begun::Yes ? kApproved : kNotWorking;
    }

    // Nobody was asked.
    Result<void> withdraw() {
        for (const AttemptId id : counted_)
            if (auto withdrawn = store().withdraw_attempt(id); !withdrawn)
                return std::move(withdrawn).error().within("withdraw approval");
        return {};
    }
    // The requests, of the account and of the device.
    Result<void> settle(AttemptResult result) {
        for (std::size_t i = 1; i < counted_.size(); ++i)
            if (auto settled = store().settle_attempt(counted_[i], result); !settled)
                return std::move(settled).error().within("settle approval");
        return {};
    }

    Result<Looked> look() {
        auto answer = look_at_approval(recovery(), device_, text_, request_);
        // Who says no is heard whenever it is.
        if (answer && answer->kind == ApprovalAnswer::Kind::Denied) return deny();
        // A look may take a while; who answers late does not answer in time.
        if (time_left() == 0) return Looked{false, kTooLate};
        if (!answer) return Looked{true, kApproved, Remark::NoAnswerYet};
        if (answer->kind == ApprovalAnswer::Kind::None) {
            request_.state = std::move(answer->state);
            return Looked{true, kApproved, Remark::NoAnswerYet};
        }
        const bool right = change_.ports().vault.equal(answer->number, request_.number);
        auto settled = settle(right ? AttemptResult::Right : AttemptResult::Wrong);
        if (!settled) return std::move(settled).error();
        if (right) return Looked{false, kApproved};
        if (auto counted = count_denial(); !counted) return std::move(counted).error();
        return Looked{false, kWrongNumber};
    }

    // A no that nobody has read yet counts all the same.
    Result<WhyNot> give_up(WhyNot why) {
        const auto answer = look_at_approval(recovery(), device_, text_, request_);
        if (!answer || answer->kind != ApprovalAnswer::Kind::Denied) return why;
        const auto denied = deny();
        if (!denied) return Error{denied.error()};
        return denied->why;
    }

    // Whoever holds a device that counts is the owner, as in a recovery: what is open ends. Of
    // any other device nobody knows whose it is.
    Result<Looked> deny() {
        recovery().log(Severity::Alarm, "a device that was to be enrolled denied it",
                       "method=" + device_.method.name);
        if (device_.is_usable) {
            const Attempt denial =
                recovery().attempt(AttemptKind::Denial, change_.subject(), device_.method.name);
            if (auto ended = store().end_recoveries(denial, record("denied")); !ended)
                return std::move(ended).error().within("end recoveries");
            return Looked{false, kDenied};
        }
        if (auto counted = count_denial(); !counted) return std::move(counted).error();
        if (auto kept = store().append_audit(record("denied")); !kept)
            return std::move(kept).error().within("write audit");
        return Looked{false, kDenied};
    }
    Result<void> count_denial() {
        for (const SubjectKey& whose : {change_.subject(), bucket_of(device_)}) {
            const auto charge = recovery().charge(
                recovery().attempt(AttemptKind::Denial, whose, device_.method.name));
            if (!charge) return Error{charge.error()}.within("charge denial");
        }
        return {};
    }

    [[nodiscard]] AuditRecord record(std::string event) const {
        return {change_.now(), std::move(event), change_.subject(),
                "method=" + device_.method.name + change_.circumstances()};
    }

    ChangeContext& change_;
    const StoredAddress& device_;
    ApprovalText text_;
    OpenApproval request_;
    std::vector<AttemptId> counted_;  // the message, and the requests of account and device
};

}  // namespace

Result<ChangeEnd> enrol_device(ChangeContext& change) {
    StoredAddress device = meant_address(change);
    // Who holds it must not end its removal so.
    if (device.row.gone_from != TimePoint{}) return not_changed(kAddressGoes);
    if (!has_room_for(change, device)) return no_room();
    const auto why_not = DeviceRequest{change, device}.run();
    if (!why_not) return Error{why_not.error()};
    if (*why_not != kApproved) return not_changed(*why_not);
    return keep_address(change, device);
}

}  // namespace latchkey
