// SPDX-License-Identifier: MIT
#include "core/change_rows.hpp"

namespace latchkey {

Result<void> load(ChangeContext& change) {
    auto ways = load_ways(change.recovery.request, change.settings(), change.ports());
    if (!ways) return std::move(ways).error();
    change.recovery.ways = std::move(*ways);
    auto apps = change.ports().store.authenticators(change.subject());
    if (!apps) return std::move(apps).error().within("read authenticators");
    change.apps = std::move(*apps);
    return {};
}

ChangedContact with_time(const ChangeContext& change, const StoredAddress& stored,
                         const CountingTime& time) {
    Contact row = stored.row;
    row.usable_from = time.usable_from;
    row.gone_from = time.gone_from;
    row.sealed_address = sealed_again(change, stored, row);
    return {std::move(row), stored.row.sealed_address};
}

Result<ChangedAuthenticator> with_time(const ChangeContext& change, const Authenticator& app,
                                       const CountingTime& time) {
    const Vault& vault = change.ports().vault;
    const Secret& subkey = change.recovery.request.subkey;
    auto key = vault.unseal(subkey, authenticator_binding(change.subject(), app), app.sealed_key);
    if (!key) return std::move(key).error().within("open authenticator");
    Authenticator row = app;
    row.usable_from = time.usable_from;
    row.gone_from = time.gone_from;
    row.sealed_key =
        vault.seal(subkey, authenticator_binding(change.subject(), row), key->reveal());
    return ChangedAuthenticator{std::move(row), app.sealed_key};
}

}  // namespace latchkey
