// SPDX-License-Identifier: MIT
//
// The ways in which a subject can prove who it is, read from the store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/recovery_runner.hpp"

namespace latchkey {

struct StoredAddress {
    Method method;
    Secret address;
    bool is_usable = false;  // false: within its waiting time; it gets notices and no code
    Contact row;             // as it lies in the store
};

struct Ways {
    // What the menu lists before the first proof, in its order: decoys where nothing is
    // enrolled, and for everybody the line for saved codes and temporary passes, so that no
    // menu tells whether the name has a pass.
    std::vector<Method> methods;
    // What the account really has, for the menus after the first proof.
    std::vector<Method> held;
    std::vector<StoredAddress> addresses;
    std::vector<StoredAddress> devices;  // of approvals; they get no notices
    bool has_authenticator = false;      // an app or a token
};

// Enrolments whose method is not configured are left out, and with an alarm those that
// cannot be opened. Errors are the store's.
[[nodiscard]] Result<Ways> load_ways(const RecoveryRequest& request, const Settings& settings,
                                     const RecoveryPorts& ports);

// The key of the account's app or token, as it lies there now.
struct AuthenticatorKey {
    std::string method;
    Secret key;              // raw
    std::string sealed_key;  // by which the store knows it again
    std::uint64_t last_step = 0;
};

// Read anew for every answer: a key that was replaced meanwhile, because it was lost, proves
// nothing. Nothing where load_ways() leaves it out. Errors are the store's.
[[nodiscard]] Result<std::optional<AuthenticatorKey>> authenticator_of(
    const RecoveryRequest& request, const Settings& settings, const RecoveryPorts& ports);

// The channel that carries or checks a method first; empty if it has none.
[[nodiscard]] std::string first_channel(const Settings& settings, const std::string& method);
// True if the addresses of `method` are those of a recovery contact.
[[nodiscard]] bool goes_to_contact(const Settings& settings, const std::string& method);
// How long a code of this method is valid, a contact's extra time included; of the
// shortest-lived delivery method if `method` is not configured.
[[nodiscard]] std::chrono::minutes code_lifetime(const Settings& settings,
                                                 const std::string& method);

}  // namespace latchkey
