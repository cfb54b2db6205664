// SPDX-License-Identifier: MIT
//
// Where a method's codes go: what is an address there, how it is told, what it proves.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/ports/vault.hpp"
#include "core/recovery.hpp"

namespace latchkey {

// The address as it will be stored, or nothing if a method of this medium has no such
// one: checked_email_address(), checked_phone_number() with `country`, or for
// Medium::Other 6 to 254 bytes of printable ASCII without a blank.
[[nodiscard]] std::optional<std::string> checked_address(Medium medium, std::string_view text,
                                                         std::string_view country);

// What is told of a stored address: masked_address(), masked_phone_number() or
// masked_other(). Empty if it is no address of this medium.
[[nodiscard]] std::string masked(Medium medium, std::string_view address);

// What holding the address proves, one gate: the domain of a mailbox, a telephone however
// it is reached, or one address of a medium of the host's own. Numbers and other addresses
// stand in it as a keyed digest, so that the store does not hold them in clear.
[[nodiscard]] std::string possession_of(const Vault& vault, const Secret& subkey, Medium medium,
                                        std::string_view address);

// True if the mailbox is one of this domain, in whatever case the two are written.
[[nodiscard]] bool is_mailbox_at(std::string_view address, std::string_view domain);

// True if `typed` means the stored address; compared in constant time, whatever `typed`
// is. Of telephone numbers the way they are written does not count.
[[nodiscard]] bool means_address(const Vault& vault, Medium medium, std::string_view typed,
                                 std::string_view stored, std::string_view country);

}  // namespace latchkey
