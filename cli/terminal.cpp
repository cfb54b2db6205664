// SPDX-License-Identifier: MIT
#include "cli/terminal.hpp"

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "core/printable.hpp"

namespace latchkey::cli {

namespace {

bool is_set(const char* value) {
    return value != nullptr && *value != '\0';
}

// The first of the three that is set decides, as in setlocale(3).
bool locale_is_utf8() {
    for (const char* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const char* const value = std::getenv(name);
        if (!is_set(value)) continue;
        const std::string_view text{value};
        return text.find("UTF-8") != text.npos || text.find("utf8") != text.npos ||
               text.find("UTF8") != text.npos || text.find("utf-8") != text.npos;
    }
    return false;
}

}  // namespace

ExitStatus Terminal::fail(ExitStatus status, std::string_view sentence) const {
    err << "latchkey: " + escaped(sentence) + "\n";  // one write: nothing comes in between
    return status;
}

Terminal this_terminal() {
    const bool shows = ::isatty(STDOUT_FILENO) == 1;
    const char* const kind = std::getenv("TERM");
    const bool dumb = !is_set(kind) || std::string_view{kind} == "dumb";
    const bool coloured = !is_set(std::getenv("NO_COLOR"));
    const bool tells = !dumb && ::isatty(STDERR_FILENO) == 1;
    return Terminal{std::cin,
                    std::cout,
                    std::cerr,
                    shows && ::isatty(STDIN_FILENO) == 1,
                    shows,
                    shows && !dumb && coloured,
                    locale_is_utf8(),
                    tells,
                    tells && coloured};
}

}  // namespace latchkey::cli
