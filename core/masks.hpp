// SPDX-License-Identifier: MIT
//
// What is told of an address: enough for its owner to recognise, in words that
// read well aloud, and nothing of the length of what is hidden.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace latchkey {

inline constexpr std::size_t kMaxMaskBytes = 21;

// "a...e at e....org" for ada.lovelace@example.org: first and last sign of the
// local part, first sign and top-level domain of the domain (left out if it is
// longer than 7 bytes). Empty if `address` is not a plain e-mail address.
[[nodiscard]] std::string masked_address(std::string_view address);

// "that ends in 67" for +491701234567; empty if `number` is no telephone number.
[[nodiscard]] std::string masked_phone_number(std::string_view number);

// "a...g" for @ada:example.org, an address of a medium of the host's own: the first and
// the last sign that a mask may begin and end with. Empty if there are not two.
[[nodiscard]] std::string masked_other(std::string_view address);

// True if `text` has a shape that one of the three gives. The root side shows
// nothing else as a destination, whatever an unprivileged process says.
[[nodiscard]] bool is_mask(std::string_view text);

// What an e-mail address proves: access to its domain's mail. "email:" and the
// domain in lower case; "email:" alone if there is none.
[[nodiscard]] std::string possession_of_address(std::string_view address);

}  // namespace latchkey
