// SPDX-License-Identifier: MIT
#include "monitor/serve_explain.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "core/printable.hpp"
#include "core/wire/exit_statuses.hpp"
#include "monitor/account_report.hpp"
#include "monitor/admin_link.hpp"
#include "monitor/admin_row.hpp"
#include "monitor/program_channels.hpp"
#include "monitor/verifier_row.hpp"

namespace latchkey {

namespace {

using nlohmann::json;

using namespace exit_statuses;
constexpr std::array<const char*, 2> kSurfaces{"console", "remote"};

bool is_explained_way(const json& way) {
    if (!way.is_object()) return false;
    for (const char* text : {"method", "destination", "possession", "surface", "rule"})
        if (!way.contains(text) || !way[text].is_string()) return false;
    for (const char* flag : {"works", "not_working"})
        if (!way.contains(flag) || !way[flag].is_boolean()) return false;
    return way.contains("minutes") && way["minutes"].is_number_unsigned() &&
           way.contains("until") && (way["until"].is_null() || way["until"].is_string());
}

json own_way(const char* method, const char* surface, const json& rule_and_until) {
    const std::string rule = rule_and_until.at("rule");
    return {{"method", method},      {"destination", ""},
            {"possession", method},  {"surface", surface},
            {"works", rule.empty()}, {"rule", rule},
            {"minutes", 0U},         {"until", rule_and_until.at("until")},
            {"not_working", false}};
}

json saved_codes_of(const json& report) {
    if (count_in(report, "saved_codes_left") > 0) return {{"rule", ""}, {"until", nullptr}};
    const std::string from = text_in(report, "saved_codes_from");
    if (!from.empty()) return {{"rule", "hold"}, {"until", from}};
    return {{"rule", "not_enrolled"}, {"until", nullptr}};
}

json ways_of(const Settings& settings, const json& report, const json& answer) {
    const bool privileged = report.value("privileged", true);
    json ways = json::array();
    for (json way : list_in(answer, "ways")) {
        if (!is_explained_way(way)) continue;
        if (privileged && way["rule"] != "not_enrolled" &&
            runs_programs_only(settings, text_in(way, "method"))) {
            way["works"] = false;
            way["rule"] = "program_channels";
            way["until"] = nullptr;
        }
        ways.push_back(std::move(way));
    }
    const json passes = report.value("passes", json::object());
    for (const char* surface : kSurfaces) {
        ways.push_back(own_way("saved", surface, saved_codes_of(report)));
        if (count_in(passes, "alive") > 0)
            ways.push_back(own_way("pass", surface, {{"rule", ""}, {"until", nullptr}}));
    }
    return ways;
}

// As the gates count: one for each thing that is held, and of who can become root a saved code is
// always one of them.
json proofs_at(const std::string& surface, const json& ways, std::uint32_t needed,
               bool privileged) {
    std::set<std::string> held;
    for (const json& way : ways)
        if (way.at("surface") == surface && way.at("works").get<bool>())
            held.insert(way.at("possession"));
    const bool has_what_it_takes = !privileged || held.contains("saved");
    return {{"proofs", held.size()},
            {"needed", needed},
            {"enough", held.size() >= needed && has_what_it_takes}};
}

}  // namespace

json explanation(const Settings& settings, const json& report, const json& answer) {
    const bool privileged = report.value("privileged", true);
    const auto needed = [&](std::uint32_t gates) {
        return privileged ? std::max(gates, settings.gates.privileged) : gates;
    };
    json row;
    for (const char* same : {"user", "eligible", "why_not", "privileged", "locked"})
        row[same] = report.at(same);
    row["ways"] = ways_of(settings, report, answer);
    row["console"] = proofs_at("console", row["ways"], needed(settings.gates.console), privileged);
    row["remote"] = proofs_at("remote", row["ways"], needed(settings.gates.remote), privileged);
    return row;
}

void serve_explain(Seqpacket& command, const wire::AdminRequest& request, const AdminDesk& desk) {
    const auto account = find_local_account(request.user);
    if (!account)
        return refuse_request(command, kNotFound,
                              "no local account is called " + escaped(request.user.substr(0, 64)) +
                                  "; accounts of a directory are not served yet");
    auto link = AdminLink::start();
    if (!link)
        return refuse_request(command, kUnreachable,
                              "cannot start the verifier: " + link.error().detail);
    const json report =
        account_report(*account, desk.settings, desk.master_key, desk.clock, {*link});
    const auto rows = link->ask(desk_hello(desk, *account, wire::AdminVerb::Explain), 1);
    if (!rows || rows->size() != 1)
        return refuse_request(command, kNegative,
                              rows ? "the verifier's answer is none" : rows.error().detail);
    send_reply(command, admin_row(explanation(desk.settings, report, rows->front())));
    send_reply(command, {true, 0, {}, {}});
}

}  // namespace latchkey
