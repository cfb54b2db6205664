// SPDX-License-Identifier: MIT
#include "cli/care_verbs.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

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
std::string number_in(const json& row, const char* key) {
    return std::to_string(row.at(key).get<std::uint32_t>());
}

std::string those_told(const json& row) {
    return told_line(row.at("notices").get<std::uint32_t>());
}

// The answer's rows; nothing if one is none.
std::optional<std::vector<json>> rows_of(const MonitorAnswer& answer) {
    std::vector<json> rows;
    for (const Secret& text : answer.rows) {
        json row = json::parse(text.reveal(), nullptr, false);
        if (!row.is_object()) return std::nullopt;
        rows.push_back(std::move(row));
    }
    return rows;
}

// Throws json::exception if a field is missing or of another type.
void print_removed(const json& row, const Terminal& terminal) {
    const bool is_dry = row.at("dry_run").get<bool>();
    std::string what = text_in(row, "method");
    for (const json& each : row.at("destinations")) what += ", " + escaped(each.get<std::string>());
    terminal.out << text_in(row, "user")
                 << (is_dry ? " would recover no more by " : " recovers no more by ") << what
                 << ".\n"
                 << (is_dry ? "" : those_told(row));
}

// The same.
void print_purged(const std::vector<json>& rows, const Terminal& terminal, bool with_headings) {
    Table table{
        {"USER", "UID", "ACCOUNT", "ADDRESSES", "KEYS", "RECOVERIES", "VETOES", "CODES", "FILES"}};
    for (const json& row : rows)
        table.add({text_in(row, "user"), text_in(row, "uid"),
                   row.at("is_there").get<bool>() ? "is there" : "is gone",
                   number_in(row, "contacts"), number_in(row, "authenticators"),
                   number_in(row, "recoveries"), number_in(row, "vetoes"), number_in(row, "codes"),
                   number_in(row, "files")});
    table.print(terminal.out, with_headings);
}

constexpr const char* kStays =
    "What limits count stays for up to 60 days, queued notices until they are sent, and the audit "
    "log.\n";

class PurgeRun {
public:
    PurgeRun(const PurgeCommand& command, const MonitorCall& monitor, const Terminal& terminal)
        : command_(command), monitor_(monitor), terminal_(terminal) {}

    ExitStatus run() {
        if (!command_.dry_run && !command_.assume_yes) {
            if (!terminal_.asks)
                return terminal_.fail(ExitStatus::Usage,
                                      "nobody is there who could be asked; look with --dry-run, "
                                      "then say --yes");
            if (const auto refused = ask_person()) return *refused;
        }
        return show(command_.dry_run);
    }

private:
    MonitorAnswer answer(bool dry_run) const {
        wire::AdminRequest request;
        request.verb = wire::AdminVerb::Purge;
        request.user = command_.user;
        request.dry_run = dry_run;
        return monitor_(request);
    }

    // Nothing: go on.
    std::optional<ExitStatus> ask_person() {
        const MonitorAnswer found = answer(true);
        if (found.status != ExitStatus::Ok) return terminal_.fail(found.status, found.error);
        const auto rows = rows_of(found);
        if (!rows) return not_understood(terminal_);
        print_purged(*rows, terminal_, command_.output.legend);
        terminal_.out << "Take all of it away, for ever? [y/N] " << std::flush;
        std::string typed;
        std::getline(terminal_.in, typed);
        if (typed == "y" || typed == "Y" || typed == "yes") return std::nullopt;
        return terminal_.fail(ExitStatus::Negative, "nothing was purged");
    }

    ExitStatus show(bool dry_run) const {
        const MonitorAnswer done = answer(dry_run);
        if (done.status != ExitStatus::Ok) return terminal_.fail(done.status, done.error);
        const auto rows = rows_of(done);
        if (!rows || rows->empty()) return not_understood(terminal_);
        if (command_.output.json) {
            print_json(terminal_.out, json{{"dry_run", dry_run}, {"purged", *rows}});
            return ExitStatus::Ok;
        }
        print_purged(*rows, terminal_, command_.output.legend);
        if (command_.output.legend)
            terminal_.out << (dry_run ? "Nothing was purged. " : "All of it is gone. ") << kStays;
        return ExitStatus::Ok;
    }

    const PurgeCommand& command_;
    const MonitorCall& monitor_;
    const Terminal& terminal_;
};

}  // namespace

ExitStatus run_remove(const RemoveCommand& command, const MonitorCall& monitor,
                      const Terminal& terminal) {
    wire::AdminRequest request;
    request.verb = wire::AdminVerb::Remove;
    request.user = command.user;
    request.method = command.method;
    request.address = command.address;
    request.dry_run = command.dry_run;
    if (command.address == kFromInput) {
        if (terminal.asks) terminal.err << "Address or number: " << std::flush;
        std::getline(terminal.in, request.address);
        if (request.address.empty())
            return terminal.fail(ExitStatus::Usage,
                                 "no address on standard input; give one in one line");
    }
    const MonitorAnswer answer = monitor(request);
    if (answer.status != ExitStatus::Ok) return terminal.fail(answer.status, answer.error);
    const auto rows = rows_of(answer);
    if (!rows || rows->size() != 1) return not_understood(terminal);
    try {
        if (command.output.json)
            print_json(terminal.out, rows->front());
        else
            print_removed(rows->front(), terminal);
    } catch (const json::exception&) {
        return not_understood(terminal);
    }
    return ExitStatus::Ok;
}

ExitStatus run_purge(const PurgeCommand& command, const MonitorCall& monitor,
                     const Terminal& terminal) {
    try {
        return PurgeRun{command, monitor, terminal}.run();
    } catch (const json::exception&) {
        return not_understood(terminal);
    }
}

ExitStatus run_reset(const ResetCommand& command, const MonitorCall& monitor,
                     const Terminal& terminal) {
    wire::AdminRequest request;
    request.verb = wire::AdminVerb::Reset;
    request.user = command.user;
    request.method = command.method;
    const MonitorAnswer answer = monitor(request);
    if (answer.status != ExitStatus::Ok) return terminal.fail(answer.status, answer.error);
    const auto rows = rows_of(answer);
    if (!rows || rows->size() != 1) return not_understood(terminal);
    const json& row = rows->front();
    try {
        if (command.output.json) {
            print_json(terminal.out, row);
            return ExitStatus::Ok;
        }
        const auto messages = row.at("messages").get<std::uint32_t>();
        const std::string user = text_in(row, "user");
        terminal.out << user << " is asked to set a new password, at " << messages
                     << (messages == 1 ? " address" : " addresses")
                     << ". The old one stays good until then.\n";
        if (row.at("short_of_ways").get<bool>())
            terminal.out << "Over the network " << user
                         << " is one proof short; a pass is one: latchkey pass issue " << user
                         << "\n";
    } catch (const json::exception&) {
        return not_understood(terminal);
    }
    return ExitStatus::Ok;
}

}  // namespace latchkey::cli
