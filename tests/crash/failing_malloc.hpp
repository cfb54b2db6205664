// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

namespace latchkey::crash {

// What failing_malloc.so and the test that wants it share, byte for byte, in a file.
struct FailingMalloc {
    static constexpr const char* kFile = "/run/latchkey-failing-malloc";
    char program[64] = {};
    bool only_our_module = false;
    unsigned nth = 0;                // 1 is the first
    std::atomic<unsigned> calls{0};  // so far, of all processes of that program
    char asked_by[64] = {};          // the file whose code asked for the one that failed
};

}  // namespace latchkey::crash
