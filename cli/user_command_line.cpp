// SPDX-License-Identifier: MIT
#include "cli/user_command_line.hpp"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include <CLI/CLI.hpp>

#include "cli/argument_checks.hpp"
#include "cli/arguments.hpp"
#include "cli/import_options.hpp"
#include "cli/since.hpp"

namespace latchkey::cli {

namespace {

struct Parsed {
    UserStatusCommand status;
    UserStatusCommand methods;
    UserActivityCommand activity;
    UserChangeCommand enroll;
    UserChangeCommand remove;
    UserChangeCommand codes;
    UserChangeCommand confirm;
    UserChangeCommand deny;
    UserExportCommand data;
    UserChangeCommand forget;
    OwnImportCommand own_import;
    bool new_codes = false;
};

void describe_reading(CLI::App& app, Parsed& parsed) {
    CLI::App& status = *app.add_subcommand("status", "Show how you can get back into your account");
    add_output(status, parsed.status.output, true);
    CLI::App& methods = *app.add_subcommand(
        "methods", "Show the ways that are set up, and what can be on this host");
    add_output(methods, parsed.methods.output, true);
    CLI::App& activity =
        *app.add_subcommand("activity", "Show what happened to your account, newest first");
    activity
        .add_option("--since", parsed.activity.since, "2026-11-24, 2026-11-24T03:45:11Z, 24h, 7d")
        ->type_name("WHEN");
    add_output(activity, parsed.activity.output, true);
}

void describe_changes(CLI::App& app, Parsed& parsed) {
    CLI::App& enroll = *app.add_subcommand("enroll", "Set up one more way to get back in");
    enroll
        .add_option("METHOD", parsed.enroll.method,
                    "totp, hotp, a method that sends codes (email, sms, voice, ...), or one that "
                    "asks a device (push, ...)")
        ->required();
    enroll.add_option("ADDRESS", parsed.enroll.address,
                      "The address or number, - to read it from standard input, or the picture's "
                      "file (--qr=png)");
    enroll.add_option("--qr", parsed.enroll.qr, "Picture of the key: ansi, utf8, png or none")
        ->type_name("HOW")
        ->check(CLI::IsMember({"ansi", "utf8", "png", "none"}));
    add_output(enroll, parsed.enroll.output, false);
    CLI::App& remove = *app.add_subcommand("remove", "Take a way away");
    remove.add_option("METHOD", parsed.remove.method, "As in: latchkey methods")->required();
    remove.add_option("ADDRESS", parsed.remove.address,
                      "Which of several; - to read it from standard input");
    add_output(remove, parsed.remove.output, false);
    CLI::App& codes = *app.add_subcommand("codes", "Make ten new saved recovery codes");
    codes.add_flag("--new", parsed.new_codes, "Needed, because the old codes die");
    codes.add_flag("--print", parsed.codes.for_paper, "With what you need to know on paper");
    add_output(codes, parsed.codes.output, false);
    CLI::App& confirm = *app.add_subcommand(
        "confirm", "Say that your addresses still reach you, so that they go on counting");
    add_output(confirm, parsed.confirm.output, false);
    app.add_subcommand("later", "Have no reminders at your sign-ins for a week");
    CLI::App& deny = *app.add_subcommand("deny", "Say \"that was not me\"");
    deny.add_option("CODE", parsed.deny.veto_code,
                    "The ten letters of a message, - to read them from standard input; without "
                    "them what is open ends, and what waits does so for a day longer");
    add_output(deny, parsed.deny.output, false);
}

void describe_own_data(CLI::App& app, Parsed& parsed) {
    CLI::App& data =
        *app.add_subcommand("export", "Print what is kept about you here, in full, as JSON");
    add_output(data, parsed.data.output, false);
    CLI::App& forget =
        *app.add_subcommand("forget", "Take all your ways away, and have them erased");
    forget.add_flag("--yes", parsed.forget.is_sure, "Do not ask whether you are sure");
    add_output(forget, parsed.forget.output, false);
}

Result<UserCommand> checked_enroll(UserChangeCommand enroll) {
    const bool has_key = is_authenticator(enroll.method);
    enroll.wish = has_key ? ChangeWish::EnrolAuthenticator : ChangeWish::EnrolContact;
    if (has_key) {
        if ((enroll.qr == "png") == enroll.address.empty())
            return usage(enroll.method +
                         " takes a file's name with --qr=png, and only then; for instance: "
                         "latchkey enroll " +
                         enroll.method + " --qr=png key.png");
        enroll.picture = std::exchange(enroll.address, {});
        return UserCommand{std::move(enroll)};
    }
    if (!enroll.qr.empty()) return usage("--qr goes with totp and hotp only; leave it out");
    if (enroll.address.empty())
        return usage(
            "no address or device; give it behind the method, for instance: "
            "latchkey enroll email me@example.org");
    return UserCommand{std::move(enroll)};
}

Result<UserCommand> checked_import(OwnImportCommand command) {
    // The questions are answered there.
    if (command.file == kFromInput)
        return usage(
            "standard input is needed for the password; name a file, for instance: latchkey import "
            "oath users.oath");
    return UserCommand{std::move(command)};
}

Result<UserCommand> checked(const CLI::App& app, Parsed& parsed) {
    const auto verbs = app.get_subcommands();
    const std::string verb = verbs.empty() ? "status" : verbs.front()->get_name();
    if (verb == "status") return UserCommand{parsed.status};
    if (verb == "methods") return UserCommand{parsed.methods};
    if (verb == "enroll") return checked_enroll(std::move(parsed.enroll));
    if (verb == "import") return checked_import(std::move(parsed.own_import));
    if (verb == "activity") {
        if (!parsed.activity.since.empty() && !since_in(parsed.activity.since, TimePoint{}))
            return usage("--since cannot be read: " + shown(parsed.activity.since) +
                         "; write 2026-11-24, 2026-11-24T03:45:11Z, 90m, 24h or 7d");
        return UserCommand{std::move(parsed.activity)};
    }
    if (verb == "remove") {
        parsed.remove.wish = ChangeWish::Remove;
        return UserCommand{std::move(parsed.remove)};
    }
    if (verb == "later") return UserCommand{UserLaterCommand{}};
    if (verb == "confirm") {
        parsed.confirm.wish = ChangeWish::Confirm;
        return UserCommand{std::move(parsed.confirm)};
    }
    if (verb == "export") return UserCommand{parsed.data};
    if (verb == "forget") {
        parsed.forget.wish = ChangeWish::Forget;
        return UserCommand{std::move(parsed.forget)};
    }
    if (verb == "deny") {
        parsed.deny.wish = ChangeWish::Deny;
        return UserCommand{std::move(parsed.deny)};
    }
    if (!parsed.new_codes)
        return usage(
            "new codes make any old ones worthless; if that is wanted: latchkey codes --new");
    parsed.codes.wish = ChangeWish::NewSavedCodes;
    return UserCommand{std::move(parsed.codes)};
}

bool is_import_of_others(const std::vector<std::string>& arguments) {
    if (arguments.size() > 1 && arguments[1] == "csv") return true;
    return std::any_of(arguments.begin() + 1, arguments.end(), [](const std::string& argument) {
        return argument == "--user" || argument.starts_with("--user=");
    });
}

bool is_roots_verb(const std::vector<std::string>& arguments) {
    constexpr std::array<std::string_view, 9> kRoots{
        "setup", "check", "channels", "test", "deliver", "audit", "purge", "explain", "policy"};
    if (arguments.empty()) return false;
    if (arguments.front() == "import") return is_import_of_others(arguments);
    return std::find(kRoots.begin(), kRoots.end(), arguments.front()) != kRoots.end();
}

// About somebody else's account: the help desk's verbs, and a status with a name.
bool is_about_others(const std::vector<std::string>& arguments) {
    if (arguments.empty()) return false;
    const std::string& verb = arguments.front();
    if (verb == "unlock" || verb == "reset" || verb == "pass") return true;
    return verb == "status" &&
           std::any_of(arguments.begin() + 1, arguments.end(),
                       [](const std::string& argument) { return !argument.starts_with('-'); });
}

struct OfHelpDesk {
    template <class T>
    Result<UserCommand> operator()(T command) const {
        if constexpr (std::is_constructible_v<UserCommand, T>)
            return UserCommand{std::move(command)};
        else
            return Error{ErrorKind::NotFound, "only root may run this command"};
    }
};

Result<UserCommand> parse_for_help_desk(const std::vector<std::string>& arguments) {
    auto command = parse_command_line(arguments);
    if (!command) return std::move(command).error();
    const auto* list = std::get_if<PassListCommand>(&*command);
    if (list != nullptr && list->user.empty())
        return usage("passes of one account, and not of all; give its name behind list");
    return std::visit(OfHelpDesk{}, std::move(*command));
}

}  // namespace

Result<UserCommand> parse_user_command_line(const std::vector<std::string>& arguments) {
    if (auto bytes = check_bytes(arguments); !bytes) return std::move(bytes).error();
    if (is_roots_verb(arguments))
        return Error{ErrorKind::NotFound,
                     "only root may run this command; use sudo latchkey " + arguments.front()};
    if (is_about_others(arguments)) return parse_for_help_desk(arguments);
    CLI::App app{
        "How you get back into your account when you forgot the password. See latchkey(1).",
        "latchkey"};
    app.set_version_flag("--version", "latchkey " LATCHKEY_VERSION);
    app.require_subcommand(0, 1);
    Parsed parsed;
    describe_reading(app, parsed);
    describe_changes(app, parsed);
    describe_own_data(app, parsed);
    describe_own_import(app, parsed.own_import);
    try {
        app.parse(std::vector<std::string>{arguments.rbegin(), arguments.rend()});
    } catch (const CLI::CallForHelp&) {
        return UserCommand{ShowText{app.help()}};
    } catch (const CLI::CallForVersion& version) {
        return UserCommand{ShowText{std::string{version.what()} + "\n"}};
    } catch (const CLI::ParseError& error) {
        return usage(sentence_of(error));
    }
    return checked(app, parsed);
}

}  // namespace latchkey::cli
