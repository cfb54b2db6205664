// SPDX-License-Identifier: MIT
//
// What is seen of a plugin in one process. Plain memory that both sides share, so that
// what was seen before a crash is not lost with the process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "plugins/include/latchkey/plugin.h"

namespace latchkey::plugin_test {

enum class Stage : std::uint8_t { Starting, Loaded, Calling, Returned };

// What must not grow from call to call.
struct Holdings {
    std::uint64_t descriptors;
    std::uint64_t threads;
    std::uint64_t heap_bytes;      // in use
    std::uint64_t resident_bytes;  // at most, so far
};

// The plugin's table as far as it may be read.
struct TableFacts {
    std::uint32_t size;
    std::uint32_t kind;
    bool delivers;
    bool verifies;
    bool approves;  // one of its two functions at least
    bool probes;
    bool has_version;
    char version[64];
};

struct Observation {
    Stage stage;
    TableFacts table;
    bool threw;
    latchkey_result_v1 result;
    std::uint32_t connections;  // how many were tried
    char notes[5120];           // what was said to log(), cut here
    char trouble[512];          // why it could not be loaded or is not taken; what changed
    Holdings early;
    Holdings late;
};

// The same, and how the process ended.
struct Account {
    Observation seen{};
    bool overdue = false;  // killed at its deadline
    int wait_status = 0;   // of waitpid
    std::string printed;   // on standard output and error
    std::string received;  // by the peer, if it listens to what it is told

    // What the plugin wants in the log: notes and for_log, unjudged.
    [[nodiscard]] std::string log_text() const;
};

void write_text(char* to, std::size_t size, const std::string& text);

}  // namespace latchkey::plugin_test
