// SPDX-License-Identifier: MIT
#pragma once

#include "adapters/sqlite_store/connection.hpp"

namespace latchkey {

// Creates the tables in an empty file, and refuses a file that is not ours
// (Corrupt) or that a newer latchkey wrote (Misconfigured).
[[nodiscard]] Result<void> prepare_schema(Connection& connection);

}  // namespace latchkey
