// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "adapters/system/unique_fd.hpp"
#include "core/result.hpp"

namespace latchkey {

// Makes sure that the file and its directory are there, ours, and closed to
// everybody else, creating what is missing. Returns the open queue file
// (`path`-queue). Misconfigured: what is there belongs to another user, is open
// to others, or is not a plain file. Unavailable: the kernel said no.
[[nodiscard]] Result<UniqueFd> prepare_files(const std::string& path);

}  // namespace latchkey
