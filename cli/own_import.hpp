// SPDX-License-Identifier: MIT
#pragma once

#include "cli/user_verbs.hpp"

namespace latchkey::cli {

// Enrols the app that somebody has: its key is in their own file, which is read with their own
// rights, and is sent in the place of a fresh one.
ExitStatus run_own_import(const OwnImportCommand& command, const UserSurroundings& on);

}  // namespace latchkey::cli
