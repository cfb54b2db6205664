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
#include "core/recovery_granting.hpp"
#include "core/recovery_messages.hpp"
#include "core/recovery_sending.hpp"
#include "core/recovery_ways.hpp"

namespace latchkey {

namespace {

constexpr std::uint8_t kNegative = 1;  // latchkey(1), EXIT STATUS

struct Destination {
    std::int64_t row = 0;
    std::string method;
    Secret address;
    bool is_contacts = false;
    bool counts = false;
};

bool sends_messages(const Settings& settings, const std::string& method) {
    const auto found = settings.methods.find(method);
    return found != settings.methods.end() && found->second.kind == MethodKind::Delivery;
}

// Also those within their waiting time. What cannot be opened is left out, with an alarm.
std::vector<Destination> destinations(const wire::AdminHello& hello, const VerifierPorts& ports,
                                      const std::vector<Contact>& contacts) {
    std::vector<Destination> found;
    for (const Contact& contact : contacts) {
        if (!sends_messages(ports.settings, contact.method)) continue;
        auto address = ports.vault.unseal(hello.subkey, contact_binding(hello.subject, contact),
                                          contact.sealed_address);
        if (address)
            found.push_back({contact.id, contact.method, std::move(*address),
                             goes_to_contact(ports.settings, contact.method),
                             counts(contact, ports.clock.now())});
        else
            ports.log.record(Severity::Alarm, "cannot open a contact method=" + contact.method +
                                                  " subject=" + hello.subject);
    }
    const bool has_own = std::any_of(found.begin(), found.end(),
                                     [](const Destination& to) { return !to.is_contacts; });
    if (has_own) std::erase_if(found, [](const Destination& to) { return to.is_contacts; });
    return found;
}

Result<std::uint32_t> queue(const wire::AdminHello& hello, const VerifierPorts& ports) {
    const auto contacts = ports.store.contacts(hello.subject);
    if (!contacts) return Error{contacts.error()}.within("read the addresses");
    const TimePoint now = ports.clock.now();
    const TimePoint ends{std::chrono::seconds{hello.ends}};
    MessageFacts facts;
    facts.account_name = hello.account_name;
    facts.host_name = hello.host_name;
    facts.whom_to_ask = ports.settings.whom_to_ask;
    facts.at = now;
    const auto told = destinations(hello, ports, *contacts);
    const bool any_counts =
        std::any_of(told.begin(), told.end(), [](const Destination& to) { return to.counts; });
    RecordedChange issued;
    issued.subject = hello.subject;
    issued.change = {0, ChangeKind::Pass, {}, 0, now, now + kDeniable};
    issued.audit_event = "pass";
    issued.audit_detail = "issued until=" + utc_text(ends) + " by root";
    for (const Destination& to : told) {
        const bool may_deny = !to.is_contacts && (to.counts || !any_counts);
        const Secret code = may_deny ? fresh_veto_code(ports.vault) : Secret{};
        if (may_deny)
            issued.vetoes.push_back(
                {to.row, veto_digest(ports.vault, hello.subkey, hello.subject, code.reveal())});
        OutboxRow row;
        row.subject = hello.subject;
        row.method = to.method;
        row.purpose = OutboxPurpose::Notice;
        row.due_at = now;
        row.expires_at = now + lifetime_of_notice(ports.settings, to.method);
        issued.notices.push_back(
            sealed_row(ports.vault, hello.subkey, std::move(row), to.address,
                       pass_notice_message(facts, ends, to.is_contacts, code)));
    }
    auto queued = ports.store.record_change(issued);
    if (!queued) return std::move(queued).error().within("queue notices");
    return static_cast<std::uint32_t>(issued.notices.size());
}

}  // namespace

wire::AdminReply announce_pass(const wire::AdminHello& hello, const VerifierPorts& ports) {
    const auto notices = queue(hello, ports);
    if (notices) return {true, 0, Secret{nlohmann::json{{"notices", *notices}}.dump()}, {}};
    const std::string& why = notices.error().detail;
    ports.log.record(Severity::Alarm, "cannot use the store why=" + in_quotes(why));
    return {true,
            kNegative,
            {},
            "cannot queue the notices: " + why +
                "; check /var/lib/latchkey, its owner and its free space"};
}

}  // namespace latchkey
