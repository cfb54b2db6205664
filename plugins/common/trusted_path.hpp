// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace latchkey::plugin {

// Empty if `path` is a regular file that root (or whoever owns the channel host: a developer's
// build tree) alone can change, and so is every directory and symbolic link on the way to
// it. Else why not, to stand behind the option's name: "is no absolute path".
[[nodiscard]] std::string refusal_of_file(const std::string& path);

// The same for a file that can be run.
[[nodiscard]] std::string refusal_of_program(const std::string& path);

}  // namespace latchkey::plugin
