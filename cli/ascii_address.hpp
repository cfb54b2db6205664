// SPDX-License-Identifier: MIT
//
// Addresses whose domain has letters beyond ASCII, as people write them. The root side and the
// verifier know ASCII alone, so the command turns the domain into the form in which it stands
// in the DNS (IDNA 2008, UTS 46) before it asks them anything.
#pragma once

#include <string>
#include <vector>

#include "cli/terminal.hpp"
#include "core/result.hpp"

namespace latchkey::cli {

// "ada@xn--bcher-kva.example"; what has no domain, or is ASCII already, as it came. Rejected: one
// sentence.
[[nodiscard]] Result<std::string> ascii_address(const std::string& typed);

// The same of everything that was typed, where it has a domain beyond ASCII, and says on
// standard error how that is written, so that it is seen before anything is sent there.
[[nodiscard]] Result<std::vector<std::string>> with_ascii_addresses(
    std::vector<std::string> arguments, const Terminal& terminal);

}  // namespace latchkey::cli
