// SPDX-License-Identifier: MIT
#include "core/recovery_ways.hpp"

#include <algorithm>
#include <span>

#include "core/addresses.hpp"
#include "core/decoys.hpp"
#include "core/gates.hpp"
#include "core/reminding.hpp"
#include "core/screens.hpp"

namespace latchkey {

namespace {

bool is_of_kind(const Settings& settings, const std::string& method, MethodKind kind) {
    const auto found = settings.methods.find(method);
    return found != settings.methods.end() && found->second.kind == kind;
}

bool is_delivery(const Settings& settings, const std::string& method) {
    return is_of_kind(settings, method, MethodKind::Delivery);
}

// Only a verifier without the account's key, or a damaged file, leaves such rows.
void raise_alarm(const RecoveryPorts& ports, const std::string& what, const SubjectKey& subject) {
    ports.log.record(Severity::Alarm, what + " subject=" + subject);
}

// Every seal has a nonce of its own: the same seal twice is one row that was copied.
bool is_copy(std::span<const Contact> before, const Contact& contact) {
    return std::any_of(before.begin(), before.end(), [&](const Contact& other) {
        return other.sealed_address == contact.sealed_address;
    });
}

Method device_method(const Contact& contact) {
    return {contact.method, MethodKind::Approval, kDevicePossession, "", contact.id};
}

// By the address, not by the row: one mailbox is one gate.
Method delivery_method(const RecoveryRequest& request, const Settings& settings,
                       const RecoveryPorts& ports, const Contact& contact,
                       std::string_view address) {
    const Medium medium = settings.methods.at(contact.method).medium;
    return {contact.method, MethodKind::Delivery,
            possession_of(ports.vault, request.subkey, medium, address), masked(medium, address),
            contact.id};
}

// Something that a stranger is shown, too.
bool has_first_way(const std::vector<Method>& methods) {
    return std::any_of(methods.begin(), methods.end(),
                       [](const Method& method) { return method.kind != MethodKind::Approval; });
}

// Who changes the ways proves one that is there, also if it waits: with it alone nobody gets
// back into the account.
template <class Enrolled>
bool is_proof(Reason reason, const Enrolled& enrolled, TimePoint now) {
    return reason == Reason::ChangeSecurityInfo
               ? is_there(enrolled, now) && enrolled.confirmed_at != TimePoint{}
               : counts(enrolled, now);
}

// An address that nobody has confirmed for very long may be somebody else's by now.
bool proves_something(Reason reason, const Settings& settings, const Contact& contact,
                      TimePoint now) {
    const bool is_fresh =
        reason == Reason::ChangeSecurityInfo || !has_expired(contact, settings.security_info, now);
    return is_fresh && is_proof(reason, contact, now);
}

bool has_saved_code_line(const std::vector<Method>& methods) {
    return std::any_of(methods.begin(), methods.end(),
                       [](const Method& method) { return method.kind == MethodKind::SavedCode; });
}

void sort_as_menu(const Settings& settings, std::vector<Method>& methods) {
    std::stable_sort(methods.begin(), methods.end(), [&settings](const Method& a, const Method& b) {
        return comes_before(settings, a.name, b.name);
    });
}

Result<void> load_addresses(const RecoveryRequest& request, const Settings& settings,
                            const RecoveryPorts& ports, Ways& ways) {
    auto contacts = ports.store.contacts(request.subject);
    if (!contacts) return std::move(contacts).error();
    const TimePoint now = ports.clock.now();
    for (std::size_t i = 0; i < contacts->size(); ++i) {
        const Contact& contact = (*contacts)[i];
        if (!is_there(contact, now)) continue;
        const bool is_device = is_of_kind(settings, contact.method, MethodKind::Approval);
        if (!is_delivery(settings, contact.method) && !is_device) continue;
        if (is_copy(std::span{*contacts}.first(i), contact)) {
            raise_alarm(ports, "found a contact twice method=" + contact.method, request.subject);
            continue;
        }
        auto address = ports.vault.unseal(request.subkey, contact_binding(request.subject, contact),
                                          contact.sealed_address);
        if (!address) {
            raise_alarm(ports, "cannot open a contact method=" + contact.method, request.subject);
            continue;
        }
        Method method = is_device
                            ? device_method(contact)
                            : delivery_method(request, settings, ports, contact, address->reveal());
        // Nobody's only way, so that none is asked before it counts, whatever it is for.
        const Reason reason = is_device ? Reason::ForgotPassword : request.reason;
        const bool is_usable = proves_something(reason, settings, contact, now);
        if (is_usable) ways.held.push_back(method);
        (is_device ? ways.devices : ways.addresses)
            .push_back({std::move(method), std::move(*address), is_usable, contact});
    }
    return {};
}

Result<void> load_authenticator(const RecoveryRequest& request, const Settings& settings,
                                const RecoveryPorts& ports, Ways& ways) {
    auto key = authenticator_of(request, settings, ports);
    if (!key) return std::move(key).error();
    if (!key->has_value()) return {};
    ways.has_authenticator = true;
    ways.held.push_back({(*key)->method, MethodKind::Verification, kDevicePossession, "", 0});
    return {};
}

// Before a change an address that has expired is asked for only where nothing else is there.
void leave_out_expired(const Settings& settings, TimePoint now, Ways& ways) {
    const auto is_old = [&](const StoredAddress& each) {
        return each.is_usable && has_expired(each.row, settings.security_info, now);
    };
    const auto old = std::count_if(ways.addresses.begin(), ways.addresses.end(), is_old);
    if (static_cast<std::size_t>(old) == ways.held.size()) return;
    for (StoredAddress& each : ways.addresses) {
        if (!is_old(each)) continue;
        each.is_usable = false;
        std::erase_if(ways.held,
                      [&each](const Method& held) { return held.contact_id == each.row.id; });
    }
}

}  // namespace

Result<std::optional<AuthenticatorKey>> authenticator_of(const RecoveryRequest& request,
                                                         const Settings& settings,
                                                         const RecoveryPorts& ports) {
    using None = std::optional<AuthenticatorKey>;
    auto found = ports.store.authenticators(request.subject);
    if (!found) return std::move(found).error();
    const TimePoint now = ports.clock.now();
    // The one that waits comes last, and first as soon as it counts.
    std::erase_if(*found,
                  [&](const Authenticator& each) { return !is_proof(request.reason, each, now); });
    if (found->empty()) return None{};
    Authenticator& row = counts(found->back(), now) ? found->back() : found->front();
    if (!is_of_kind(settings, row.method, MethodKind::Verification)) return None{};
    auto key = ports.vault.unseal(request.subkey, authenticator_binding(request.subject, row),
                                  row.sealed_key);
    if (!key) {
        raise_alarm(ports, "cannot open an authenticator", request.subject);
        return None{};
    }
    return std::optional{AuthenticatorKey{std::move(row.method), std::move(*key),
                                          std::move(row.sealed_key), row.last_step}};
}

Result<Ways> load_ways(const RecoveryRequest& request, const Settings& settings,
                       const RecoveryPorts& ports) {
    Ways ways;
    if (auto loaded = load_addresses(request, settings, ports, ways); !loaded)
        return std::move(loaded).error().within("load contacts");
    if (auto loaded = load_authenticator(request, settings, ports, ways); !loaded)
        return std::move(loaded).error().within("load authenticator");
    if (request.has_saved_codes) ways.held.push_back(saved_code_method());
    if (request.reason == Reason::ChangeSecurityInfo)
        leave_out_expired(settings, ports.clock.now(), ways);
    ways.methods =
        has_first_way(ways.held) ? ways.held : decoy_methods(ports.vault, request.subkey, settings);
    if (!has_saved_code_line(ways.methods)) ways.methods.push_back(saved_code_method());
    if (request.has_pass) ways.held.push_back(temporary_pass_method());
    sort_as_menu(settings, ways.methods);
    sort_as_menu(settings, ways.held);
    return ways;
}

std::string first_channel(const Settings& settings, const std::string& method) {
    const auto found = settings.methods.find(method);
    if (found == settings.methods.end() || found->second.channels.empty()) return {};
    return found->second.channels.front();
}

bool goes_to_contact(const Settings& settings, const std::string& method) {
    return is_delivery(settings, method) && settings.methods.at(method).recovery_contact;
}

std::chrono::minutes code_lifetime(const Settings& settings, const std::string& method) {
    const auto lifetime_of = [](const MethodSettings& delivery) {
        return delivery.code_lifetime + delivery.extra_lifetime;
    };
    if (is_delivery(settings, method)) return lifetime_of(settings.methods.at(method));
    std::optional<std::chrono::minutes> shortest;
    for (const auto& [name, other] : settings.methods)
        if (other.kind == MethodKind::Delivery)
            shortest = std::min(shortest.value_or(lifetime_of(other)), lifetime_of(other));
    return shortest.value_or(MethodSettings{}.code_lifetime);
}

}  // namespace latchkey
