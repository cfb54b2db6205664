// SPDX-License-Identifier: MIT
#include "verifier/import_account.hpp"

#include <algorithm>
#include <utility>

#include "core/addresses.hpp"
#include "core/change_messages.hpp"
#include "core/own_key.hpp"
#include "core/printable.hpp"
#include "core/reminding.hpp"
#include "verifier/account_notices.hpp"
#include "verifier/enrollable_address.hpp"
#include "verifier/otp_enrolment.hpp"

namespace latchkey {

namespace {

constexpr std::uint64_t kLargestCounter = std::uint64_t{1} << 62;  // as plugins/hotp has it

Error bad(const std::string& sentence) {
    return {ErrorKind::Rejected, sentence};
}

Error doubled(const char* what, std::uint32_t line) {
    return bad(std::string{what} + " stands in line " + std::to_string(line) +
               " already; leave one of the two out");
}

// Nothing if it is a key that plugins may be given.
std::optional<Error> objection_to(const wire::ImportEntry& entry) {
    if (std::string objection = objection_to_key_of(entry.key.size()); !objection.empty())
        return bad(objection);
    if (entry.counter > kLargestCounter)
        return bad("no token counts as far as that; give its counter as it is");
    return std::nullopt;
}

// Whether the row changes no more of it than when it was confirmed.
template <class Enrolled>
bool is_in_force(const Enrolled& enrolled, TimePoint now) {
    return counts(enrolled, now) && enrolled.gone_from == TimePoint{};
}

// One in a line.
std::string listed(const std::vector<std::string>& things) {
    std::string text = things.front();
    for (std::size_t i = 1; i < things.size(); ++i)
        text += (i + 1 < things.size() ? ",\n" : " and\n") + things[i];
    return text;
}

}  // namespace

Result<ImportAccount> ImportAccount::read(const VerifierPorts& ports, const wire::ImportEntry& of,
                                          bool is_enrolled) {
    ImportAccount account;
    if (!is_enrolled) return account;
    const TimePoint now = ports.clock.now();
    auto contacts = ports.store.contacts(of.subject);
    if (!contacts) return std::move(contacts).error();
    account.before_ = std::move(*contacts);
    account.name_ = of.account_name;
    account.subkey_ = Secret{of.subkey.reveal()};
    for (const Contact& contact : account.before_) {
        if (!is_there(contact, now)) continue;
        auto text = ports.vault.unseal(of.subkey, contact_binding(of.subject, contact),
                                       contact.sealed_address);
        // One that does not open is no address, and still takes a place.
        account.addresses_.push_back(
            {contact.method, text ? std::move(*text) : Secret{}, contact.id, contact.usable_from,
             is_in_force(contact, now) && !has_expired(contact, ports.settings.security_info, now),
             0});
    }
    auto apps = ports.store.authenticators(of.subject);
    if (!apps) return std::move(apps).error();
    if (apps->empty()) return account;
    // The one that waited comes last, and is the one as soon as it counts.
    const bool last_counts = counts(apps->back(), now);
    if (apps->size() > 1 && !last_counts) account.waiting_ = apps->back();
    account.app_ = std::move(last_counts ? apps->back() : apps->front());
    return account;
}

Result<ImportAccount::Row> ImportAccount::take(const VerifierPorts& ports,
                                               const std::string& host_name,
                                               const wire::ImportEntry& entry, TimePoint now) {
    return entry.key.empty() ? take_address(ports, host_name, entry, now)
                             : take_key(ports, entry, now);
}

ImportAccount::Address* ImportAccount::find(const VerifierPorts& ports, Medium medium,
                                            const std::string& method, const std::string& address) {
    const auto found = std::find_if(addresses_.begin(), addresses_.end(), [&](const Address& each) {
        return each.method == method &&
               means_address(ports.vault, medium, address, each.text.reveal(), {});
    });
    return found == addresses_.end() ? nullptr : &*found;
}

Result<ImportAccount::Row> ImportAccount::take_address(const VerifierPorts& ports,
                                                       const std::string& host_name,
                                                       const wire::ImportEntry& entry,
                                                       TimePoint now) {
    const auto method = ports.settings.methods.find(entry.method);
    const bool is_known = method != ports.settings.methods.end();
    const bool is_device = is_known && method->second.kind == MethodKind::Approval;
    if (!is_device && (!is_known || method->second.kind != MethodKind::Delivery))
        return bad("no method " + in_quotes(escaped(entry.method)) +
                   " sends codes here; write one of latchkey.toml, or add it there");
    const Medium medium = method->second.medium;
    const auto address = enrollable_address(ports.settings, {host_name, entry.account_name},
                                            method->second, entry.address);
    if (!address) return Error{address.error()};
    Address* known = find(ports, medium, entry.method, *address);
    if (known != nullptr && known->line != 0) return doubled("the same address", known->line);
    if (known == nullptr && addresses_.size() >= kMostAddresses)
        return bad("the account has " + std::to_string(kMostAddresses) +
                   " addresses with those above, which is as many as it may have; leave some out");
    const bool is_new = known == nullptr;
    if (is_new) {
        addresses_.push_back({entry.method, Secret{*address}, 0, now, false, 0});
        known = &addresses_.back();
    }
    known->line = entry.line;
    const std::string mask = masked(medium, *address);
    if (!known->is_in_force)
        added_.push_back(
            what_changed({ChangeKind::AddedContact, medium, mask, {}, false, is_device}));
    Contact contact;
    contact.id = known->contact;
    contact.method = entry.method;
    contact.possession =
        is_device ? kDevicePossession : possession_of(ports.vault, entry.subkey, medium, *address);
    contact.confirmed_at = now;
    contact.usable_from = std::min(now, known->usable_from);  // root vouches for the address
    contact.sealed_address =
        ports.vault.seal(entry.subkey, contact_binding(entry.subject, contact), *address);
    return Row{std::move(contact), entry.method + ' ' + mask,
               is_new ? Row::Change::Added : Row::Change::Confirmed};
}

const Authenticator* ImportAccount::find_app(const VerifierPorts& ports,
                                             const wire::ImportEntry& entry,
                                             const std::string& method) const {
    for (const std::optional<Authenticator>* each : {&app_, &waiting_}) {
        if (!*each || (*each)->method != method) continue;
        const auto key = ports.vault.unseal(
            entry.subkey, authenticator_binding(entry.subject, **each), (*each)->sealed_key);
        if (key && ports.vault.equal(key->reveal(), entry.key.reveal())) return &**each;
    }
    return nullptr;
}

Result<ImportAccount::Row> ImportAccount::take_key(const VerifierPorts& ports,
                                                   const wire::ImportEntry& entry, TimePoint now) {
    if (auto objection = objection_to(entry)) return std::move(*objection);
    const bool counts = entry.method == "hotp";
    const std::string method = authenticator_method(ports.settings, entry.method);
    if (method.empty())
        return bad("no method checks such codes here; add [method." + escaped(entry.method) +
                   "] to latchkey.toml, see latchkey.toml(5)");
    if (app_line_ != 0) return doubled("a key of the same account", app_line_);
    app_line_ = entry.line;
    Row row;
    row.shown = counts ? "hotp" : "totp";
    Authenticator app;
    app.method = method;
    app.last_step = entry.counter;
    const Authenticator* same = find_app(ports, entry, method);
    if (app_) row.change = same == nullptr ? Row::Change::Replaced : Row::Change::Confirmed;
    if (same != nullptr) {
        app.last_step = same->last_step;  // what it has proven with stays spent
        // What its owner has enrolled beside the app that they have goes on waiting.
        row.keeps_waiting = same == &*app_ && waiting_;
    }
    if (same == nullptr || !is_in_force(*same, now))
        added_.push_back(what_changed({ChangeKind::AddedAuthenticator, Medium::Other, {}, {}}));
    app.confirmed_at = now;
    app.sealed_key = ports.vault.seal(entry.subkey, authenticator_binding(entry.subject, app),
                                      entry.key.reveal());
    row.what = std::move(app);
    return row;
}

std::vector<OutboxRow> ImportAccount::notices(const VerifierPorts& ports, const SubjectKey& subject,
                                              const std::string& host_name,
                                              std::chrono::seconds delay) const {
    if (most_notices() == 0) return {};
    wire::AdminHello to;
    to.subject = subject;
    to.host_name = host_name;
    to.account_name = name_;
    to.subkey = Secret{subkey_.reveal()};
    const MessageFacts facts = facts_of(to, ports);
    const std::string what = listed(added_);
    return notices_to(to, ports, before_, {{}, OutboxPurpose::BulkNotice, delay},
                      [&](const Told& told) { return addition_message(facts, what, told.reader); });
}

}  // namespace latchkey
