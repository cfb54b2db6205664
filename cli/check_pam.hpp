// SPDX-License-Identifier: MIT
//
// Where pam_latchkey stands in the host's stacks, who its neighbours are, and
// whether a new password would pass through the host's rules.
#pragma once

#include "cli/finding.hpp"
#include "cli/host.hpp"
#include "cli/pam_stack.hpp"

namespace latchkey::cli {

// The lines as the Debian profile writes them, for mends that name them.
inline constexpr const char* kAuthLine =
    "auth [success=ignore ignore=ignore module_unknown=ignore default=die] pam_latchkey.so";
inline constexpr const char* kSessionLine = "session optional pam_latchkey.so";

// The stacks of the services on which recovery is offered, as far as they exist.
struct ServiceStack {
    std::string service;
    PamStack auth;
};
[[nodiscard]] std::vector<ServiceStack> served_stacks(const Host& host);

// Our line in a stack, or its size if there is none.
[[nodiscard]] std::size_t place_of_latchkey(const PamStack& stack);

[[nodiscard]] Findings check_auth_stacks(const Host& host, const std::vector<ServiceStack>& stacks);

// The generated service for new passwords: there, unchanged, every module installed.
[[nodiscard]] Findings check_password_service(const Host& host);

}  // namespace latchkey::cli
