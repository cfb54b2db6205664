// SPDX-License-Identifier: MIT
#include "cli/import_options.hpp"

namespace latchkey::cli {

namespace {

CLI::App& describe_format(CLI::App& verb, ImportCommand& command, ImportFormat format,
                          const char* name, const char* what) {
    CLI::App& described = *verb.add_subcommand(name, what);
    described.add_option("FILE", command.file, "The file, or - for standard input")->required();
    described.add_flag("--dry-run", command.dry_run, "Check every row, and write nothing");
    described.add_flag("--json", command.output.json, "Print JSON");
    described.callback([&command, format] { command.format = format; });
    return described;
}

CLI::Option& describe_own_format(CLI::App& verb, OwnImportCommand& command, ImportFormat format,
                                 const char* name, const char* what) {
    CLI::App& described = *verb.add_subcommand(name, what);
    described.add_flag("--json", command.output.json, "Print JSON");
    described.callback([&command, format] { command.format = format; });
    return *described.add_option("FILE", command.file, "The file");
}

}  // namespace

void describe_own_import(CLI::App& app, OwnImportCommand& command) {
    CLI::App& verb = *app.add_subcommand("import", "Use the authenticator app that you have");
    verb.require_subcommand(1);
    describe_own_format(verb, command, ImportFormat::GoogleAuthenticator, "google-authenticator",
                        "What google-authenticator(1) has written")
        .description("The file; without it ~/.google_authenticator");
    describe_own_format(verb, command, ImportFormat::Oath, "oath",
                        "Your line in a users.oath of pam_oath")
        .required();
}

void describe_import(CLI::App& app, ImportCommand& command) {
    CLI::App& verb =
        *app.add_subcommand("import", "Enrol many people at once, all of a file or nothing");
    verb.require_subcommand(1);
    describe_format(verb, command, ImportFormat::Csv, "csv", "Lines of user,method,address");
    describe_format(verb, command, ImportFormat::GoogleAuthenticator, "google-authenticator",
                    "The file ~/.google_authenticator of one person")
        .add_option("--user", command.user, "Whose file it is")
        ->type_name("USER")
        ->required();
    describe_format(verb, command, ImportFormat::Oath, "oath", "The users.oath of pam_oath");
}

}  // namespace latchkey::cli
