// SPDX-License-Identifier: MIT
#include "cli/user_verbs.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>

#include <nlohmann/json.hpp>

#include "cli/account_verbs.hpp"
#include "cli/ascii_address.hpp"
#include "cli/audit_verbs.hpp"
#include "cli/care_verbs.hpp"
#include "cli/json_output.hpp"
#include "cli/new_key.hpp"
#include "cli/own_data.hpp"
#include "cli/pass_verbs.hpp"
#include "cli/since.hpp"
#include "core/iso_time.hpp"
#include "core/printable.hpp"

namespace latchkey::cli {

namespace {

using nlohmann::json;

constexpr const char* kNotUnderstood =
    "the monitor's answer cannot be understood; ask the administrator to install latchkey and "
    "libpam-latchkey of one version";

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

// One verb that changes something.
class ChangeRun {
public:
    ChangeRun(const UserChangeCommand& command, const UserSurroundings& on)
        : command_(command), on_(on) {}

    ExitStatus run() {
        wire::UserRequest request;
        request.verb = wire::UserVerb::Change;
        request.wish = command_.wish;
        request.method = command_.method;
        request.address = command_.address;
        if (command_.address == kFromInput) {
            const auto typed = on_.ask("Address or number: ", false);
            if (!typed || typed->empty())
                return on_.terminal.fail(ExitStatus::Usage, "no address on standard input");
            auto ascii = with_ascii_addresses({std::string{typed->reveal()}}, on_.terminal);
            if (!ascii) return on_.terminal.fail(ExitStatus::Usage, ascii.error().detail);
            request.address = std::move(ascii->front());
        }
        request.veto_code = Secret{command_.veto_code};
        if (command_.veto_code == kFromInput) {
            auto typed = on_.ask("Code: ", false);
            if (!typed || typed->empty())
                return on_.terminal.fail(ExitStatus::Usage, "no code on standard input");
            request.veto_code = std::move(*typed);
        }
        if (command_.wish == ChangeWish::Forget && !is_sure())
            return on_.terminal.fail(ExitStatus::Negative, "given up; nothing was changed");
        if (command_.qr == "png" && ::access(command_.picture.c_str(), F_OK) == 0)
            return on_.terminal.fail(
                ExitStatus::Usage, command_.picture + " exists already; name a file that does not");
        const MonitorAnswer answer =
            on_.talk(request, {on_.ask, [this](const Secret& row) { show(row); }});
        if (answer.status != ExitStatus::Ok) return on_.terminal.fail(answer.status, answer.error);
        return conclude(answer);
    }

private:
    [[nodiscard]] bool is_sure() const {
        if (command_.is_sure) return true;
        const auto typed = on_.ask(
            "This takes every way away to get back into your account. Type yes to go on: ", false);
        return typed && typed->reveal() == "yes";
    }

    // A key is needed before its code is asked for, and a number is looked at before one is sent.
    void show(const Secret& text) {
        const json row = json::parse(text.reveal(), nullptr, false);
        if (row.is_object() && row.contains("number")) return show_number(row);
        if (!row.is_object() || !row.contains("key_base32")) return;
        if (command_.output.json) return print_json(on_.terminal.out, row);
        const auto key = new_key_in(row);
        if (!key) return;
        on_.terminal.out << "Scan this with your "
                         << (command_.method == "hotp" ? "token" : "authenticator app")
                         << ", or type the key into it.\nIt is shown this one time.\n\n";
        (void)show_key(*key, {command_.qr, command_.picture}, on_.terminal);
    }

    // Not in JSON, of which there is one object alone.
    void show_number(const json& row) const {
        if (command_.output.json || !row.at("number").is_string()) return;
        on_.terminal.out << "The number is "
                         << escaped(row.at("number").get_ref<const std::string&>())
                         << "; if it is not yours, press Enter at the question for its code.\n"
                         << std::flush;
    }

    ExitStatus conclude(const MonitorAnswer& answer) {
        if (answer.rows.empty())
            return on_.terminal.fail(ExitStatus::MonitorUnreachable, kNotUnderstood);
        const json row = json::parse(answer.rows.back().reveal(), nullptr, false);
        if (!row.is_object())
            return on_.terminal.fail(ExitStatus::MonitorUnreachable, kNotUnderstood);
        if (command_.output.json) {
            print_json(on_.terminal.out, row);
            return ExitStatus::Ok;
        }
        try {
            command_.wish == ChangeWish::NewSavedCodes ? tell_codes(row) : tell(row);
        } catch (const json::exception&) {
            return on_.terminal.fail(ExitStatus::MonitorUnreachable, kNotUnderstood);
        }
        return ExitStatus::Ok;
    }

    // Empty: nothing begins or ends.
    static std::string date_in(const json& row) {
        const json& from = row.at("counts_from");
        return from.is_null() ? std::string{} : escaped(utc_text_of(from.get<std::string>()));
    }

    void tell(const json& row) const {
        std::ostream& out = on_.terminal.out;
        const std::string from = date_in(row);
        const std::string where = escaped(row.at("destination").get<std::string>());
        const std::string what = escaped(command_.method) + (where.empty() ? "" : ", " + where);
        switch (command_.wish) {
            case ChangeWish::EnrolContact:
            case ChangeWish::EnrolAuthenticator:
                if (row.value("device", false)) {
                    out << what << " can be asked from " << from
                        << " on, as one more proof behind another one.\n";
                    break;
                }
                out << "You can get back in by " << what << " from " << from << " on.\n";
                break;
            case ChangeWish::Confirm:
                out << "Confirmed: " << where << ", which count until " << from
                    << " unless you confirm them again.\n";
                break;
            case ChangeWish::Remove:
                if (row.value("gone", false))
                    out << "It is gone: " << what << ".\n";
                else if (row.value("device", false))
                    out << "The device " << where << " is asked until " << from << ".\n";
                else
                    out << "You can get back in by " << what << " until " << from << ".\n";
                break;
            case ChangeWish::Deny:
                if (command_.veto_code.empty())
                    out << "Recoveries that were open have ended, and what waits or goes does so "
                           "for a day longer.\nTake away what is not yours, or type the code of "
                           "a message.\n";
                else
                    out << "Heard. The change of that message is undone; behind a recovery, what "
                           "was "
                           "open has\nended, and what was changed since.\n";
                out << "Change your password if somebody else may know it.\n";
                break;
            case ChangeWish::Forget:
                out << "All your ways to get back in go, and the saved codes with them. They count "
                       "until\n"
                    << from
                    << "; then they are erased, and who has forgotten the password needs the "
                       "administrator.\n";
                break;
            case ChangeWish::NewSavedCodes:
                break;
        }
        const auto told = row.at("told").get<std::uint32_t>();
        if (told > 0)
            out << "All your addresses are told" << (told == 1 ? " (one)" : "")
                << (command_.wish == ChangeWish::Deny
                        ? ".\n"
                        : "; whoever did not want this can end it.\n");
    }

    void tell_codes(const json& row) const {
        std::ostream& out = on_.terminal.out;
        if (command_.for_paper) print_head();
        for (const json& code : row.at("codes"))
            out << "  " << escaped(code.get_ref<const std::string&>()) << "\n";
        out << "\nEach works once, from " << date_in(row)
            << " on; until then earlier codes stay good.\n"
            << "They are shown this one time.\n";
    }

    void print_head() const {
        std::array<char, 256> host{};
        const bool named = ::gethostname(host.data(), host.size() - 1) == 0;
        on_.terminal.out << "Recovery codes of " << escaped(on_.user) << " on "
                         << (named ? escaped(host.data()) : "this host") << "\n\n"
                         << "If you forget your password, press Enter at \"Password:\" and choose\n"
                         << "\"Enter one of my recovery codes\". Each code works once.\n"
                         << "Keep this sheet as you would keep a key.\n\n";
    }

    const UserChangeCommand& command_;
    const UserSurroundings& on_;
};

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
        return ChangeRun{command, on}.run();
    }
};

}  // namespace

std::string name_of_user(uid_t uid) {
    const passwd* row = ::getpwuid(uid);
    return row != nullptr ? row->pw_name : std::to_string(uid);
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
