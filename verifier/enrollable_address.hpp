// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/settings.hpp"

namespace latchkey {

// What was given as an address of that method, as it will be stored; or the sentence why it
// is none that a code may go to.
struct EnrolledBy {
    const std::string& host_name;     // this host's
    const std::string& account_name;  // whose address it will be
};
[[nodiscard]] Result<std::string> enrollable_address(const Settings& settings,
                                                     const EnrolledBy& whose,
                                                     const MethodSettings& method,
                                                     std::string_view given);

}  // namespace latchkey
