// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "adapters/system/unique_fd.hpp"
#include "core/result.hpp"

namespace latchkey {

// Opens `directory`/`name`.so for loading, once: what was checked is what is
// loaded, by descriptor. Every directory from "/" on and the file itself must be
// no symbolic link, owned by root, and not writable for group or others. Instead
// of root's, they may be of whoever owns this program's file: that one could
// replace the program as well (a developer's build tree; on a host it is root).
// The file must be a whole ELF shared object: loading one that was cut short
// would end this process instead of telling.
// Misconfigured with one sentence otherwise.
Result<UniqueFd> open_plugin_file(const std::string& directory, const std::string& name);

// True for what can stand before ".so": up to 64 of a-z, 0-9, '-' and '_'.
[[nodiscard]] bool is_plugin_name(std::string_view name);

// The last of these demands alone: a regular file, a whole ELF shared object. `path` is
// for the message.
Result<void> require_shared_object(const UniqueFd& file, const std::string& path);

// The chain alone. Misconfigured with one sentence.
Result<UniqueFd> open_trusted_directory(const std::string& directory);

}  // namespace latchkey
