// SPDX-License-Identifier: MIT
//
// Ordinary users and the root side, over the socket that systemd has on a host.
#pragma once

#include <string>
#include <vector>

#include "tests/support/running_program.hpp"

namespace latchkey {

enum class Listener { Monitor, Systemd };  // `latchkey-monitor --listen`, systemd-socket-activate

// Serves every user; returns when it does, or throws. In systemd's place it gives the socket the
// mode of latchkey-user.socket; the monitor gives its own.
[[nodiscard]] RunningProgram listen_for_users(Listener kind = Listener::Monitor);

// latchkey with these arguments, as that user.
[[nodiscard]] std::vector<std::string> as_user(const std::string& user,
                                               std::vector<std::string> arguments);

}  // namespace latchkey
