// SPDX-License-Identifier: MIT
//
// `latchkey export`: what is kept about who runs it, as one JSON object.
#pragma once

#include "cli/exit_status.hpp"
#include "cli/user_verbs.hpp"

namespace latchkey::cli {

ExitStatus run_export(const UserExportCommand& command, const UserSurroundings& on);

}  // namespace latchkey::cli
