// SPDX-License-Identifier: MIT
//
// One method of each kind, as tests of the flow use them.
#pragma once

#include <cstdint>
#include <string>

#include "core/recovery.hpp"

namespace latchkey {

inline Method email_method(std::int64_t contact = 1, const std::string& domain = "example.org") {
    return {"email", MethodKind::Delivery, "email:" + domain, "a...e at e....org", contact};
}
inline Method text_method() {
    return {"text", MethodKind::Delivery, "number:1", "", 9};
}
inline Method app_method() {
    return {"totp", MethodKind::Verification, "app", "", 0};
}

// In the same pocket as the app.
inline Method push_method() {
    return {"push", MethodKind::Approval, "app", "", 7};
}

}  // namespace latchkey
