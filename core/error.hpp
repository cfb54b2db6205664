// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace latchkey {

// Why an operation failed, as far as a caller may act on it.
enum class ErrorKind : std::uint8_t {
    NotFound,       // the named thing does not exist
    Unavailable,    // a service did not answer; trying later may help
    Rejected,       // a service answered, and said no
    Misconfigured,  // only an administrator can put this right
    Corrupt,        // stored or received data breaks its own format
};

struct Error {
    ErrorKind kind;
    std::string detail;  // for the log, in English; never holds a secret; never shown to a claimant

    // Puts the caller's context in front: "open store: /var/lib/...: EACCES".
    [[nodiscard]] Error within(const std::string& context) && {
        detail.insert(0, context + ": ");
        return std::move(*this);
    }
};

}  // namespace latchkey
