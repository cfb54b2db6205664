// SPDX-License-Identifier: MIT
#include "verifier/own_data.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "core/ports/store.hpp"
#include "verifier/time_text.hpp"

namespace latchkey {

namespace {

using nlohmann::json;

constexpr std::uint32_t kNewestRecords = 10'000;
constexpr std::size_t kLongestDetail = 512;

json time_or_null(TimePoint time) {
    return time == TimePoint{} ? json(nullptr) : json(iso_time(time));
}

std::string_view word_for(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::AddedContact:
            return "added_address";
        case ChangeKind::RemovedContact:
            return "removed_address";
        case ChangeKind::AddedAuthenticator:
            return "added_authenticator";
        case ChangeKind::RemovedAuthenticator:
            return "removed_authenticator";
        case ChangeKind::NewSavedCodes:
            return "new_saved_codes";
        case ChangeKind::Forgotten:
            return "forgotten";
        case ChangeKind::Recovery:
            return "recovery";
        case ChangeKind::Pass:
            return "pass";
        case ChangeKind::Frozen:
            return "frozen";
        case ChangeKind::Unlock:
            return "unlock";
        case ChangeKind::Denied:
            break;
    }
    return "denied";
}

template <class Enrolled>
json way(const Enrolled& enrolled, const std::string& possession, json address) {
    return {{"part", "way"},
            {"method", enrolled.method},
            {"possession", possession},
            {"address", std::move(address)},
            {"confirmed_at", time_or_null(enrolled.confirmed_at)},
            {"usable_from", time_or_null(enrolled.usable_from)},
            {"gone_from", time_or_null(enrolled.gone_from)}};
}

// Null where it cannot be opened: then nobody can read it.
json address_of(const wire::AdminHello& hello, const VerifierPorts& ports, const Contact& contact) {
    const auto opened = ports.vault.unseal(hello.subkey, contact_binding(hello.subject, contact),
                                           contact.sealed_address);
    return opened ? json(std::string{opened->reveal()}) : json(nullptr);
}

}  // namespace

Result<std::vector<json>> own_data(const wire::AdminHello& hello, const VerifierPorts& ports) {
    const auto contacts = ports.store.contacts(hello.subject);
    if (!contacts) return Error{contacts.error()};
    const auto apps = ports.store.authenticators(hello.subject);
    if (!apps) return Error{apps.error()};
    const auto changes = ports.store.changes(hello.subject, TimePoint{});
    if (!changes) return Error{changes.error()};
    const auto records = ports.store.audit(hello.subject, kNewestRecords);
    if (!records) return Error{records.error()};
    std::vector<json> rows;
    for (const Contact& contact : *contacts)
        rows.push_back(way(contact, contact.possession, address_of(hello, ports, contact)));
    for (const Authenticator& app : *apps) rows.push_back(way(app, kDevicePossession, nullptr));
    for (const Change& change : *changes)
        rows.push_back({{"part", "change"},
                        {"kind", word_for(change.kind)},
                        {"method", change.method},
                        {"at", time_or_null(change.at)},
                        {"final_at", time_or_null(change.final_at)},
                        {"ended_at", time_or_null(change.ended_at)}});
    for (const AuditRecord& record : *records)
        rows.push_back({{"part", "record"},
                        {"at", time_or_null(record.at)},
                        {"event", record.event},
                        {"detail", record.detail.substr(0, kLongestDetail)}});
    return rows;
}

}  // namespace latchkey
