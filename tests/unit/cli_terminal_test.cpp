// SPDX-License-Identifier: MIT
//
// What the process's own terminal can show, at a real one.
#include <pty.h>
#include <stdlib.h>
#include <unistd.h>

#include <map>

#include "adapters/system/unique_fd.hpp"
#include "cli/terminal.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/forked.hpp"

namespace latchkey::cli {

namespace {

using Environment = std::map<std::string, std::string>;

enum Facts : int { Shows = 1, Coloured = 2, Utf8 = 4, Progress = 8, ColouredProgress = 16 };

int facts_of(const Terminal& terminal) {
    return (terminal.is_terminal ? Shows : 0) | (terminal.has_colour ? Coloured : 0) |
           (terminal.is_utf8 ? Utf8 : 0) | (terminal.shows_progress ? Progress : 0) |
           (terminal.has_coloured_progress ? ColouredProgress : 0);
}

// In a process of its own, whose streams are a terminal, or `output` in place of one.
int seen(const Environment& environment, int output = -1) {
    int master = -1;
    int slave = -1;
    REQUIRE(::openpty(&master, &slave, nullptr, nullptr, nullptr) == 0);
    const UniqueFd ours{master};
    const UniqueFd theirs{slave};
    Forked process{[&] {
        ::clearenv();
        for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
        for (int fd = 0; fd <= 2; ++fd)
            if (::dup2(output >= 0 && fd > 0 ? output : slave, fd) < 0) return 98;
        return facts_of(this_terminal());
    }};
    return process.wait();
}

}  // namespace

TEST_CASE("colours are for a terminal that has them, and for nobody who wants none") {
    const int all = Shows | Coloured | Progress | ColouredProgress;
    CHECK(seen({{"TERM", "xterm"}}) == all);
    CHECK(seen({{"TERM", "xterm"}, {"NO_COLOR", "1"}}) == (Shows | Progress));
    // As no-color.org has it: an empty one says nothing.
    CHECK(seen({{"TERM", "xterm"}, {"NO_COLOR", ""}}) == all);
    CHECK(seen({{"TERM", "dumb"}}) == Shows);
    CHECK(seen({}) == Shows);
}

TEST_CASE("what is no terminal is shown no colours") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const UniqueFd reading{ends[0]};
    const UniqueFd writing{ends[1]};
    CHECK(seen({{"TERM", "xterm"}, {"LANG", "C.UTF-8"}}, ends[1]) == Utf8);
}

TEST_CASE("the first variable of the locale that is set decides about UTF-8") {
    const auto is_utf8 = [](Environment environment) { return (seen(environment) & Utf8) != 0; };
    CHECK(is_utf8({{"LANG", "en_GB.UTF-8"}}));
    CHECK(is_utf8({{"LANG", "C"}, {"LC_CTYPE", "C.utf8"}}));
    CHECK_FALSE(is_utf8({{"LANG", "en_GB.UTF-8"}, {"LC_ALL", "C"}}));
    CHECK_FALSE(is_utf8({{"LANG", "en_GB.ISO-8859-15"}}));
    CHECK_FALSE(is_utf8({}));
}

}  // namespace latchkey::cli
