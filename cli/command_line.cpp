// SPDX-License-Identifier: MIT
#include "cli/command_line.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "cli/argument_checks.hpp"
#include "cli/arguments.hpp"
#include "cli/care_arguments.hpp"
#include "cli/import_options.hpp"
#include "cli/pass_arguments.hpp"
#include "cli/since.hpp"
#include "core/answers.hpp"
#include "core/printable.hpp"

namespace latchkey::cli {

namespace {

// What CLI11 fills; one member for each verb.
struct Parsed {
    SetupCommand setup;
    CheckCommand check;
    ChannelsCommand channels;
    TestCommand test;
    EnrollCommand enroll;
    CodesCommand codes;
    StatusCommand status;
    UnlockCommand unlock;
    AuditCommand audit;
    AuditVerifyCommand verify;
    ImportCommand importing;
    DeliverCommand deliver;
    PassArguments passes;
    CareArguments care;
    bool new_codes = false;
};

void describe_setup(CLI::App& app, SetupCommand& setup) {
    CLI::App& verb = *app.add_subcommand(
        "setup", "Make this host ready and switch recovery on; changes only what is missing");
    verb.add_flag("--yes", setup.assume_yes, "Ask nothing; keep or take the defaults");
    verb.add_flag("--dry-run", setup.dry_run, "Say what would be done, and do nothing");
    verb.add_flag("--allow-file-channel", setup.allow_file_channel,
                  "For trying out: accept the channel that writes codes into a file");
    verb.add_option("--ask", setup.whom_to_ask, "Whom people are told to ask")->type_name("TEXT");
    verb.add_option("--server", setup.mail_server, "SMTP server; default 127.0.0.1:25")
        ->type_name("NAME[:PORT]");
    verb.add_option("--tls", setup.mail_tls, "Encryption to the server: none, starttls or implicit")
        ->type_name("HOW");
    verb.add_option("--from", setup.mail_from, "Sender of the messages")->type_name("ADDRESS");
    verb.add_option("--test", setup.test_address, "Send a test message there first")
        ->type_name("ADDRESS");
    add_output(verb, setup.output, true);
}

void describe_check(CLI::App& app, CheckCommand& check) {
    CLI::App& verb = *app.add_subcommand(
        "check", "Look at everything that decides whether a recovery works; changes nothing");
    verb.add_flag("--allow-file-channel", check.allow_file_channel,
                  "Count the channel that writes codes into a file as a warning only");
    add_output(verb, check.output, true);
}

void describe_channels(CLI::App& app, Parsed& parsed) {
    CLI::App& channels = *app.add_subcommand(
        "channels", "Show the channels, and ask each whether it would take a message");
    add_output(channels, parsed.channels.output, true);
    CLI::App& test =
        *app.add_subcommand("test", "Send a test message for real, and show each step");
    test.add_option("CHANNEL", parsed.test.channel, "As in [channel.NAME]")->required();
    test.add_option("--to", parsed.test.address, "Where it goes: an address, a phone number")
        ->type_name("ADDRESS")
        ->required();
    add_output(test, parsed.test.output, true);
    CLI::App& deliver = *app.add_subcommand(
        "deliver", "Send the messages that are due now, as a timer does every minute");
    add_output(deliver, parsed.deliver.output, false);
}

void describe_enroll(CLI::App& app, EnrollCommand& enroll) {
    CLI::App& verb = *app.add_subcommand("enroll", "Give an account one more way to recover");
    verb.add_option("USER", enroll.user, "Account of this host")->required();
    verb.add_option("METHOD", enroll.method,
                    "totp, hotp, a method that sends codes (email, sms, voice, ...), or one that "
                    "asks a device (push)")
        ->required();
    verb.add_option("DESTINATION", enroll.destination,
                    "The address or number, - to read it from standard input, or the picture's "
                    "file (--qr=png)");
    verb.add_option("--qr", enroll.qr, "Picture of the key: ansi, utf8, png or none")
        ->type_name("HOW")
        ->check(CLI::IsMember({"ansi", "utf8", "png", "none"}));
    verb.add_flag("!--no-confirm", enroll.confirm, "Do not ask for a code of the new app");
    add_output(verb, enroll.output, false);
}

void describe_others(CLI::App& app, Parsed& parsed) {
    CLI::App& codes = *app.add_subcommand("codes", "Make ten new saved recovery codes");
    codes.add_option("USER", parsed.codes.user, "Account of this host")->required();
    codes.add_flag("--new", parsed.new_codes, "Needed, because the old codes die");
    codes.add_flag("--print", parsed.codes.for_paper, "With what a person needs to know on paper");
    add_output(codes, parsed.codes.output, false);
    CLI::App& status = *app.add_subcommand("status", "Show who can recover, and how");
    status.add_option("USER", parsed.status.user, "Only this account");
    status.add_flag("--show", parsed.status.show, "Its addresses in full, which is recorded");
    add_output(status, parsed.status.output, true);
    CLI::App& unlock = *app.add_subcommand("unlock", "Clear a lockout by failed attempts");
    unlock.add_option("USER", parsed.unlock.user, "Account of this host")->required();
    add_output(unlock, parsed.unlock.output, false);
}

void describe_audit(CLI::App& app, Parsed& parsed) {
    CLI::App& audit = *app.add_subcommand("audit", "Show what was done and refused, newest first");
    audit.add_option("USER,--user", parsed.audit.user, "Only this name")->type_name("NAME");
    audit.add_option("--since", parsed.audit.since, "2026-11-24, 2026-11-24T03:45:11Z, 24h, 7d")
        ->type_name("WHEN");
    add_output(audit, parsed.audit.output, true);
    CLI::App& verify =
        *audit.add_subcommand("verify", "Find records that were changed, cut or reordered");
    verify
        .add_option("--head", parsed.verify.head, "A record of the system log that must be there")
        ->type_name("NUMBER:HEX");
    add_output(verify, parsed.verify.output, false);
}

Result<Command> checked_audit(const CLI::App& verb, Parsed& parsed) {
    const bool selects = verb.get_option("USER")->count() + verb.get_option("--since")->count() > 0;
    if (!verb.get_subcommands().empty() && selects)
        return usage("audit verify looks at the whole log; leave the name and --since out");
    if (!verb.get_subcommands().empty()) return Command{std::move(parsed.verify)};
    const bool one = verb.get_option("USER")->count() > 0;
    // Any name that somebody could have typed; unknown ones are looked up by their hash.
    if (one && (parsed.audit.user.empty() || parsed.audit.user.size() > kLongestName))
        return usage("not a name: " + shown(parsed.audit.user) + "; give one of 1 to 256 bytes");
    const bool is_time =
        verb.get_option("--since")->count() == 0 || since_in(parsed.audit.since, TimePoint{});
    if (!is_time)
        return usage("--since cannot be read: " + shown(parsed.audit.since) +
                     "; write 2026-11-24, 2026-11-24T03:45:11Z, 90m, 24h or 7d");
    return Command{std::move(parsed.audit)};
}

Result<Command> checked_enroll(EnrollCommand enroll) {
    if (auto user = check_user(enroll.user); !user) return std::move(user).error();
    if (!is_authenticator(enroll.method)) {
        if (!enroll.qr.empty()) return usage("--qr goes with totp and hotp only; leave it out");
        if (enroll.destination.empty())
            return usage(
                "no address that codes may be sent to; give it behind the method, for "
                "instance: latchkey enroll ada email ada@example.org");
    }
    if (enroll.method == "email" && enroll.destination != kFromInput) {
        const auto address = checked_email_address(enroll.destination);
        if (!address) {
            return usage("not a plain e-mail address: " + shown(enroll.destination) +
                         "; give one as name@example.org");
        }
        enroll.destination = *address;
    }
    if (!is_authenticator(enroll.method)) return Command{std::move(enroll)};
    if ((enroll.qr == "png") == enroll.destination.empty()) {
        return usage(
            enroll.method +
            " takes a file's name with --qr=png, and only then; for instance: latchkey enroll " +
            enroll.user + ' ' + enroll.method + " --qr=png /root/key.png");
    }
    return Command{std::move(enroll)};
}

Result<Command> checked_import(ImportCommand command) {
    if (command.format == ImportFormat::GoogleAuthenticator)
        if (auto user = check_user(command.user); !user) return std::move(user).error();
    return Command{std::move(command)};
}

Result<Command> checked(const CLI::App& app, Parsed& parsed) {
    const std::string verb = app.get_subcommands().front()->get_name();
    if (verb == "setup") return Command{std::move(parsed.setup)};
    if (verb == "check") return Command{parsed.check};
    if (verb == "channels") return Command{parsed.channels};
    if (verb == "test") return Command{std::move(parsed.test)};
    if (verb == "deliver") return Command{parsed.deliver};
    if (verb == "enroll") return checked_enroll(std::move(parsed.enroll));
    if (verb == "pass") return checked_pass(*app.get_subcommand("pass"), std::move(parsed.passes));
    if (verb == "audit") return checked_audit(*app.get_subcommand("audit"), parsed);
    if (is_about_care(verb)) return checked_care(verb, std::move(parsed.care));
    if (verb == "status") {
        const bool one = app.get_subcommand("status")->get_option("USER")->count() > 0;
        if (auto user = one ? check_user(parsed.status.user) : Result<void>{}; !user) {
            return std::move(user).error();
        }
        if (parsed.status.show && !one)
            return usage("--show is about one account; name it: latchkey status USER --show");
        return Command{std::move(parsed.status)};
    }
    if (verb == "import") return checked_import(std::move(parsed.importing));
    const std::string& user = verb == "codes" ? parsed.codes.user : parsed.unlock.user;
    if (auto valid = check_user(user); !valid) return std::move(valid).error();
    if (verb == "unlock") return Command{std::move(parsed.unlock)};
    if (!parsed.new_codes) {
        return usage("new codes make any old ones worthless; if that is wanted: latchkey codes " +
                     user + " --new");
    }
    return Command{std::move(parsed.codes)};
}

}  // namespace

Result<Command> parse_command_line(const std::vector<std::string>& arguments) {
    if (auto bytes = check_bytes(arguments); !bytes) return std::move(bytes).error();
    CLI::App app{"Password recovery and unlock at the login prompt. See latchkey(1).", "latchkey"};
    app.set_version_flag("--version", "latchkey " LATCHKEY_VERSION);
    app.require_subcommand(1);
    Parsed parsed;
    describe_setup(app, parsed.setup);
    describe_check(app, parsed.check);
    describe_channels(app, parsed);
    describe_enroll(app, parsed.enroll);
    describe_others(app, parsed);
    describe_audit(app, parsed);
    describe_import(app, parsed.importing);
    describe_pass(app, parsed.passes);
    describe_care(app, parsed.care);
    try {
        app.parse(std::vector<std::string>{arguments.rbegin(), arguments.rend()});
    } catch (const CLI::CallForHelp&) {
        return Command{ShowText{app.help()}};
    } catch (const CLI::CallForVersion& version) {
        return Command{ShowText{std::string{version.what()} + "\n"}};
    } catch (const CLI::ParseError& error) {
        return usage(sentence_of(error));
    }
    return checked(app, parsed);
}

}  // namespace latchkey::cli
