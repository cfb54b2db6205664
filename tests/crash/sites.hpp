// SPDX-License-Identifier: MIT
//
// Where in a program a call is made, the same in every run: a program makes thousands of
// calls from some hundreds of places, and each place is tried once.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <set>
#include <string>

namespace latchkey::crash {

// Of a stopped tracee: `call`, the instruction that makes it, and the innermost words on
// its stack that point into code, each by file and offset. Without frame pointers some of
// them are left over from calls that are over: one place may count as several, and two
// that differ only in callers further out count as one.
struct Site {
    std::uint64_t number = 0;
    std::string caller;  // the innermost file on the stack that is not the C library
};
[[nodiscard]] Site site_of(pid_t tracee, const std::string& call);
// The same words to be read, with file and offset, for whoever looks into a crash.
[[nodiscard]] std::string stack_of(pid_t tracee);

// The sites that were tried, in a file that outlives a run.
class TriedSites {
public:
    explicit TriedSites(std::string path);
    // False if it was tried in an earlier run; else it is now.
    [[nodiscard]] bool is_new(std::uint64_t site);

private:
    std::string path_;
    std::set<std::uint64_t> tried_;
};

}  // namespace latchkey::crash
