// SPDX-License-Identifier: MIT
//
// An address, or a device, that its owner enrols: which row is meant, by what the messages to it
// are counted, and how it is kept once it was confirmed.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/change_context.hpp"
#include "core/change_telling.hpp"

namespace latchkey {

// By what messages to addresses that are being enrolled are counted, whatever carries them:
// apart from the codes to those that are enrolled, of which one may just have been sent.
inline constexpr const char* kNewAddress = "new";
inline constexpr std::uint32_t kMostToNewAddress = 3;  // in one change
inline constexpr std::size_t kMostContacts = 10;       // addresses and devices of an account

inline constexpr const char* kAddressGoes =
    "that address is being removed; end the removal with the code of its message, or "
    "enroll the address again when it is gone";
inline constexpr const char* kTooManyMessages =
    "nothing was changed: too many messages were asked for; try again in an hour";

// Counts one message to an address that is being enrolled. Not allowed: the limits are reached.
[[nodiscard]] Result<Charge> charge_message(ChangeContext& change);

// The wish as an address of its method, or the one that is there already.
[[nodiscard]] StoredAddress meant_address(const ChangeContext& change);

// False: the account has as many as it may have, and this would be one more. The store looks again.
[[nodiscard]] bool has_room_for(const ChangeContext& change, const StoredAddress& address);
[[nodiscard]] ChangeEnd no_room();

// It has just been confirmed. One that was confirmed before it was too old to prove anything
// goes on as it was; any other waits, and every address is told.
[[nodiscard]] Result<ChangeEnd> keep_address(ChangeContext& change, StoredAddress& address);

// What was enrolled, whatever it is.
[[nodiscard]] ChangeEnd enrolled(const ChangeContext& change, const StoredAddress& address,
                                 const Telling& telling, bool is_new);

}  // namespace latchkey
