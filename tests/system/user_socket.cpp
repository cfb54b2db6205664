// SPDX-License-Identifier: MIT
#include "tests/system/user_socket.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstring>
#include <stdexcept>

#include "adapters/system/unique_fd.hpp"
#include "tests/system/comes_true.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {

namespace {

constexpr const char* kUserSocket = "/run/latchkey/user.sock";

bool connects() {
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    strncpy(where.sun_path, kUserSocket, sizeof where.sun_path - 1);
    const UniqueFd probe{::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)};
    return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0;
}

std::vector<std::string> command_of(Listener kind) {
    if (kind == Listener::Monitor) return {login_monitor, "--listen"};
    return {"/usr/bin/systemd-socket-activate",
            "--seqpacket",
            "--accept",
            "-l",
            kUserSocket,
            login_monitor,
            "--user"};
}

}  // namespace

RunningProgram listen_for_users(Listener kind) {
    if (kind == Listener::Systemd) ::mkdir("/run/latchkey", 0755);
    RunningProgram listener{command_of(kind), 0, 0, UniqueFd{}};
    if (!comes_true(connects)) throw std::runtime_error{"nobody listens for users"};
    // systemd does it by latchkey-user.socket, which systemd-socket-activate does not read.
    if (kind == Listener::Systemd && ::chmod(kUserSocket, 0666) != 0)
        throw std::runtime_error{"chmod of the users' socket"};
    return listener;
}

std::vector<std::string> as_user(const std::string& user, std::vector<std::string> arguments) {
    std::vector<std::string> argv{"/usr/bin/setpriv", "--reuid=" + user, "--regid=" + user,
                                  "--init-groups", "/usr/bin/latchkey"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return argv;
}

}  // namespace latchkey
