// SPDX-License-Identifier: MIT
#include "verifier/account_notices.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/printable.hpp"
#include "core/recovery_granting.hpp"
#include "core/recovery_sending.hpp"
#include "core/recovery_ways.hpp"
#include "core/reminding.hpp"
#include "core/wire/exit_statuses.hpp"

namespace latchkey {

namespace {

using namespace exit_statuses;

struct Destination {
    std::int64_t id = 0;
    std::string method;
    Secret address;
    bool is_contacts = false;
    bool counts = false;
};

bool sends_messages(const Settings& settings, const std::string& method) {
    const auto found = settings.methods.find(method);
    return found != settings.methods.end() && found->second.kind == MethodKind::Delivery;
}

std::vector<Destination> destinations(const wire::AdminHello& hello, const VerifierPorts& ports,
                                      const std::vector<Contact>& contacts,
                                      const std::vector<std::int64_t>& about) {
    std::vector<Destination> found;
    for (const Contact& contact : contacts) {
        if (!sends_messages(ports.settings, contact.method) ||
            !is_there(contact, ports.clock.now()))
            continue;
        auto address = ports.vault.unseal(hello.subkey, contact_binding(hello.subject, contact),
                                          contact.sealed_address);
        if (address)
            found.push_back(
                {contact.id, contact.method, std::move(*address),
                 goes_to_contact(ports.settings, contact.method),
                 counts(contact, ports.clock.now()) &&
                     !has_expired(contact, ports.settings.security_info, ports.clock.now())});
        else
            ports.log.record(Severity::Alarm, "cannot open a contact method=" + contact.method +
                                                  " subject=" + hello.subject);
    }
    const bool has_own = std::any_of(found.begin(), found.end(),
                                     [](const Destination& to) { return !to.is_contacts; });
    std::erase_if(found, [&](const Destination& to) {
        const bool is_about = std::find(about.begin(), about.end(), to.id) != about.end();
        return has_own && to.is_contacts && !is_about;
    });
    return found;
}

}  // namespace

MessageFacts facts_of(const wire::AdminHello& hello, const VerifierPorts& ports) {
    MessageFacts facts;
    facts.account_name = hello.account_name;
    facts.host_name = hello.host_name;
    facts.whom_to_ask = ports.settings.whom_to_ask;
    facts.at = ports.clock.now();
    return facts;
}

std::vector<OutboxRow> notices_to(const wire::AdminHello& hello, const VerifierPorts& ports,
                                  const std::vector<Contact>& contacts, const NoticeWish& wish,
                                  const std::function<MessageText(const Told&)>& message) {
    const TimePoint now = ports.clock.now();
    std::vector<OutboxRow> rows;
    for (const Destination& to : destinations(hello, ports, contacts, wish.about)) {
        OutboxRow row;
        row.subject = hello.subject;
        row.method = to.method;
        row.purpose = wish.purpose;
        const std::chrono::seconds life = lifetime_of_notice(ports.settings, to.method);
        row.due_at = wish.delay < life ? now + wish.delay : now;
        row.expires_at = row.due_at + life;
        const Told told{to.is_contacts ? Reader::Contact : Reader::Owner, to.id, to.counts};
        rows.push_back(
            sealed_row(ports.vault, hello.subkey, std::move(row), to.address, message(told)));
    }
    return rows;
}

wire::AdminReply store_refusal(const VerifierPorts& ports, const std::string& what,
                               const Error& why) {
    ports.log.record(Severity::Alarm, "cannot use the store why=" + in_quotes(why.detail));
    return refusal(what + ": " + why.detail +
                   "; check /var/lib/latchkey, its owner and its free space");
}

wire::AdminReply refusal(const std::string& sentence) {
    return {true, kNegative, {}, sentence};
}

}  // namespace latchkey
