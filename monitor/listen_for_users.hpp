// SPDX-License-Identifier: MIT
//
// `latchkey-monitor --listen`: the users' socket where no systemd makes it. One process for
// each connection, as latchkey-user.socket does it; this one reads nothing that anybody sends.
#pragma once

#include "core/ports/event_log.hpp"

namespace latchkey {

// Runs until it is ended by a signal. The exit status, if the socket cannot be made, or
// somebody listens there already.
[[nodiscard]] int listen_for_users(EventLog& log);

}  // namespace latchkey
