// SPDX-License-Identifier: MIT
//
// Runs under ptrace(2) whatever a command starts, and stops one program of it at the
// n-th call of a set. See stop_at.cpp, the program around it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/crash/sites.hpp"

namespace latchkey::crash {

struct Plan {
    std::string program;    // "latchkey-verifier --login": base name, and the mode it runs in
    std::string set;        // system_calls.hpp
    unsigned nth = 0;       // 1 is the first; 0 only counts
    std::string tried;      // instead of the n-th: the first whose site is not in this file
    bool kill = true;       // false: the call fails instead
    std::string below;      // instead: the n-th and all later calls of any program fail with an
                            // error of the disk, if they are on a file whose path begins so
    std::string after;      // the program's calls count from its first call of this name on
    std::string alongside;  // and only while this program runs; both empty: all of them
};

struct Report {
    unsigned calls = 0;             // of the program, until it was stopped
    std::string hit;                // the call it was stopped at; empty: there was no n-th
    std::string caller;             // whose code made it (sites.hpp), if it was let fail
    std::vector<std::string> died;  // "program SIGSEGV in libc.so.6": a signal that nobody sent
};

// Installs the filter that makes each call of the set a stop. Only for a process that a
// Tracer has seized: without one these calls are refused with ENOSYS.
[[nodiscard]] bool stop_at_calls_of(const Plan& plan);

class Tracer {
public:
    explicit Tracer(Plan plan) : plan_(std::move(plan)) {
        if (!plan_.tried.empty()) tried_.emplace(plan_.tried);
    }
    [[nodiscard]] bool seize(pid_t pid);
    // Until the seized process and everything it started has ended.
    Report run();

private:
    void handle_stop(pid_t pid, int status);
    void handle_call(pid_t pid);
    void let_the_disk_fail(pid_t pid, const std::string& call, std::uint64_t descriptor);
    [[nodiscard]] bool is_the_one(pid_t pid, const std::string& call);
    [[nodiscard]] bool in_window(const std::string& program, const std::string& call);

    Plan plan_;
    Report report_;
    std::optional<TriedSites> tried_;
    bool window_open_ = false;
    std::set<pid_t> tracees_;
};

}  // namespace latchkey::crash
