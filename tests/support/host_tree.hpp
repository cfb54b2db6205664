// SPDX-License-Identifier: MIT
//
// A Debian host with latchkey installed, as a directory tree: real files, and
// commands that are recorded instead of run. Every path a test changes it names.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "cli/host.hpp"
#include "cli/monitor_call.hpp"
#include "tests/support/temporary_directory.hpp"

namespace latchkey {

class HostTree {
public:
    // Packages installed, nothing set up, nobody enrolled; stock common-auth and
    // common-password; sshd with keyboard-interactive on.
    HostTree();

    void put(const std::string& path, std::string_view content, mode_t mode = 0644);
    void remove(const std::string& path);
    void mode(const std::string& path, mode_t mode);
    [[nodiscard]] std::string content(const std::string& path) const;
    [[nodiscard]] bool has(const std::string& path) const;

    // A socket nobody has bound; who listens there is somebody_listens.
    void put_socket(const std::string& path, mode_t mode);
    // A module of PAM, as a file of the module directory.
    void install_module(const std::string& name);
    // Brings everything into the state that setup leaves behind.
    void set_up();

    [[nodiscard]] cli::Host& host() { return host_; }
    [[nodiscard]] const cli::MonitorCall& monitor() const { return monitor_; }

    bool somebody_listens = true;            // at the socket for users
    std::string sshd_settings;               // what `sshd -T` prints
    bool common_auth_is_edited = false;      // pam-auth-update then leaves it alone
    std::vector<cli::Arguments> commands;    // that were run, in their order
    std::vector<std::string> status_rows;    // what the monitor answers to Status
    std::vector<wire::AdminRequest> asked;   // of the monitor
    Result<Settings> settings = Settings{};  // what the reader says

private:
    cli::CommandOutput run(const cli::Arguments& arguments);
    cli::MonitorAnswer answer(const wire::AdminRequest& request);

    TemporaryDirectory directory_;
    cli::Host host_;
    cli::MonitorCall monitor_;
};

}  // namespace latchkey
