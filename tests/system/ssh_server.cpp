// SPDX-License-Identifier: MIT
#include "tests/system/ssh_server.hpp"

#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <stdexcept>

#include "adapters/system/unique_fd.hpp"
#include "tests/system/machine.hpp"

namespace latchkey {
namespace {

constexpr const char* own_settings = "/etc/ssh/sshd_config.d/10-case.conf";
constexpr const char* pid_file = "/run/sshd.pid";
constexpr std::uint16_t ssh_port = 22;

bool somebody_listens() {
    const UniqueFd probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(ssh_port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const void* const untyped = &address;
    return ::connect(probe.get(), static_cast<const sockaddr*>(untyped), sizeof address) == 0;
}

std::vector<std::string> client_command(const std::string& user, const std::string& method,
                                        const std::vector<std::string>& options) {
    std::vector<std::string> argv{"/usr/bin/ssh", "-tt", "-F", "none"};
    argv.insert(argv.end(), options.begin(), options.end());
    for (const std::string& option :
         {"PreferredAuthentications=" + method, std::string("PubkeyAuthentication=no"),
          std::string("StrictHostKeyChecking=no"), std::string("UserKnownHostsFile=/dev/null"),
          std::string("LogLevel=ERROR")}) {
        argv.insert(argv.end(), {"-o", option});
    }
    argv.insert(argv.end(), {"-l", user, "127.0.0.1"});
    return argv;
}

}  // namespace

SshServer::SshServer(const std::string& settings) {
    if (somebody_listens()) throw std::runtime_error("port 22 is taken on this machine");
    write_file(own_settings, settings);
    std::filesystem::create_directories("/run/sshd");
    std::filesystem::remove(pid_file);
    must_run({"/usr/sbin/sshd", "-t"});
    must_run({"/usr/sbin/sshd", "-o", "ListenAddress=127.0.0.1"});
    // sshd writes the file once it listens.
    const auto listens = [this] {
        std::istringstream(file_text(pid_file)) >> pid_;
        return pid_ > 0;
    };
    if (!comes_true(listens)) throw std::runtime_error("sshd does not listen");
}

SshServer::~SshServer() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGTERM);
    // The port is free for the next one only when the process is gone.
    static_cast<void>(comes_true([this] { return ::kill(pid_, 0) != 0; }));
}

Terminal SshServer::connect(const std::string& user,
                            const std::vector<std::string>& options) const {
    return Terminal(client_command(user, "keyboard-interactive", options));
}

Terminal SshServer::connect_by_password(const std::string& user) const {
    return Terminal(client_command(user, "password", {}));
}

std::vector<pid_t> SshServer::conversations_of(const std::string& user) const {
    std::istringstream lines(must_run({"ps", "-eo", "pid=,args="}));
    std::vector<pid_t> found;
    for (std::string line; std::getline(lines, line);) {
        if (line.find("sshd: " + user + " [pam]") == std::string::npos) continue;
        found.push_back(static_cast<pid_t>(std::stol(line)));
    }
    return found;
}

}  // namespace latchkey
