// SPDX-License-Identifier: MIT
#include "cli/account_verbs.hpp"

#include <unistd.h>

#include <array>
#include <ctime>

#include "cli/account_status.hpp"
#include "cli/json_output.hpp"
#include "cli/methods_here.hpp"
#include "cli/notices.hpp"
#include "cli/table.hpp"
#include "cli/what_is_missing.hpp"
#include "core/printable.hpp"

namespace latchkey::cli {

namespace {

using nlohmann::json;

std::string methods_of(const AccountStatus& account) {
    std::string text;
    for (const MethodStatus& method : account.methods) {
        if (text.find(method.method) != std::string::npos) continue;
        text += (text.empty() ? "" : ",") + method.method;
    }
    return text;
}

std::string recovery_of(const AccountStatus& account) {
    if (!account.is_eligible) return "no";
    const bool waits = !account.methods.empty() || !account.saved_codes_from.empty();
    if (account.ways == 0) return waits ? "not yet" : "not enrolled";
    return account.is_short_of_ways ? "one proof short" : "yes";
}

std::string lockout_of(const AccountStatus& account) {
    if (account.locked == "held") return "until released";
    return account.locked;
}

std::string passes_of(const AccountStatus& account) {
    if (!account.passes_error.empty()) return "not known: " + account.passes_error;
    if (account.passes_alive == 0) return "none";
    return std::to_string(account.passes_alive) + ", until " + account.passes_until;
}

std::string last_use_of(const LastUse& use) {
    if (!use.error.empty()) return "not known: " + use.error;
    if (use.at.empty()) return "never";
    return use.at + ", " + use.outcome + " by " + use.service;
}

// In a column: the day alone.
std::string last_day_of(const LastUse& use) {
    constexpr std::size_t kDay = 10;
    if (!use.error.empty()) return "not known";
    return use.at.empty() ? "never" : use.at.substr(0, kDay);
}

std::string saved_codes_of(const AccountStatus& account) {
    std::string text = std::to_string(account.saved_codes_left) + " left";
    if (!account.saved_codes_from.empty())
        text += "; new ones from " + account.saved_codes_from + " on";
    if (!account.saved_codes_until.empty()) text += ", until " + account.saved_codes_until;
    return text;
}

void print_accounts(const std::vector<AccountStatus>& accounts, const Terminal& terminal,
                    bool with_headings) {
    Table table{{"USER", "RECOVERY", "METHODS", "CODES", "LOCKED", "LAST USE", "GROUP"}};
    for (const AccountStatus& account : accounts) {
        table.add({account.user, recovery_of(account), methods_of(account),
                   std::to_string(account.saved_codes_left), lockout_of(account),
                   last_day_of(account.last_use), account.is_privileged ? "can become root" : ""});
    }
    table.print(terminal.out, with_headings);
}

void add_policy(Table& facts, const AccountStatus& account, StatusReader reader) {
    if (!account.is_eligible) return;
    if (!account.error.empty()) return facts.add({"Proofs", "not known: " + account.error});
    facts.add({"Proofs asked for", proofs_asked_for(account)});
    facts.add({"Proofs there", proofs_there(account)});
    std::string name = "Missing";
    for (const std::string& line : what_is_missing(account, reader)) {
        facts.add({name, line});
        name = " ";
    }
}

void print_methods(const AccountStatus& account, const Terminal& terminal, bool with_headings) {
    if (account.methods.empty()) return;
    terminal.out << "\n";
    Table methods{{"METHOD", "DESTINATION", "USABLE FROM", "UNTIL"}};
    for (const MethodStatus& method : account.methods) {
        methods.add({method.method, method.destination,
                     method.gets_nothing ? "never: its channels run programs" : method.usable_from,
                     method.expired ? "expired: confirm it by enroll" : method.gone_from});
    }
    methods.print(terminal.out, with_headings);
}

void print_account(const AccountStatus& account, const Terminal& terminal,
                   const StatusCommand& command) {
    Table facts{{"", ""}};
    facts.add({"Account", account.user + " (uid " + std::to_string(account.uid) + ")"});
    facts.add({"Recovery",
               recovery_of(account) + (account.why_not.empty() ? "" : ": " + account.why_not)});
    facts.add({"Can become root", account.is_privileged ? "yes" : "no"});
    facts.add({"Locked out", lockout_of(account)});
    facts.add({"Saved codes", saved_codes_of(account)});
    facts.add({"Temporary passes", passes_of(account)});
    facts.add({"Last use", last_use_of(account.last_use)});
    add_policy(facts, account, command.is_own ? StatusReader::Owner : StatusReader::Administrator);
    facts.print(terminal.out, false);
    print_methods(account, terminal, command.output.legend);
    if (!command.is_own) return;
    if (const auto commands = methods_here(account)) {
        terminal.out << "\n";
        commands->print(terminal.out, command.output.legend);
    }
}

std::string name_of_this_host() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "this host";
}

std::string date_of(TimePoint now) {
    const std::time_t seconds = now.time_since_epoch().count();
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 16> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts);
    return {text.data(), size};
}

// The answer's only row, or nothing.
std::optional<json> single_row(const MonitorAnswer& answer) {
    if (answer.rows.size() != 1) return std::nullopt;
    json row = json::parse(answer.rows.front().reveal(), nullptr, false);
    if (!row.is_object()) return std::nullopt;
    return row;
}

}  // namespace

ExitStatus run_status(const StatusCommand& command, const MonitorCall& monitor,
                      const Terminal& terminal) {
    wire::AdminRequest request;
    request.verb = wire::AdminVerb::Status;
    request.user = command.user;
    request.show = command.show;
    const MonitorAnswer answer = monitor(request);
    if (answer.status != ExitStatus::Ok) return terminal.fail(answer.status, answer.error);
    const auto status = parse_status(answer.rows);
    if (!status) return not_understood(terminal);
    const bool one = !command.user.empty();
    if (one && status->accounts.size() != 1) return not_understood(terminal);
    if (command.output.json) {
        print_json(terminal.out, one ? json_of(status->accounts.front()) : json_of(*status));
    } else if (one) {
        print_account(status->accounts.front(), terminal, command);
    } else {
        print_accounts(status->accounts, terminal, command.output.legend);
    }
    return ExitStatus::Ok;
}

ExitStatus run_codes(const CodesCommand& command, const MonitorCall& monitor,
                     const Terminal& terminal, TimePoint now) {
    wire::AdminRequest request;
    request.verb = wire::AdminVerb::NewCodes;
    request.user = command.user;
    const MonitorAnswer answer = monitor(request);
    if (answer.status != ExitStatus::Ok) return terminal.fail(answer.status, answer.error);
    const auto row = single_row(answer);
    if (!row || !row->contains("codes") || !row->at("codes").is_array())
        return not_understood(terminal);
    if (command.output.json) {
        print_json(terminal.out, *row);
        return ExitStatus::Ok;
    }
    std::ostream& out = terminal.out;
    if (command.for_paper) {
        out << "Recovery codes of " << escaped(command.user) << " on "
            << escaped(name_of_this_host()) << ", made " << date_of(now) << "\n\n"
            << "If you forget your password, press Enter at \"Password:\" and choose\n"
            << "\"Enter one of my recovery codes or a temporary pass\". Each code works once.\n"
            << "Keep this sheet as you would keep a key. Earlier sheets are void.\n\n";
    }
    for (const json& code : row->at("codes")) {
        if (!code.is_string()) return not_understood(terminal);
        out << "  " << escaped(code.get_ref<const std::string&>()) << "\n";
    }
    if (!command.for_paper) {
        out << "\nEach works once. They are shown this one time; earlier codes are void.\n"
            << told_line_if_any(*row);
    }
    return ExitStatus::Ok;
}

ExitStatus run_unlock(const UnlockCommand& command, const MonitorCall& monitor,
                      const Terminal& terminal) {
    wire::AdminRequest request;
    request.verb = wire::AdminVerb::Unlock;
    request.user = command.user;
    const MonitorAnswer answer = monitor(request);
    if (answer.status != ExitStatus::Ok) return terminal.fail(answer.status, answer.error);
    const auto row = single_row(answer);
    if (!row || !row->contains("result") || !row->at("result").is_string()) {
        return not_understood(terminal);
    }
    const std::string result = row->at("result").get<std::string>();
    const ExitStatus status = result == "unlocked" ? ExitStatus::Ok : ExitStatus::Negative;
    if (command.output.json) {
        print_json(terminal.out, *row);
        return status;
    }
    const std::string user = escaped(command.user);
    if (result == "unlocked") {
        terminal.out << user << " can sign in again.\n" << told_line_if_any(*row);
        if (row->contains("told") && row->at("told") == false)
            terminal.err << "latchkey: not everybody could be told of it; look into the log, and "
                            "run: latchkey check\n";
    } else if (result == "nothing_was_locked") {
        terminal.out << user << " was not locked by failed attempts.\n";
    } else {
        terminal.out << user << " is still locked: " << escaped(result) << "\n";
    }
    return status;
}

}  // namespace latchkey::cli
