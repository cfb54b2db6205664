// SPDX-License-Identifier: MIT
#include "cli/audit_verbs.hpp"

#include "cli/json_output.hpp"
#include "cli/since.hpp"
#include "cli/table.hpp"
#include "core/printable.hpp"

namespace latchkey::cli {

namespace {

using nlohmann::json;

// Throws json::exception if a field is missing or of another type.
void print_records(const json& records, const Terminal& terminal, bool with_headings) {
    Table table{
        {"NUMBER", "TIME", "EVENT", "WHO", "SERVICE", "SOURCE", "GATES", "OUTCOME", "RULE"}};
    for (const json& record : records) {
        const auto text = [&record](const char* key) { return record.at(key).get<std::string>(); };
        table.add({std::to_string(record.at("number").get<std::uint64_t>()), text("at"),
                   text("event"), text("who"), text("service"), text("source"), text("gates"),
                   text("outcome"), text("rule")});
    }
    table.print(terminal.out, with_headings);
}

// What follows the first row: {"fault"} or {"note"}. Throws json::exception.
void add_sentence(json& check, const Secret& row) {
    const json sentence = json::parse(row.reveal());
    const bool is_fault = sentence.contains("fault");
    check.at(is_fault ? "faults" : "notes")
        .push_back(sentence.at(is_fault ? "fault" : "note").get<std::string>());
}

// Throws json::exception, too.
void print_check(const json& check, const Terminal& terminal) {
    const json& faults = check.at("faults");
    terminal.out << check.at("records").get<std::uint64_t>() << " records and "
                 << check.at("store_rows").get<std::uint64_t>() << " rows of the store, "
                 << (faults.empty() ? "intact.\n" : "and they are not what was written:\n");
    for (const json& fault : faults)
        terminal.out << "  " << escaped(fault.get<std::string>()) << "\n";
    for (const json& note : check.at("notes"))
        terminal.out << "  note: " << escaped(note.get<std::string>()) << "\n";
    const auto head = check.at("head").get<std::string>();
    if (!head.empty()) terminal.out << "Head: " << escaped(head) << "\n";
}

}  // namespace

ExitStatus run_audit(const AuditCommand& command, const MonitorCall& monitor,
                     const Terminal& terminal, TimePoint now) {
    wire::AdminRequest request;
    request.verb = wire::AdminVerb::Audit;
    request.user = command.user;
    if (const auto since = since_in(command.since, now))
        request.since = since->time_since_epoch().count();
    const MonitorAnswer answer = monitor(request);
    if (answer.status != ExitStatus::Ok) return terminal.fail(answer.status, answer.error);
    json records = json::array();
    try {
        for (const Secret& row : answer.rows) records.push_back(json::parse(row.reveal()));
        if (command.output.json) {
            print_json(terminal.out, json{{"records", records}});
        } else {
            print_records(records, terminal, command.output.legend);
        }
    } catch (const json::exception&) {
        return not_understood(terminal);
    }
    return ExitStatus::Ok;
}

ExitStatus run_audit_verify(const AuditVerifyCommand& command, const MonitorCall& monitor,
                            const Terminal& terminal) {
    wire::AdminRequest request;
    request.verb = wire::AdminVerb::AuditVerify;
    request.head = command.head;
    const MonitorAnswer answer = monitor(request);
    if (answer.status != ExitStatus::Ok) return terminal.fail(answer.status, answer.error);
    if (answer.rows.empty()) return not_understood(terminal);
    try {
        json check = json::parse(answer.rows.front().reveal());
        for (std::size_t i = 1; i < answer.rows.size(); ++i) add_sentence(check, answer.rows[i]);
        const bool intact = check.at("faults").empty();
        check["intact"] = intact;
        if (command.output.json) {
            print_json(terminal.out, check);
        } else {
            print_check(check, terminal);
        }
        return intact ? ExitStatus::Ok : ExitStatus::Negative;
    } catch (const json::exception&) {
        return not_understood(terminal);
    }
}

}  // namespace latchkey::cli
