// SPDX-License-Identifier: MIT
#include "cli/explain_verb.hpp"

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "cli/json_output.hpp"
#include "cli/table.hpp"
#include "core/printable.hpp"

namespace latchkey::cli {

namespace {

using nlohmann::json;

std::string enrolling(const std::string& user, const std::string& method) {
    if (method == "saved") return "latchkey codes " + user + " --new";
    return "latchkey enroll " + user + ' ' + method + (is_authenticator(method) ? "" : " ADDRESS");
}

std::string duration_of(std::uint64_t minutes) {
    constexpr std::uint64_t kDay = 1440;
    if (minutes == 0) return "a moment";
    if (minutes % kDay == 0) return std::to_string(minutes / kDay) + " d";
    if (minutes % 60 == 0) return std::to_string(minutes / 60) + " h";
    return std::to_string(minutes) + " min";
}

std::string why(const json& way, const std::string& user) {
    const std::string rule = way.at("rule");
    const std::string method = way.at("method");
    if (rule == "not_enrolled") return "nothing is enrolled: " + enrolling(user, method);
    if (rule == "hold")
        return "waits until " + (way.at("until").is_null() ? std::string{"it is confirmed"}
                                                           : way.at("until").get<std::string>());
    if (rule == "expired")
        return "not confirmed for too long (security_info.expire_days): " + enrolling(user, method);
    if (rule == "unreadable") return "does not open with this host's key: latchkey check";
    if (rule == "program_channels")
        return "its channels run programs, and the account can become root";
    if (rule == "budget") return "its channels' budget is used up: latchkey channels";
    if (!rule.empty())
        return "tried too often within " + duration_of(way.at("minutes").get<std::uint64_t>()) +
               " (" + rule + "): wait";
    if (way.at("not_working").get<bool>())
        return "the menu says that it does not work: latchkey channels";
    return {};
}

std::string proofs_at(const json& row, const char* surface, const std::string& words) {
    const json& at = row.at(surface);
    const auto proofs = at.at("proofs").get<std::uint64_t>();
    std::string text = words + std::to_string(proofs) + (proofs == 1 ? " proof" : " proofs") +
                       " of " + std::to_string(at.at("needed").get<std::uint64_t>());
    if (at.at("enough").get<bool>()) return text + ".\n";
    const bool lacks_code =
        row.at("privileged").get<bool>() && proofs >= at.at("needed").get<std::uint64_t>();
    return text + (lacks_code ? ", and a saved code has to be among them.\n" : ": not enough.\n");
}

void print(const json& row, const Terminal& terminal, bool with_headings) {
    const std::string user = row.at("user");
    if (!row.at("eligible").get<bool>())
        terminal.out << escaped(user)
                     << " cannot recover here: " << escaped(row.at("why_not").get<std::string>())
                     << ".\n";
    if (row.at("privileged").get<bool>())
        terminal.out << escaped(user) << " can become root, so more is asked (gates.privileged).\n";
    terminal.out << proofs_at(row, "console", "At a console: ")
                 << proofs_at(row, "remote", "Over the network: ") << "\n";
    Table table{{"METHOD", "DESTINATION", "WHERE", "WORKS", "WHY"}};
    for (const json& way : row.at("ways"))
        table.add({way.at("method"), way.at("destination"), way.at("surface"),
                   way.at("works").get<bool>() ? "yes" : "no", why(way, user)});
    table.print(terminal.out, with_headings);
}

}  // namespace

ExitStatus run_explain(const ExplainCommand& command, const MonitorCall& monitor,
                       const Terminal& terminal) {
    wire::AdminRequest request;
    request.verb = wire::AdminVerb::Explain;
    request.user = command.user;
    const MonitorAnswer answer = monitor(request);
    if (answer.status != ExitStatus::Ok) return terminal.fail(answer.status, answer.error);
    if (answer.rows.size() != 1) return not_understood(terminal);
    try {
        const json row = json::parse(answer.rows.front().reveal());
        if (command.output.json)
            print_json(terminal.out, row);
        else
            print(row, terminal, command.output.legend);
        const bool can =
            row.at("eligible").get<bool>() && row.at("console").at("enough").get<bool>();
        return can ? ExitStatus::Ok : ExitStatus::Negative;
    } catch (const json::exception&) {
        return not_understood(terminal);
    }
}

}  // namespace latchkey::cli
