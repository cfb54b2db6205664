// SPDX-License-Identifier: MIT
#include "verifier/pass_notice.hpp"

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
               counts(contact, ports.clock.now());
    });
}

Result<std::size_t> queue(const wire::AdminHello& hello, const VerifierPorts& ports) {
    const auto contacts = ports.store.contacts(hello.subject);
    if (!contacts) return Error{contacts.error()}.within("read the addresses");
    const MessageFacts facts = facts_of(hello, ports);
    const TimePoint ends{std::chrono::seconds{hello.ends}};
    const bool any_counts = any_own_counts(ports, *contacts);
    RecordedChange issued;
    issued.subject = hello.subject;
    issued.change = {0, ChangeKind::Pass, {}, 0, facts.at, facts.at + kDeniable};
    issued.audit_event = "pass";
    issued.audit_detail = "issued until=" + utc_text(ends) + " by " + hello.by;
    issued.notices = notices_to(hello, ports, *contacts, {}, [&](const Told& told) {
        const bool is_contacts = told.reader == Reader::Contact;
        const bool may_deny = !is_contacts && (told.counts || !any_counts);
        const Secret code = may_deny ? fresh_veto_code(ports.vault) : Secret{};
        if (may_deny)
            issued.vetoes.push_back({told.contact, veto_digest(ports.vault, hello.subkey,
                                                               hello.subject, code.reveal())});
        return pass_notice_message(facts, ends, is_contacts, code);
    });
    auto queued = ports.store.record_change(issued);
    if (!queued) return std::move(queued).error().within("queue notices");
    return issued.notices.size();
}

}  // namespace

wire::AdminReply announce_pass(const wire::AdminHello& hello, const VerifierPorts& ports) {
    const auto notices = queue(hello, ports);
    if (notices) return {true, 0, Secret{nlohmann::json{{"notices", *notices}}.dump()}, {}};
    return store_refusal(ports, "cannot queue the notices", notices.error());
}

}  // namespace latchkey
