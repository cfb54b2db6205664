// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace latchkey {

// What an owner may want of the ways of their account.
enum class ChangeWish : std::uint8_t {
    EnrolContact,
    EnrolAuthenticator,
    Remove,         // an address, or the app or token
    NewSavedCodes,  // the root side makes them when the change ended well
    Confirm,        // the addresses that are due for it still reach their owner
    Deny,           // "that was not me": a veto, or without its code a day without changes
    Forget,         // everything; of the saved codes the root side sees to it
};

}  // namespace latchkey
