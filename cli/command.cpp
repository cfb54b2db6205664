// SPDX-License-Identifier: MIT
#include "cli/command.hpp"

#include <variant>

#include "cli/account_verbs.hpp"
#include "cli/command_line.hpp"
#include "cli/host_verbs.hpp"

namespace latchkey::cli {

namespace {

// One overload for each verb: a verb that nobody serves does not compile.
struct Runner {
    const Host& host;
    const MonitorCall& monitor;
    const SendTest& send_test;
    const Terminal& terminal;

    ExitStatus operator()(const ShowText& command) const {
        terminal.out << command.text;
        return ExitStatus::Ok;
    }
    ExitStatus operator()(const SetupCommand& command) const {
        return run_setup(command, host, monitor, send_test, terminal);
    }
    ExitStatus operator()(const CheckCommand& command) const {
        return run_check(command, host, monitor, terminal);
    }
    ExitStatus operator()(const EnrollCommand& command) const {
        return run_enroll(command, monitor, terminal, host.now);
    }
    ExitStatus operator()(const CodesCommand& command) const {
        return run_codes(command, monitor, terminal, host.now);
    }
    ExitStatus operator()(const StatusCommand& command) const {
        return run_status(command, monitor, terminal);
    }
    ExitStatus operator()(const UnlockCommand& command) const {
        return run_unlock(command, monitor, terminal);
    }
};

}  // namespace

ExitStatus run_command(const std::vector<std::string>& arguments, bool is_root, const Host& host,
                       const MonitorCall& monitor, const SendTest& send_test,
                       const Terminal& terminal) {
    auto command = parse_command_line(arguments);
    if (!command) return terminal.fail(ExitStatus::Usage, command.error().detail);
    if (!is_root && !std::holds_alternative<ShowText>(*command)) {
        return terminal.fail(ExitStatus::NotPermitted,
                             "only root may run this command; use sudo latchkey");
    }
    const ExitStatus status =
        std::visit(Runner{host, monitor, send_test, terminal}, std::move(*command));
    if (!terminal.out.flush()) {
        return terminal.fail(ExitStatus::Negative, "standard output cannot be written to");
    }
    return status;
}

}  // namespace latchkey::cli
