// SPDX-License-Identifier: MIT
#include "cli/command.hpp"

#include <variant>

#include "cli/account_verbs.hpp"
#include "cli/ascii_address.hpp"
#include "cli/audit_verbs.hpp"
#include "cli/care_verbs.hpp"
#include "cli/channel_verbs.hpp"
#include "cli/command_line.hpp"
#include "cli/deliver_verb.hpp"
#include "cli/explain_verb.hpp"
#include "cli/host_verbs.hpp"
#include "cli/import_verb.hpp"
#include "cli/pass_verbs.hpp"

namespace latchkey::cli {

namespace {

// One overload for each verb: a verb that nobody serves does not compile.
struct Runner {
    const Surroundings& on;

    ExitStatus operator()(const ShowText& command) const {
        on.terminal.out << command.text;
        return ExitStatus::Ok;
    }
    ExitStatus operator()(const SetupCommand& command) const {
        return run_setup(command, on.host, on.monitor, on.send_test, on.terminal);
    }
    ExitStatus operator()(const CheckCommand& command) const {
        return run_check(command, on.host, on.monitor, on.terminal);
    }
    ExitStatus operator()(const ChannelsCommand& command) const {
        return run_channels(command, on.host, on.monitor, on.call_channel, on.terminal);
    }
    ExitStatus operator()(const TestCommand& command) const {
        return run_test(command, on.host, on.call_channel, on.waiting, on.terminal);
    }
    ExitStatus operator()(const EnrollCommand& command) const {
        return run_enroll(command, on.monitor, on.terminal, on.host.now);
    }
    ExitStatus operator()(const CodesCommand& command) const {
        return run_codes(command, on.monitor, on.terminal, on.host.now);
    }
    ExitStatus operator()(const StatusCommand& command) const {
        return run_status(command, on.monitor, on.terminal);
    }
    ExitStatus operator()(const UnlockCommand& command) const {
        return run_unlock(command, on.monitor, on.terminal);
    }
    ExitStatus operator()(const RemoveCommand& command) const {
        return run_remove(command, on.monitor, on.terminal);
    }
    ExitStatus operator()(const PurgeCommand& command) const {
        return run_purge(command, on.monitor, on.terminal);
    }
    ExitStatus operator()(const ResetCommand& command) const {
        return run_reset(command, on.monitor, on.terminal);
    }
    ExitStatus operator()(const ExplainCommand& command) const {
        return run_explain(command, on.monitor, on.terminal);
    }
    ExitStatus operator()(const PolicyCheckCommand& command) const {
        return run_policy_check(command, on.monitor, on.terminal);
    }
    ExitStatus operator()(const AuditCommand& command) const {
        return run_audit(command, on.monitor, on.terminal, on.host.now);
    }
    ExitStatus operator()(const DeliverCommand& command) const {
        return run_deliver(command, on.monitor, on.terminal);
    }
    ExitStatus operator()(const PassIssueCommand& command) const {
        return run_pass_issue(command, on.monitor, on.terminal);
    }
    ExitStatus operator()(const PassListCommand& command) const {
        return run_pass_list(command, on.monitor, on.terminal);
    }
    ExitStatus operator()(const PassRevokeCommand& command) const {
        return run_pass_revoke(command, on.monitor, on.terminal);
    }
    ExitStatus operator()(const AuditVerifyCommand& command) const {
        return run_audit_verify(command, on.monitor, on.terminal);
    }
    ExitStatus operator()(const ImportCommand& command) const {
        return run_import(command, on.import_rows, on.terminal);
    }
};

}  // namespace

ExitStatus run_command(const std::vector<std::string>& arguments,
                       const Surroundings& surroundings) {
    const Terminal& terminal = surroundings.terminal;
    const auto ascii = with_ascii_addresses(arguments, terminal);
    if (!ascii) return terminal.fail(ExitStatus::Usage, ascii.error().detail);
    auto command = parse_command_line(*ascii);
    if (!command) return terminal.fail(ExitStatus::Usage, command.error().detail);
    const ExitStatus status = std::visit(Runner{surroundings}, std::move(*command));
    if (!terminal.out.flush()) {
        return terminal.fail(ExitStatus::Negative, "standard output cannot be written to");
    }
    return status;
}

}  // namespace latchkey::cli
