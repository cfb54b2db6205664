// SPDX-License-Identifier: MIT
//
// One change, as the parts of its runner share it.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/change_runner.hpp"
#include "core/recovery_context.hpp"
#include "core/reminding.hpp"

namespace latchkey {

struct ChangeContext {
    const ChangeRequest& wish;
    RecoveryContext recovery;         // of no recovery: it has no id
    std::vector<Authenticator> apps;  // as they lie in the store
    AuthenticatorMaker* maker;        // null at a login, where nothing is enrolled

    [[nodiscard]] TimePoint now() const { return recovery.now(); }
    [[nodiscard]] const Settings& settings() const { return recovery.settings; }
    [[nodiscard]] RecoveryPorts ports() const { return recovery.ports; }
    [[nodiscard]] const SubjectKey& subject() const { return recovery.request.subject; }
    // Whether another app in the place of the present one replaces everything that counts.
    [[nodiscard]] bool is_app_all() const {
        const auto& addresses = recovery.ways.addresses;
        return std::any_of(apps.begin(), apps.end(),
                           [this](const Authenticator& app) { return counts(app, now()); }) &&
               std::none_of(addresses.begin(), addresses.end(),
                            [this](const StoredAddress& stored) { return counts_now(stored.row); });
    }
    // How long what is new waits before it counts: longer where all that counts is going.
    [[nodiscard]] std::chrono::days hold() const {
        const SecurityInfoSettings& info = settings().security_info;
        const std::chrono::days usual = wish.privileged ? info.privileged_hold : info.hold;
        return everything_goes() ? std::max(usual, info.replaced_hold) : usual;
    }
    // Of an app that is to take the place of the present one.
    [[nodiscard]] std::chrono::days app_hold() const {
        return is_app_all() ? std::max(hold(), settings().security_info.replaced_hold) : hold();
    }
    // Whether it proves something now: an address that has expired may be somebody else's.
    [[nodiscard]] bool counts_now(const Contact& row) const {
        return counts(row, now()) && !has_expired(row, settings().security_info, now());
    }
    // Two rows hold one address, say of text messages and calls: one holder, and one voice.
    [[nodiscard]] bool is_one_address(std::int64_t a, std::int64_t b) const {
        const StoredAddress* first = address_with(a);
        const StoredAddress* second = address_with(b);
        return a == b || (first != nullptr && second != nullptr &&
                          first->address.reveal() == second->address.reveal());
    }
    [[nodiscard]] const StoredAddress* address_with(std::int64_t id) const {
        for (const auto* all : {&recovery.ways.addresses, &recovery.ways.devices})
            for (const StoredAddress& stored : *all)
                if (stored.row.id == id) return &stored;
        return nullptr;
    }
    [[nodiscard]] bool everything_goes() const {
        bool goes = false;
        // Not devices, which prove nothing alone.
        for (const StoredAddress& stored : recovery.ways.addresses) {
            if (!counts_now(stored.row)) continue;
            if (stored.row.gone_from == TimePoint{}) return false;
            goes = true;
        }
        for (const Authenticator& app : apps) {
            if (!counts(app, now())) continue;
            if (app.gone_from == TimePoint{}) return false;
            goes = true;
        }
        return goes;
    }
    [[nodiscard]] std::string circumstances() const {
        return " service=" + recovery.request.service + " source=" + recovery.request.source;
    }
};

// Nothing was changed, and why: one sentence.
[[nodiscard]] inline ChangeEnd not_changed(std::string why) {
    ChangeEnd end;
    end.why = std::move(why);
    return end;
}

[[nodiscard]] inline std::string sealed_again(const ChangeContext& change,
                                              const StoredAddress& stored, const Contact& row) {
    return change.ports().vault.seal(change.recovery.request.subkey,
                                     contact_binding(change.subject(), row),
                                     stored.address.reveal());
}

}  // namespace latchkey
