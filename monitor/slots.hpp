// SPDX-License-Identifier: MIT
//
// At most 32 conversations at once: 4 are kept for consoles, at most 4 go to one
// remote source. A slot is a lock on a byte of one file, so that it is free when
// its holder dies.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "adapters/system/unique_fd.hpp"
#include "core/recovery.hpp"

namespace latchkey {

// Holds the slot until the descriptor is closed (in every process that has it:
// it is close-on-exec). Nothing: none is free, or the directory cannot be used.
// `directory` is made 0700 if it is absent. `source` is counted for remote surfaces only.
[[nodiscard]] std::optional<UniqueFd> take_slot(const std::string& directory, Surface surface,
                                                const std::string& source);

// Likewise two for each user of this host who changes security info, apart from those above.
[[nodiscard]] std::optional<UniqueFd> take_user_slot(const std::string& directory, uid_t uid);

}  // namespace latchkey
