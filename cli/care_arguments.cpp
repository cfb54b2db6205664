// SPDX-License-Identifier: MIT
#include "cli/care_arguments.hpp"

#include <utility>

#include <CLI/CLI.hpp>

#include "cli/argument_checks.hpp"
#include "cli/arguments.hpp"

namespace latchkey::cli {

namespace {

constexpr std::uint32_t kMostGates = 3;  // latchkey.toml(5), [gates]

void describe_removal(CLI::App& app, CareArguments& arguments) {
    CLI::App& remove = *app.add_subcommand("remove", "Take a way of recovering away at once");
    remove.add_option("USER", arguments.remove.user, "Account of this host")->required();
    remove
        .add_option("METHOD", arguments.remove.method,
                    "As in: latchkey status USER; or codes, for the saved recovery codes")
        ->required();
    remove.add_option("DESTINATION", arguments.remove.address,
                      "Which of several, in full; - to read it from standard input");
    remove.add_flag("--dry-run", arguments.remove.dry_run, "Say what would go, and do nothing");
    add_output(remove, arguments.remove.output, false);
    CLI::App& purge =
        *app.add_subcommand("purge", "Take away everything that is kept of an account");
    purge
        .add_option("USER", arguments.purge.user,
                    "Account of this host, or name or uid of one that is gone")
        ->required();
    purge.add_flag("--dry-run", arguments.purge.dry_run, "Say what would go, and do nothing");
    purge.add_flag("--yes", arguments.purge.assume_yes, "Ask nothing");
    add_output(purge, arguments.purge.output, true);
}

}  // namespace

void describe_care(CLI::App& app, CareArguments& arguments) {
    describe_removal(app, arguments);
    CLI::App& reset =
        *app.add_subcommand("reset", "Ask a person to set a new password at the login prompt");
    reset.add_option("USER", arguments.reset.user, "Account of this host")->required();
    reset.add_option("--method", arguments.reset.method, "Ask at addresses of this method only")
        ->type_name("METHOD");
    add_output(reset, arguments.reset.output, false);
    CLI::App& explain = *app.add_subcommand(
        "explain", "Show what each way of an account proves now, and if nothing, why");
    explain.add_option("USER", arguments.explain.user, "Account of this host")->required();
    add_output(explain, arguments.explain.output, true);
    CLI::App& policy = *app.add_subcommand("policy", "What a change of the configuration would do");
    policy.require_subcommand(1);
    CLI::App& check = *policy.add_subcommand(
        "check", "Who could recover no more if so many proofs were asked for");
    check.add_option("--gates", arguments.policy.gates, "Number of proofs, 1 to 3, everywhere")
        ->type_name("NUMBER")
        ->check(CLI::Range(1U, kMostGates))
        ->required();
    add_output(check, arguments.policy.output, true);
}

bool is_about_care(const std::string& verb) {
    return verb == "remove" || verb == "purge" || verb == "reset" || verb == "explain" ||
           verb == "policy";
}

Result<Command> checked_care(const std::string& verb, CareArguments arguments) {
    if (verb == "policy") return Command{arguments.policy};
    const std::string& user = verb == "remove"    ? arguments.remove.user
                              : verb == "purge"   ? arguments.purge.user
                              : verb == "explain" ? arguments.explain.user
                                                  : arguments.reset.user;
    if (auto valid = check_user(user); !valid) return std::move(valid).error();
    if (verb == "remove" && arguments.remove.method == "codes" && !arguments.remove.address.empty())
        return Error{ErrorKind::Rejected,
                     "saved codes have no destination; leave it out, or name the method of the "
                     "address"};
    if (verb == "remove") return Command{std::move(arguments.remove)};
    if (verb == "purge") return Command{std::move(arguments.purge)};
    if (verb == "explain") return Command{std::move(arguments.explain)};
    return Command{std::move(arguments.reset)};
}

}  // namespace latchkey::cli
