// SPDX-License-Identifier: MIT
//
// Starts latchkey-monitor so that the login program never notices.
#pragma once

#include <string>

#include "adapters/system/seqpacket.hpp"

namespace latchkey::pam {

// Our end of the socket whose other end is the monitor's descriptor 3.
//
// The monitor is no child of this process: login(1) waits for any child and
// takes its end for the end of the shell, and a program with a SIGCHLD handler
// would be told. So an intermediate without exit signal, sharing our memory and
// stopping us until it is gone, starts the monitor and is reaped at once.
//
// Misconfigured: the program is absent, or it or a folder above it may be
// written by others than root. Unavailable: no process, no socket.
Result<Seqpacket> start_monitor(const std::string& program);

}  // namespace latchkey::pam
