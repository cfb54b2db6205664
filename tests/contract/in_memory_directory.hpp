// SPDX-License-Identifier: MIT
#pragma once

#include <stdlib.h>

#include <filesystem>

namespace latchkey::contract {

// Temporary directories from now on lie in memory where there is such a place: a disk takes
// hours for a million names.
struct InMemoryDirectory {
    InMemoryDirectory() {
        if (std::filesystem::is_directory("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 1);
    }
};

}  // namespace latchkey::contract
