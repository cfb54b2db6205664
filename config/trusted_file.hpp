// SPDX-License-Identifier: MIT
//
// Files whose word counts as root's: nobody else may be able to change them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace latchkey {

// The whole file, or nothing if it does not exist. Misconfigured, with the mend:
// it or its directory belongs to neither root nor the caller or is writable by
// group or others, it is no regular file, larger than 256 KiB, or unreadable.
[[nodiscard]] Result<std::optional<std::string>> read_trusted_file(const std::string& path);

// The paths of all *.toml in `directory` that do not begin with a dot, in the
// order of their names; none if there is no such directory. Misconfigured: it is
// no directory, is unreadable, or holds more than 64 of them.
[[nodiscard]] Result<std::vector<std::string>> drop_ins_of(const std::string& directory);

}  // namespace latchkey
