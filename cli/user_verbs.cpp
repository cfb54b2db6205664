// SPDX-License-Identifier: MIT
#include "cli/user_verbs.hpp"

#include <pwd.h>

#include "cli/account_verbs.hpp"
#include "cli/ascii_address.hpp"
#include "cli/audit_verbs.hpp"
#include "cli/care_verbs.hpp"
#include "cli/own_change.hpp"
#include "cli/own_data.hpp"
#include "cli/own_import.hpp"
#include "cli/pass_verbs.hpp"

namespace latchkey::cli {

namespace {

// Root's verbs about accounts, asked of the socket that answers about one's own.
MonitorCall as_monitor_call(const UserSurroundings& on) {
    return [&on](const wire::AdminRequest& request) {
        wire::UserRequest asked;
        asked.verb = request.verb == wire::AdminVerb::Audit ? wire::UserVerb::Activity
                                                            : wire::UserVerb::Status;
        asked.since = request.since;
        return on.talk(asked, {on.ask, [](const Secret&) {}});
    };
}

// Root's verbs about accounts, asked as a member of the help desk: the password is asked for.
MonitorCall as_help_desk_call(const UserSurroundings& on) {
    return [&on](const wire::AdminRequest& request) {
        return on.help(request, {on.ask, [](const Secret&) {}});
    };
}

struct Runner {
    const UserSurroundings& on;

    ExitStatus operator()(const ShowText& command) const {
        on.terminal.out << command.text;
        return ExitStatus::Ok;
    }
    ExitStatus operator()(const UserStatusCommand& command) const {
        return run_status({on.user, false, command.output, true}, as_monitor_call(on), on.terminal);
    }
    // One's own is nobody's to permit.
    ExitStatus operator()(StatusCommand command) const {
        command.is_own = command.user == on.user;
        return run_status(command, command.is_own ? as_monitor_call(on) : as_help_desk_call(on),
                          on.terminal);
    }
    ExitStatus operator()(const UnlockCommand& command) const {
        return run_unlock(command, as_help_desk_call(on), on.terminal);
    }
    ExitStatus operator()(const ResetCommand& command) const {
        return run_reset(command, as_help_desk_call(on), on.terminal);
    }
    ExitStatus operator()(const PassIssueCommand& command) const {
        return run_pass_issue(command, as_help_desk_call(on), on.terminal);
    }
    ExitStatus operator()(const PassListCommand& command) const {
        return run_pass_list(command, as_help_desk_call(on), on.terminal);
    }
    ExitStatus operator()(const PassRevokeCommand& command) const {
        return run_pass_revoke(command, as_help_desk_call(on), on.terminal);
    }
    ExitStatus operator()(const UserActivityCommand& command) const {
        return run_audit({on.user, command.since, command.output}, as_monitor_call(on), on.terminal,
                         on.now);
    }
    ExitStatus operator()(const UserLaterCommand&) const {
        wire::UserRequest request;
        request.verb = wire::UserVerb::Later;
        const MonitorAnswer answer = on.talk(request, {on.ask, [](const Secret&) {}});
        if (answer.status != ExitStatus::Ok) return on.terminal.fail(answer.status, answer.error);
        on.terminal.out << "Your sign-ins remind you of nothing for a week.\n";
        return ExitStatus::Ok;
    }
    ExitStatus operator()(const UserExportCommand& command) const {
        return run_export(command, on);
    }
    ExitStatus operator()(const UserChangeCommand& command) const {
        return run_own_change(command, on);
    }
    ExitStatus operator()(const OwnImportCommand& command) const {
        return run_own_import(command, on);
    }
};

}  // namespace

std::string name_of_user(uid_t uid) {
    const passwd* row = ::getpwuid(uid);
    return row != nullptr ? row->pw_name : std::to_string(uid);
}

std::string home_of_user(uid_t uid) {
    const passwd* row = ::getpwuid(uid);
    return row != nullptr ? row->pw_dir : "";
}

ExitStatus run_user_command(const std::vector<std::string>& arguments, const UserSurroundings& on) {
    const auto ascii = with_ascii_addresses(arguments, on.terminal);
    if (!ascii) return on.terminal.fail(ExitStatus::Usage, ascii.error().detail);
    auto command = parse_user_command_line(*ascii);
    if (!command)
        return on.terminal.fail(command.error().kind == ErrorKind::NotFound
                                    ? ExitStatus::NotPermitted
                                    : ExitStatus::Usage,
                                command.error().detail);
    const ExitStatus status = std::visit(Runner{on}, std::move(*command));
    if (!on.terminal.out.flush())
        return on.terminal.fail(ExitStatus::Negative, "standard output cannot be written to");
    return status;
}

}  // namespace latchkey::cli
