// SPDX-License-Identifier: MIT
//
// /etc/latchkey/latchkey.toml and /etc/latchkey/latchkey.d/*.toml, read strictly:
// whoever gets a Settings may rely on every bound of latchkey.toml(5). A refusal
// switches recovery off, never an ordinary login.
#pragma once

#include <string>

#include "core/result.hpp"
#include "core/settings.hpp"

namespace latchkey {

inline constexpr const char* kSettingsFile = "/etc/latchkey/latchkey.toml";
inline constexpr const char* kSettingsDropIns = "/etc/latchkey/latchkey.d";
inline constexpr const char* kSecretsDirectory = "/etc/latchkey/secrets";

// What holds where nothing is written: the defaults of core/settings.hpp with
// the methods "email" (SMTP to 127.0.0.1:25) and "totp". Saved recovery codes
// need no configuration.
[[nodiscard]] Settings shipped_settings();

// The shipped settings, changed key by key by `main_file`, then by each *.toml of
// `drop_in_directory` in the order of their names. What does not exist changes
// nothing. Every file and its directory must belong to root (or to the caller,
// if that is not root) and be writable by nobody else.
//
// Misconfigured, with one sentence "FILE:LINE: KEY: what is wrong; the mend" in
// printable ASCII: anything unreadable, unknown, of a wrong type, out of bounds
// or contradictory. The values of a file are never repeated in it.
[[nodiscard]] Result<Settings> read_settings(const std::string& main_file,
                                             const std::string& drop_in_directory);

}  // namespace latchkey
