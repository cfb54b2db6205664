// SPDX-License-Identifier: MIT
#include "verifier/invitation.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/printable.hpp"
#include "core/recovery_ways.hpp"
#include "core/reminding.hpp"
#include "verifier/account_notices.hpp"

namespace latchkey {

namespace {

constexpr const char* kEvent = "reset";
// Whoever may ask must not fill the mailbox of whoever is asked.
constexpr std::size_t kMostPerDay = 3;
constexpr std::uint32_t kRecordsSeen = 256;

bool is_used_up(const std::vector<AuditRecord>& records, TimePoint now) {
    const auto recent = std::count_if(records.begin(), records.end(), [now](const AuditRecord& r) {
        return r.event == kEvent && r.at > now - std::chrono::hours{24};
    });
    return static_cast<std::size_t>(recent) >= kMostPerDay;
}

}  // namespace

wire::AdminReply invite_owner(const wire::AdminHello& hello, const VerifierPorts& ports) {
    const TimePoint now = ports.clock.now();
    const auto records = ports.store.audit(hello.subject, kRecordsSeen);
    if (!records) return store_refusal(ports, "cannot read what was sent before", records.error());
    const std::string name = escaped(hello.account_name);
    if (is_used_up(*records, now))
        return refusal(name +
                       " was asked three times within 24 hours; speak with them, or give a "
                       "temporary pass: latchkey pass issue " +
                       name);
    auto contacts = ports.store.contacts(hello.subject);
    if (!contacts) return store_refusal(ports, "cannot read the addresses", contacts.error());
    std::erase_if(*contacts, [&](const Contact& contact) {
        const bool is_meant = hello.method.empty() || contact.method == hello.method;
        return !is_meant || !counts(contact, now) ||
               has_expired(contact, ports.settings.security_info, now) ||
               goes_to_contact(ports.settings, contact.method);
    });
    const MessageFacts facts = facts_of(hello, ports);
    const auto messages = notices_to(hello, ports, *contacts, {},
                                     [&](const Told&) { return invitation_message(facts); });
    if (messages.empty())
        return refusal(name +
                       " has no address of that kind that counts; give a temporary pass: "
                       "latchkey pass issue " +
                       name);
    const auto queued =
        ports.store.queue_messages(messages, {now, kEvent, hello.subject, "asked by " + hello.by});
    if (!queued) return store_refusal(ports, "cannot queue the messages", queued.error());
    return {true, 0, Secret{nlohmann::json{{"messages", messages.size()}}.dump()}, {}};
}

}  // namespace latchkey
