// SPDX-License-Identifier: MIT
#include "cli/own_data.hpp"

#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "cli/json_output.hpp"

namespace latchkey::cli {

namespace {

using nlohmann::json;

constexpr int kIndentation = 2;
constexpr const char* kNotUnderstood =
    "the monitor's answer cannot be understood; ask the administrator to install latchkey and "
    "libpam-latchkey of one version";

// Where the rows of that part belong; empty: they are no list.
std::string list_of(const std::string& part) {
    if (part == "way") return "ways";
    if (part == "change") return "changes";
    return part == "record" ? "records" : std::string{};
}

// False: a row is no such object.
bool add_rows(const MonitorAnswer& answer, json& data) {
    for (const Secret& text : answer.rows) {
        json row = json::parse(text.reveal(), nullptr, false);
        if (!row.is_object()) return false;
        const json named = row.value("part", json{});
        if (!named.is_string()) return false;
        const std::string part = named.get<std::string>();
        row.erase("part");
        const std::string list = list_of(part);
        if (!list.empty())
            data[list].push_back(std::move(row));
        else if (part == "account")
            data["account"] = std::move(row);
        else
            return false;
    }
    return data.contains("account");
}

}  // namespace

ExitStatus run_export(const UserExportCommand& command, const UserSurroundings& on) {
    const Dialogue dialogue{on.ask, [](const Secret&) {}};
    wire::UserRequest request;
    request.verb = wire::UserVerb::Export;
    const MonitorAnswer kept = on.talk(request, dialogue);
    if (kept.status != ExitStatus::Ok) return on.terminal.fail(kept.status, kept.error);
    request.verb = wire::UserVerb::Activity;
    const MonitorAnswer activity = on.talk(request, dialogue);
    if (activity.status != ExitStatus::Ok) return on.terminal.fail(activity.status, activity.error);
    json data{{"ways", json::array()},
              {"changes", json::array()},
              {"records", json::array()},
              {"activity", json::array()}};
    if (!add_rows(kept, data))
        return on.terminal.fail(ExitStatus::MonitorUnreachable, kNotUnderstood);
    for (const Secret& text : activity.rows)
        data["activity"].push_back(json::parse(text.reveal(), nullptr, false));
    if (command.output.json)
        print_json(on.terminal.out, data);
    else
        on.terminal.out << data.dump(kIndentation, ' ', true, json::error_handler_t::replace)
                        << "\n";
    return ExitStatus::Ok;
}

}  // namespace latchkey::cli
