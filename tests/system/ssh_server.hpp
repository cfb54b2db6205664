// SPDX-License-Identifier: MIT
//
// A real sshd on 127.0.0.1:22 of the sandbox, and the real ssh client.
//
//   SshServer server("KbdInteractiveAuthentication yes\nDenyUsers dora\n");
//   Terminal client = server.connect("ada");
//   client.expect("Password: ");
#pragma once

#include <string>
#include <vector>

#include "tests/support/terminal.hpp"

namespace latchkey {

class SshServer {
public:
    // `settings` are lines of sshd_config(5) that win over Debian's. Returns when
    // sshd listens; throws with its log if it does not.
    explicit SshServer(const std::string& settings = "KbdInteractiveAuthentication yes\n");
    SshServer(const SshServer&) = delete;
    SshServer& operator=(const SshServer&) = delete;
    ~SshServer();  // ends the listening process; connections are the clients' business

    // ssh on a terminal, with a session of its own: keyboard-interactive only,
    // host key accepted. `options` go before the rest ("-o", "LogLevel=DEBUG").
    [[nodiscard]] Terminal connect(const std::string& user,
                                   const std::vector<std::string>& options = {}) const;
    // The same with the `password` method only.
    [[nodiscard]] Terminal connect_by_password(const std::string& user) const;

    [[nodiscard]] pid_t pid() const { return pid_; }
    // Processes of sshd that serve the PAM conversation of `user` now.
    [[nodiscard]] std::vector<pid_t> conversations_of(const std::string& user) const;

private:
    pid_t pid_ = -1;
};

}  // namespace latchkey
