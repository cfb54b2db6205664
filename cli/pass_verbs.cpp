// SPDX-License-Identifier: MIT
#include "cli/pass_verbs.hpp"

#include <string>

#include "cli/json_output.hpp"
#include "cli/notices.hpp"
#include "cli/table.hpp"
#include "core/printable.hpp"

namespace latchkey::cli {

namespace {

using nlohmann::json;

std::string text_in(const json& row, const char* key) {
    return escaped(row.at(key).get<std::string>());
}

// Throws json::exception if a field is missing or of another type.
void print_issued(const json& row, const Terminal& terminal) {
    const std::string user = text_in(row, "user");
    const bool is_for_once = row.at("uses") == "once";
    terminal.out << "  " << text_in(row, "pass") << "\n\n"
                 << "It is shown this one time. Until " << text_in(row, "ends_at") << " " << user
                 << " can type it " << (is_for_once ? "once" : "as often as wanted")
                 << ",\nwhere a recovery code is asked for at the login prompt.\n"
                 << told_line(row.at("notices").get<std::uint32_t>());
    if (row.at("privileged").get<bool>())
        terminal.out << user << " can become root, so a saved recovery code is needed beside it.\n";
    terminal.out << "To end it before: latchkey pass revoke " << user << " "
                 << row.at("id").get<std::uint32_t>() << "\n";
}

// The same.
void print_passes(const json& passes, const Terminal& terminal, bool with_headings) {
    Table table{{"USER", "ID", "ISSUED", "ENDS", "USES", "REASON"}};
    for (const json& pass : passes)
        table.add({text_in(pass, "user"), std::to_string(pass.at("id").get<std::uint32_t>()),
                   text_in(pass, "issued_at"), text_in(pass, "ends_at"), text_in(pass, "uses"),
                   text_in(pass, "reason")});
    table.print(terminal.out, with_headings);
}

}  // namespace

ExitStatus run_pass_issue(const PassIssueCommand& command, const MonitorCall& monitor,
                          const Terminal& terminal) {
    wire::AdminRequest request;
    request.verb = wire::AdminVerb::PassIssue;
    request.user = command.user;
    request.reason = command.reason;
    request.lifetime = static_cast<std::uint32_t>(command.life.count());
    request.many = command.many;
    const MonitorAnswer answer = monitor(request);
    if (answer.status != ExitStatus::Ok) return terminal.fail(answer.status, answer.error);
    if (answer.rows.size() != 1) return not_understood(terminal);
    try {
        const json row = json::parse(answer.rows.front().reveal());
        if (command.output.json)
            print_json(terminal.out, row);
        else
            print_issued(row, terminal);
    } catch (const json::exception&) {
        return not_understood(terminal);
    }
    return ExitStatus::Ok;
}

ExitStatus run_pass_list(const PassListCommand& command, const MonitorCall& monitor,
                         const Terminal& terminal) {
    wire::AdminRequest request;
    request.verb = wire::AdminVerb::PassList;
    request.user = command.user;
    const MonitorAnswer answer = monitor(request);
    if (answer.status != ExitStatus::Ok) return terminal.fail(answer.status, answer.error);
    json passes = json::array();
    try {
        for (const Secret& row : answer.rows) passes.push_back(json::parse(row.reveal()));
        if (command.output.json)
            print_json(terminal.out, json{{"passes", passes}});
        else
            print_passes(passes, terminal, command.output.legend);
    } catch (const json::exception&) {
        return not_understood(terminal);
    }
    return ExitStatus::Ok;
}

ExitStatus run_pass_revoke(const PassRevokeCommand& command, const MonitorCall& monitor,
                           const Terminal& terminal) {
    wire::AdminRequest request;
    request.verb = wire::AdminVerb::PassRevoke;
    request.user = command.user;
    request.pass = command.id;
    const MonitorAnswer answer = monitor(request);
    if (answer.status != ExitStatus::Ok) return terminal.fail(answer.status, answer.error);
    if (answer.rows.size() != 1) return not_understood(terminal);
    try {
        const json row = json::parse(answer.rows.front().reveal());
        const auto revoked = row.at("revoked").get<std::uint32_t>();
        if (command.output.json)
            print_json(terminal.out, row);
        else
            terminal.out << (revoked == 0 ? "No" : std::to_string(revoked)) << " pass"
                         << (revoked < 2 ? "" : "es") << " of " << text_in(row, "user")
                         << (revoked == 0 ? " was alive.\n" : " ended.\n");
    } catch (const json::exception&) {
        return not_understood(terminal);
    }
    return ExitStatus::Ok;
}

}  // namespace latchkey::cli
