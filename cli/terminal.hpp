// SPDX-License-Identifier: MIT
#pragma once

#include <istream>
#include <ostream>
#include <string>
#include <string_view>

#include "cli/exit_status.hpp"

namespace latchkey::cli {

// Where the command reads and writes, and what that can show. The streams
// outlive it.
struct Terminal {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    bool asks = false;         // somebody sits there: questions may be asked
    bool is_terminal = false;  // standard output is a terminal
    bool has_colour = false;   // and it is not a dumb one, and NO_COLOR is not set
    bool is_utf8 = false;      // the locale's character set
    // Standard error is a terminal that can begin a line anew, and NO_COLOR is not set.
    bool shows_progress = false;
    bool has_coloured_progress = false;

    // "latchkey: SENTENCE" on standard error, escaped; returns `status`. The
    // sentence says what, why and what to do.
    ExitStatus fail(ExitStatus status, std::string_view sentence) const;
};

// The process's own standard streams, and what the environment says of them: TERM, NO_COLOR, and
// LC_ALL, LC_CTYPE or LANG.
[[nodiscard]] Terminal this_terminal();

}  // namespace latchkey::cli
