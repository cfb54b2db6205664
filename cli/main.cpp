// SPDX-License-Identifier: MIT
//
// latchkey(1): root's command, and that of everybody about their own account.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <exception>

#include "adapters/system/system_clock.hpp"
#include "cli/command.hpp"
#include "cli/user_verbs.hpp"
#include "monitor/paths.hpp"

namespace {

// Codes and keys pass through here to be shown once: they leave no core file.
// Descriptors 0 to 2 are open, so that no file of ours becomes one of them.
void prepare_process() {
    ::prctl(PR_SET_DUMPABLE, 0);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::umask(077);
    std::signal(SIGPIPE, SIG_IGN);
    int fd = 0;
    while (fd >= 0 && fd <= STDERR_FILENO) fd = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (fd > STDERR_FILENO) ::close(fd);
}

}  // namespace

int main(int argc, char* argv[]) {
    namespace cli = latchkey::cli;
    prepare_process();
    const cli::Terminal terminal = cli::this_terminal();
    try {
        const std::vector<std::string> arguments{argv + (argc > 0 ? 1 : 0), argv + argc};
        if (::geteuid() != 0) {
            const cli::UserTalk talk = cli::talk_over(latchkey::paths::kUserSocket);
            const cli::HelpTalk help = cli::help_over(latchkey::paths::kUserSocket);
            return static_cast<int>(cli::run_user_command(
                arguments, {talk, cli::ask_person, terminal, latchkey::SystemClock{}.now(),
                            cli::name_of_user(::getuid()), help, cli::home_of_user(::getuid())}));
        }
        const cli::Host host = cli::this_host();
        const cli::MonitorCall monitor = cli::monitor_at(latchkey::paths::kMonitor);
        const cli::ImportCall import_rows = cli::import_by_monitor_at(latchkey::paths::kMonitor);
        const cli::SendTest send_test = cli::send_test_message;
        const cli::CallChannel call_channel = cli::call_channel;
        const cli::Waiting waiting = cli::this_machines_waiting();
        return static_cast<int>(cli::run_command(
            arguments, {host, monitor, import_rows, send_test, call_channel, waiting, terminal}));
    } catch (const std::exception& error) {
        return static_cast<int>(terminal.fail(cli::ExitStatus::Negative,
                                              std::string{"an error of our own: "} + error.what() +
                                                  "; nothing more was done, please report it"));
    }
}
