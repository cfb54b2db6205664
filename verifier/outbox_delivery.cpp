// SPDX-License-Identifier: MIT
#include "verifier/outbox_delivery.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/addresses.hpp"
#include "core/backoff.hpp"
#include "core/phone_numbers.hpp"

namespace latchkey {

namespace {

using wire::ChannelOutcome;

constexpr std::size_t kLongestReason = 512;

// A gateway's or plugin's words as the value of a key in the log: cut, and
// without the quotation mark that would end it. The log escapes the rest.
std::string quoted(std::string_view text) {
    std::string value{text.substr(0, kLongestReason)};
    std::replace(value.begin(), value.end(), '"', '\'');
    return '"' + value + '"';
}

std::string_view word_for(OutboxPurpose purpose) {
    return purpose == OutboxPurpose::Code ? "code" : "notice";
}

bool excludes_acceptance(ChannelOutcome outcome) {
    return outcome == ChannelOutcome::Permanent || outcome == ChannelOutcome::Misconfigured ||
           outcome == ChannelOutcome::NotTaken;
}

}  // namespace

wire::DeliverFinish OutboxDelivery::run() {
    tally_.ended_early = !empty_outbox();
    tally_.postponed = static_cast<std::uint32_t>(postponed_.size());
    return tally_;
}

// True: nothing is due any more.
bool OutboxDelivery::empty_outbox() {
    end_ = ports_.clock.now() + kRunLength;
    while (!over_ && keys_left_ > 0) {
        const TimePoint now = ports_.clock.now();
        if (now >= end_) return false;
        auto rows = ports_.store.claim_due(now, now + lease(), std::min(keys_left_, kRowsPerClaim));
        if (!rows) {
            ports_.log.record(Severity::Alarm,
                              "cannot read the outbox why=" + quoted(rows.error().detail));
            return false;
        }
        if (rows->empty() && !wait_for_retry()) return true;
        take_batch(*rows);
    }
    return false;
}

void OutboxDelivery::take_batch(const std::vector<OutboxRow>& rows) {
    for (const OutboxRow& row : rows) {
        if (!over_ && may_begin(row)) {
            treat(row);
        } else {
            leave(row);
            over_ = true;
        }
    }
}

bool OutboxDelivery::wait_for_retry() {
    if (!retry_at_) return false;
    const TimePoint until = *std::exchange(retry_at_, std::nullopt);
    const TimePoint now = ports_.clock.now();
    if (until <= now) return true;
    return until < end_ && ports_.pause(until - now);
}

std::chrono::seconds OutboxDelivery::time_for(const MethodSettings& method) const {
    std::chrono::seconds needed{0};
    for (const std::string& name : method.channels) {
        const auto channel = settings_.channels.find(name);
        if (channel != settings_.channels.end()) needed += channel->second.deadline;
    }
    return needed;
}

// No other run takes a row while this one may still be sending it.
std::chrono::seconds OutboxDelivery::lease() const {
    for (const auto& [name, method] : settings_.methods)
        if (time_for(method) > kRunLength / 2) return kLongLease;
    return kLease;
}

bool OutboxDelivery::may_begin(const OutboxRow& row) const {
    const MethodSettings* method = row.sealed.empty() ? nullptr : method_of(row);
    if (method == nullptr) return true;
    return ports_.clock.now() + std::min(time_for(*method), kRunLength / 2) <= end_;
}

std::string OutboxDelivery::masked_for(const OutboxRow& row, const std::string& address) const {
    const MethodSettings* method = method_of(row);
    return method == nullptr ? std::string{} : masked(method->medium, address);
}

const MethodSettings* OutboxDelivery::method_of(const OutboxRow& row) const {
    const auto found = settings_.methods.find(row.method);
    if (found == settings_.methods.end() || found->second.kind != MethodKind::Delivery)
        return nullptr;
    return &found->second;
}

void OutboxDelivery::treat(const OutboxRow& row) {
    if (row.sealed.empty()) return finish(row, "nothing sent");
    if (row.expires_at <= ports_.clock.now()) return give_up(row, Severity::Warning, "expired");

    --keys_left_;
    auto key = ports_.outbox_key(row.subject);
    if (!key) {
        note(Severity::Warning, row, "was lent no key why=" + quoted(key.error().detail));
        leave(row);
        over_ = true;
        return;
    }
    if (key->size() != Vault::kKeyBytes) {
        note(Severity::Warning, row, "was refused the key of a message");
        return postpone(row, {});
    }
    auto text = ports_.vault.unseal(*key, outbox_binding(row), row.sealed);
    if (!text) return give_up(row, Severity::Alarm, "unreadable");
    const auto message = decode_outbox_message(*text);
    if (!message) return give_up(row, Severity::Alarm, "unreadable");
    deliver(row, *message);
}

void OutboxDelivery::deliver(const OutboxRow& row, const OutboxMessage& message) {
    const MethodSettings* method = method_of(row);
    if (method == nullptr || method->channels.empty()) {
        note(Severity::Warning, row, "has no channel for a message");
        return postpone(row, {});
    }
    // Enrolled before the list was as it is now, perhaps.
    if (is_telephone(method->medium) && !is_allowed_number(message.to, method->countries))
        return give_up(row, Severity::Warning, "the number's country is not allowed");
    wire::ChannelCall call;
    call.verb = wire::ChannelVerb::Deliver;
    call.to = message.to;
    call.subject = message.subject;
    call.text = message.text.duplicate();
    call.message_id = message.message_id;
    call.short_text = message.short_text.duplicate();
    call.code = message.code.duplicate();
    call.expires_at = static_cast<std::uint64_t>(message.expires_at);

    std::optional<std::chrono::seconds> wish;
    const std::size_t count = std::min<std::size_t>(method->channels.size(), kChannelsPerRow);
    for (std::size_t i = 0; i < count && !over_; ++i) {
        const std::string& channel = method->channels[i];
        const wire::ChannelReply reply = try_channel(row, channel, call);
        const bool handed_over =
            reply.outcome == ChannelOutcome::Accepted || reply.outcome == ChannelOutcome::Queued;
        if (handed_over) {
            ++tally_.delivered;
            return finish(row, reply.outcome == ChannelOutcome::Accepted ? "accepted" : "queued");
        }
        if (!excludes_acceptance(reply.outcome))
            return postpone(row, std::chrono::seconds{reply.retry_after});
        // The soonest: what another channel wishes is not for this one.
        const std::chrono::seconds asked{reply.retry_after};
        if (reply.outcome != ChannelOutcome::Permanent)
            wish = wish ? std::min(*wish, asked) : asked;
    }
    if (wish || over_) return postpone(row, wish.value_or(std::chrono::seconds{0}));
    give_up(row, Severity::Warning, "refused");
}

wire::ChannelReply OutboxDelivery::try_channel(const OutboxRow& row, const std::string& channel,
                                               const wire::ChannelCall& call) {
    static constexpr std::array kWords{"misconfigured", "accepted", "queued",    "temporary",
                                       "permanent",     "wrong",    "not_taken", "cannot_tell"};
    const auto charge = budgets_.charge(channel, row.purpose);
    if (!charge) {
        note(Severity::Info, row, "left out a channel whose budget is used up channel=" + channel);
        return {};  // as one that is misconfigured: nothing left, and later it may work
    }
    wire::ChannelReply reply = carried(channel, call);
    if (excludes_acceptance(reply.outcome)) budgets_.give_back(*charge);
    const auto index = static_cast<std::size_t>(reply.outcome);
    const bool well =
        reply.outcome == ChannelOutcome::Accepted || reply.outcome == ChannelOutcome::Queued;
    note(well ? Severity::Info : Severity::Warning, row,
         std::string{well ? "handed over" : "could not hand over"} + " a message outcome=" +
             kWords.at(index) + " channel=" + channel + " to=" + quoted(masked_for(row, call.to)) +
             " id=" + call.message_id + " why=" + quoted(reply.for_log));
    return reply;
}

// A channel that did not answer may have sent.
wire::ChannelReply OutboxDelivery::carried(const std::string& channel,
                                           const wire::ChannelCall& call) {
    auto reply = ports_.carry(channel, call);
    if (reply) return std::move(*reply);
    const ErrorKind kind = reply.error().kind;
    const bool not_started = kind == ErrorKind::Rejected || kind == ErrorKind::Misconfigured;
    wire::ChannelReply failure;
    failure.outcome = not_started ? ChannelOutcome::Misconfigured : ChannelOutcome::Temporary;
    failure.for_log = reply.error().detail;
    return failure;
}

void OutboxDelivery::finish(const OutboxRow& row, std::string_view result) {
    postponed_.erase(row.id);
    auto finished = ports_.store.finish_delivery(row.id, result, ports_.clock.now());
    if (finished) return;
    note(Severity::Alarm, row, "cannot record a delivery why=" + quoted(finished.error().detail));
    over_ = true;
}

void OutboxDelivery::give_up(const OutboxRow& row, Severity severity, std::string_view result) {
    ++tally_.given_up;
    note(severity, row, "gave up a message why=" + quoted(result));
    finish(row, result);
}

void OutboxDelivery::postpone(const OutboxRow& row, std::chrono::seconds wish) {
    const TimePoint due =
        std::min(ports_.clock.now() + delay_after(row.tries, wish), row.expires_at);
    postponed_.insert(row.id);
    if (auto postponed = ports_.store.postpone_delivery(row.id, due); !postponed) {
        note(Severity::Alarm, row,
             "cannot record a delivery why=" + quoted(postponed.error().detail));
        over_ = true;
        return;
    }
    retry_at_ = retry_at_ ? std::min(*retry_at_, due) : due;
}

// Gives a claimed row back as it was; if that fails its lease runs out.
void OutboxDelivery::leave(const OutboxRow& row) {
    (void)ports_.store.postpone_delivery(row.id, row.due_at);
}

void OutboxDelivery::note(Severity severity, const OutboxRow& row, const std::string& event) {
    ports_.log.record(severity, event + " purpose=" + std::string{word_for(row.purpose)} +
                                    " method=" + row.method + " subject=" + row.subject + " row=" +
                                    std::to_string(row.id) + " tries=" + std::to_string(row.tries));
}

}  // namespace latchkey
