// SPDX-License-Identifier: MIT
#pragma once

#include <unistd.h>

#include <exception>

namespace latchkey {

// What cannot be thrown on ends the process with status 1 instead of SIGABRT: where a
// library lets nothing escape although it asks for memory (toml++'s parser does), being
// refused it is a refusal like any other. Who waits sees the connection close.
inline void end_orderly_instead_of_aborting() {
    std::set_terminate([] { ::_exit(1); });
}

}  // namespace latchkey
