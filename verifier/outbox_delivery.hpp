// SPDX-License-Identifier: MIT
//
// One run over the outbox: takes the rows that are due, opens each with the key
// of its subject, hands it to the channels of its method in their order, and
// records what became of it.
//
//   accepted, queued          -> the row goes
//   temporary, no answer      -> later; acceptance is not excluded, so no other
//                                channel is tried
//   permanent, misconfigured  -> the next channel; after the last one the row
//                                goes, or waits if an administrator can mend it
//   the budget is used up     -> the next channel; after the last one the row waits
//   expired, unreadable,      -> the row goes, with a line in the log
//   to no country allowed
//   without a text            -> the row goes: nobody was to be written to
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "core/outbox_message.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/event_log.hpp"
#include "core/ports/store.hpp"
#include "core/ports/vault.hpp"
#include "core/settings.hpp"
#include "core/wire/message.hpp"
#include "verifier/channel_budgets.hpp"

namespace latchkey {

// What a run needs. The referenced objects outlive it.
struct DeliveryPorts {
    Store& store;
    const Vault& vault;
    const Clock& clock;
    EventLog& log;

    // Opens the messages of a subject. Unavailable or Corrupt: the run is over.
    std::function<Result<Secret>(const SubjectKey&)> outbox_key;
    // One message over one channel. Rejected and Misconfigured: the channel was
    // not started, so that nothing can have left; any other error: unknown.
    std::function<Result<wire::ChannelReply>(const std::string&, const wire::ChannelCall&)> carry;
    // Lets time pass. False: the run is over.
    std::function<bool(std::chrono::seconds)> pause;
};

class OutboxDelivery {
public:
    // The monitor lends as many keys in one run (core/wire/permitted.cpp).
    static constexpr std::uint32_t kRowsPerRun = 64;
    // No message waits behind one whose channel hangs: whoever queued it has started a
    // run of its own, which must find it unclaimed.
    static constexpr std::uint32_t kRowsPerClaim = 1;
    static constexpr std::uint32_t kChannelsPerRow = 4;
    // A row is begun only if its channels' deadlines end within it, or within
    // its first half if they are longer than that.
    static constexpr std::chrono::seconds kRunLength{60};
    static constexpr std::chrono::seconds kLease{70};
    // With such deadlines; the monitor ends a run after as long (monitor/serve_delivery).
    static constexpr std::chrono::seconds kLongLease{120};

    OutboxDelivery(const Settings& settings, DeliveryPorts ports)
        : settings_(settings),
          ports_(std::move(ports)),
          budgets_(settings, ports_.store, ports_.clock, ports_.log) {}

    // Returns when nothing is due or soon due, after kRunLength, or when the
    // store or the monitor fails; rows it could not come to stay due.
    [[nodiscard]] wire::DeliverFinish run();

private:
    [[nodiscard]] bool empty_outbox();
    void take_batch(const std::vector<OutboxRow>& rows);
    void treat(const OutboxRow& row);
    void deliver(const OutboxRow& row, const OutboxMessage& message);
    [[nodiscard]] wire::ChannelReply try_channel(const OutboxRow& row, const std::string& channel,
                                                 const wire::ChannelCall& call);
    [[nodiscard]] wire::ChannelReply carried(const std::string& channel,
                                             const wire::ChannelCall& call);

    void finish(const OutboxRow& row, std::string_view result);
    void give_up(const OutboxRow& row, Severity severity, std::string_view result);
    void postpone(const OutboxRow& row, std::chrono::seconds wish);
    void leave(const OutboxRow& row);
    [[nodiscard]] bool wait_for_retry();

    [[nodiscard]] std::chrono::seconds time_for(const MethodSettings& method) const;
    [[nodiscard]] std::chrono::seconds lease() const;
    [[nodiscard]] bool may_begin(const OutboxRow& row) const;
    [[nodiscard]] const MethodSettings* method_of(const OutboxRow& row) const;
    [[nodiscard]] std::string masked_for(const OutboxRow& row, const std::string& address) const;
    void note(Severity severity, const OutboxRow& row, const std::string& event);

    const Settings& settings_;
    DeliveryPorts ports_;
    ChannelBudgets budgets_;
    TimePoint end_;
    std::optional<TimePoint> retry_at_;  // the earliest row of ours that waits
    std::set<std::int64_t> postponed_;   // rows that wait
    std::uint32_t keys_left_ = kRowsPerRun;
    bool over_ = false;
    wire::DeliverFinish tally_;
};

}  // namespace latchkey
