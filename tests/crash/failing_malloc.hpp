// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace latchkey::crash {

// What failing_malloc.so and the test that wants it share, byte for byte, in a file.
struct FailingMalloc {
    static constexpr const char* kFile = "/run/latchkey-failing-malloc";
    char program[64] = {};
    bool only_our_module = false;
    unsigned nth = 0;                // 1 is the first
    bool each_site = false;          // instead: the first from a place that was not tried yet
    std::atomic<unsigned> calls{0};  // so far, of all processes of that program
    std::atomic<unsigned> hit{0};    // which of them failed; 0: none
    char asked_by[64] = {};          // the file whose code asked for the one that failed
    char callers[1024] = {};         // its innermost callers, "FILE+OFFSET < ..."
    std::array<std::atomic<std::uint64_t>, 16384> tried{};  // sites; by hash, 0 is a free place

    // False if it was tried before; else it is now.
    bool is_new(std::uint64_t site) {
        site |= 1;
        for (std::size_t i = 0; i < tried.size(); ++i) {
            std::uint64_t there = 0;
            if (tried[(site + i) % tried.size()].compare_exchange_strong(there, site)) return true;
            if (there == site) return false;
        }
        return false;
    }
};

}  // namespace latchkey::crash
