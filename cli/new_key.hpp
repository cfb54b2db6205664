// SPDX-License-Identifier: MIT
//
// The key of a new app or token, shown once.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "cli/terminal.hpp"
#include "core/secret.hpp"

namespace latchkey::cli {

struct NewKey {
    Secret base32;
    Secret uri;
};

// Nothing: the row holds none.
[[nodiscard]] std::optional<NewKey> new_key_in(const nlohmann::json& row);

struct KeyPicture {
    std::string how;   // "ansi", "utf8", "none", "png"; empty: what the terminal can
    std::string file;  // of "png"
};
// False: the picture could not be made, which was said; the key itself is shown all the same.
bool show_key(const NewKey& key, const KeyPicture& picture, const Terminal& terminal);

}  // namespace latchkey::cli
