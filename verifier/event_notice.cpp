// SPDX-License-Identifier: MIT
#include "verifier/event_notice.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/change_telling.hpp"
#include "core/codes.hpp"
#include "core/printable.hpp"
#include "core/recovery_messages.hpp"
#include "core/recovery_ways.hpp"
#include "core/reminding.hpp"
#include "verifier/account_notices.hpp"

namespace latchkey {

namespace {

// Of the owner's addresses those that count can say "that was not me", or all where none does.
bool any_own_counts(const VerifierPorts& ports, const std::vector<Contact>& contacts) {
    return std::any_of(contacts.begin(), contacts.end(), [&](const Contact& contact) {
        const auto method = ports.settings.methods.find(contact.method);
        return method != ports.settings.methods.end() &&
               method->second.kind == MethodKind::Delivery &&
               !goes_to_contact(ports.settings, contact.method) &&
               counts(contact, ports.clock.now()) &&
               !has_expired(contact, ports.settings.security_info, ports.clock.now());
    });
}

RecordedChange event_of(const wire::AdminHello& hello, TimePoint now) {
    RecordedChange event;
    event.subject = hello.subject;
    const bool is_pass = hello.verb == wire::AdminVerb::PassIssue;
    event.change = {
        0, is_pass ? ChangeKind::Pass : ChangeKind::Unlock, {}, 0, now, now + kDeniable};
    event.audit_event = is_pass ? "pass" : "unlock";
    const TimePoint ends{std::chrono::seconds{hello.ends}};
    event.audit_detail =
        (is_pass ? "issued until=" + utc_text(ends) : std::string{"lockout ended"}) + " by " +
        hello.by;
    return event;
}

MessageText message_of(const wire::AdminHello& hello, const MessageFacts& facts, bool to_contact,
                       const Secret& code) {
    if (hello.verb == wire::AdminVerb::PassIssue)
        return pass_notice_message(facts, TimePoint{std::chrono::seconds{hello.ends}}, to_contact,
                                   code);
    return unlock_notice_message(facts, to_contact, code);
}

Result<std::size_t> queue(const wire::AdminHello& hello, const VerifierPorts& ports) {
    const auto contacts = ports.store.contacts(hello.subject);
    if (!contacts) return Error{contacts.error()}.within("read the addresses");
    const MessageFacts facts = facts_of(hello, ports);
    const bool any_counts = any_own_counts(ports, *contacts);
    RecordedChange event = event_of(hello, facts.at);
    event.notices = notices_to(hello, ports, *contacts, {}, [&](const Told& told) {
        const bool is_contacts = told.reader == Reader::Contact;
        const bool may_deny = !is_contacts && (told.counts || !any_counts);
        const Secret code = may_deny ? fresh_veto_code(ports.vault) : Secret{};
        if (may_deny)
            event.vetoes.push_back({told.contact, veto_digest(ports.vault, hello.subkey,
                                                              hello.subject, code.reveal())});
        return message_of(hello, facts, is_contacts, code);
    });
    auto queued = ports.store.record_change(event);
    if (!queued) return std::move(queued).error().within("queue notices");
    return event.notices.size();
}

}  // namespace

wire::AdminReply announce_event(const wire::AdminHello& hello, const VerifierPorts& ports) {
    const auto notices = queue(hello, ports);
    if (notices) return {true, 0, Secret{nlohmann::json{{"notices", *notices}}.dump()}, {}};
    return store_refusal(ports, "cannot queue the notices", notices.error());
}

}  // namespace latchkey
