// SPDX-License-Identifier: MIT
#include "cli/pass_arguments.hpp"

#include <chrono>
#include <utility>

#include <CLI/CLI.hpp>

#include "cli/argument_checks.hpp"
#include "cli/since.hpp"

namespace latchkey::cli {

namespace {

// The monitor has the same bounds (monitor/temporary_passes.hpp).
constexpr std::chrono::seconds kShortest = std::chrono::minutes{10};
constexpr std::chrono::seconds kLongest = std::chrono::days{30};
constexpr std::size_t kLongestReason = 120;

Result<Command> checked_issue(PassArguments arguments) {
    PassIssueCommand& issue = arguments.issue;
    if (auto user = check_user(issue.user); !user) return std::move(user).error();
    const auto life = span_in(arguments.life);
    if (!life)
        return usage("--for cannot be read: " + shown(arguments.life) + "; write 90m, 24h or 7d");
    if (*life < kShortest || *life > kLongest)
        return usage("a temporary pass lives for 10m to 30d; choose a time between");
    if (arguments.once && issue.many)
        return usage("--once and --many contradict each other; leave one out");
    const bool is_blank = issue.reason.find_first_not_of(' ') == std::string::npos;
    if (is_blank || issue.reason.size() > kLongestReason)
        return usage("--reason takes 1 to 120 characters; say who asked, and where it is filed");
    issue.life = *life;
    return Command{std::move(issue)};
}

}  // namespace

void describe_pass(CLI::App& app, PassArguments& arguments) {
    CLI::App& pass = *app.add_subcommand(
        "pass", "Temporary passes, for people who have nothing else to prove with");
    pass.require_subcommand(1);
    CLI::App& issue =
        *pass.add_subcommand("issue", "Make a pass, show it once, and tell its owner");
    issue.add_option("USER", arguments.issue.user, "Account of this host")->required();
    issue.add_option("--for", arguments.life, "How long it lives: 10m to 30d; default 1h")
        ->type_name("TIME");
    issue.add_flag("--once", arguments.once, "It works once; the default");
    issue.add_flag("--many", arguments.issue.many, "It works as often as wanted until it ends");
    issue.add_option("--reason", arguments.issue.reason, "Why; kept in the audit log")
        ->type_name("TEXT")
        ->required();
    issue.add_flag("--json", arguments.issue.output.json, "Print JSON");
    CLI::App& list = *pass.add_subcommand("list", "Show the passes that are alive");
    list.add_option("USER", arguments.list.user, "Only this account");
    list.add_flag("--json", arguments.list.output.json, "Print JSON");
    list.add_flag("!--no-legend", arguments.list.output.legend, "Print tables without headings");
    CLI::App& revoke = *pass.add_subcommand("revoke", "End passes of an account at once");
    revoke.add_option("USER", arguments.revoke.user, "Account of this host")->required();
    revoke.add_option("ID", arguments.revoke.id, "Only this one, as the list has it; else all")
        ->check(CLI::Range(1U, 4'294'967'295U));
    revoke.add_flag("--json", arguments.revoke.output.json, "Print JSON");
}

Result<Command> checked_pass(const CLI::App& verb, PassArguments arguments) {
    const CLI::App& chosen = *verb.get_subcommands().front();
    const std::string name = chosen.get_name();
    if (name == "issue") return checked_issue(std::move(arguments));
    const bool is_list = name == "list";
    const bool is_about_one = chosen.get_option("USER")->count() > 0;
    const std::string& user = is_list ? arguments.list.user : arguments.revoke.user;
    if (auto valid = is_about_one ? check_user(user) : Result<void>{}; !valid)
        return std::move(valid).error();
    if (is_list) return Command{std::move(arguments.list)};
    return Command{std::move(arguments.revoke)};
}

}  // namespace latchkey::cli
