// SPDX-License-Identifier: MIT
#include "cli/import_verb.hpp"

#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "cli/import_file.hpp"
#include "cli/import_rows.hpp"
#include "cli/json_output.hpp"
#include "cli/progress_bar.hpp"
#include "core/printable.hpp"

namespace latchkey::cli {

namespace {

using nlohmann::json;

constexpr std::size_t kLargestFile = 33'554'432;  // 100,000 rows of 335 bytes
constexpr std::size_t kLargestOfOne = 65'536;     // google-authenticator takes no larger one

struct Outcome {
    std::uint64_t rows = 0;
    std::uint64_t added = 0;
    std::uint64_t confirmed = 0;
    std::uint64_t replaced = 0;
    std::uint64_t notices = 0;
    bool written = false;
    BadRows bad;
    std::vector<std::string> notes;
};

ImportRows rows_of(const ImportCommand& command, std::string_view text) {
    switch (command.format) {
        case ImportFormat::Csv:
            return rows_of_csv(text);
        case ImportFormat::GoogleAuthenticator:
            return rows_of_google_authenticator(text, command.user);
        case ImportFormat::Oath:
            return rows_of_oath(text);
    }
    return {};
}

// Of a monitor of another version anything may be in the rows.
std::uint64_t number_in(const json& row, const char* key) {
    const auto found = row.find(key);
    return found != row.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

// False: the answer has no row that ends it.
bool take_answer(const MonitorAnswer& answer, Outcome& outcome) {
    bool is_whole = false;
    std::uint64_t told = 0;
    for (const Secret& text : answer.rows) {
        const json row = json::parse(text.reveal(), nullptr, false);
        if (!row.is_object()) return false;
        const auto problem = row.find("problem");
        if (problem != row.end() && problem->is_string()) {
            outcome.bad.add(static_cast<std::uint32_t>(number_in(row, "line")),
                            problem->get<std::string>());
            ++told;
        }
        const auto lines = row.find("bad_lines");
        if (lines != row.end() && lines->is_array()) {
            for (const json& line : *lines)
                if (line.is_number_unsigned()) outcome.bad.add_line(line.get<std::uint32_t>());
            told += lines->size();
        }
        const auto written = row.find("written");
        if (written == row.end() || !written->is_boolean()) continue;
        is_whole = true;
        outcome.added = number_in(row, "added");
        outcome.confirmed = number_in(row, "confirmed");
        outcome.replaced = number_in(row, "replaced");
        outcome.notices = number_in(row, "notices");
        outcome.written = written->get<bool>();
        const std::uint64_t bad = number_in(row, "bad");
        if (bad > told) outcome.bad.count_others(bad - told);
    }
    return is_whole;
}

json json_of(const Outcome& outcome, const ImportCommand& command) {
    json errors = json::array();
    for (const auto& [line, problem] : outcome.bad.first())
        errors.push_back({{"line", line}, {"problem", problem}});
    return {{"rows", outcome.rows},           {"added", outcome.added},
            {"confirmed", outcome.confirmed}, {"replaced", outcome.replaced},
            {"notices", outcome.notices},     {"bad", outcome.bad.count()},
            {"errors", std::move(errors)},    {"bad_lines", outcome.bad.others()},
            {"written", outcome.written},     {"dry_run", command.dry_run},
            {"notes", outcome.notes}};
}

std::string counted(std::uint64_t number, const char* one, const char* many) {
    return std::to_string(number) + ' ' + (number == 1 ? one : many);
}

void print(const Outcome& outcome, const ImportCommand& command, const Terminal& terminal) {
    terminal.out << counted(outcome.rows, "row", "rows")
                 << (command.dry_run ? " can be imported: " : " imported: ") << outcome.added
                 << " new, " << outcome.confirmed << " confirmed again, " << outcome.replaced
                 << " in place of another app or token.\n";
    if (outcome.notices > 0)
        terminal.out << "Those who had addresses before "
                     << (command.dry_run ? "would be told: " : "are told: ")
                     << counted(outcome.notices, "notice", "notices") << ", one after the other.\n";
    if (command.dry_run) terminal.out << "Nothing was written.\n";
    for (const std::string& note : outcome.notes)
        terminal.out << "Note: " << escaped(note) << ".\n";
}

// "101-130, 140", sixteen of them in a text.
std::vector<std::string> ranges_of(const std::vector<std::uint32_t>& lines) {
    constexpr std::size_t kRangesOfText = 16;
    std::vector<std::string> texts;
    std::size_t ranges = 0;
    for (std::size_t first = 0; first < lines.size();) {
        std::size_t last = first;
        while (last + 1 < lines.size() && lines[last + 1] <= lines[last] + 1) ++last;
        std::string range = std::to_string(lines[first]);
        if (lines[last] != lines[first]) range += '-' + std::to_string(lines[last]);
        if (ranges++ % kRangesOfText == 0)
            texts.push_back(std::move(range));
        else
            texts.back() += ", " + range;
        first = last + 1;
    }
    return texts;
}

ExitStatus tell_of_bad_rows(const Outcome& outcome, const ImportCommand& command,
                            const Terminal& terminal) {
    const std::string file = command.file == kFromInput ? "standard input" : command.file;
    for (const auto& [line, problem] : outcome.bad.first()) {
        std::string sentence = file;
        sentence += ", line " + std::to_string(line) + ": ";
        sentence += problem;
        terminal.fail(ExitStatus::Negative, sentence);
    }
    const std::uint64_t told = outcome.bad.first().size();
    if (outcome.bad.count() > told)
        terminal.fail(ExitStatus::Negative,
                      "and " + counted(outcome.bad.count() - told, "bad row", "bad rows") +
                          " more; mend those above first");
    for (const std::string& lines : ranges_of(outcome.bad.others())) {
        std::string sentence = file;
        sentence += ", bad as well: line ";
        sentence += lines;
        terminal.fail(ExitStatus::Negative, sentence);
    }
    return terminal.fail(ExitStatus::Negative,
                         "nothing was imported: " + std::to_string(outcome.bad.count()) + " of " +
                             counted(outcome.rows, "row is bad", "rows are bad") +
                             "; mend them, and import the file again");
}

}  // namespace

ExitStatus run_import(const ImportCommand& command, const ImportCall& import_rows,
                      const Terminal& terminal) {
    const bool is_of_one = command.format == ImportFormat::GoogleAuthenticator;
    const auto text =
        read_import_file(command.file, terminal.in, is_of_one ? kLargestOfOne : kLargestFile);
    if (!text) return terminal.fail(ExitStatus::Usage, text.error().detail);
    ImportRows read = rows_of(command, text->reveal());
    Outcome outcome;
    outcome.rows = read.rows.size() + read.bad.count();
    outcome.bad = std::move(read.bad);
    outcome.notes = std::move(read.notes);
    if (outcome.rows == 0)
        return terminal.fail(ExitStatus::Negative,
                             "the file has no row; see latchkey(1) for how one is written");
    if (!read.rows.empty()) {
        ProgressBar bar{terminal, read.rows.size(), !command.output.json};
        const bool write = !command.dry_run && outcome.bad.count() == 0;
        const MonitorAnswer answer = import_rows(
            {std::move(read.rows), write, [&bar](std::uint64_t done) { bar.show(done); }});
        if (answer.status != ExitStatus::Ok) return terminal.fail(answer.status, answer.error);
        if (!take_answer(answer, outcome)) return not_understood(terminal);
    }
    if (command.output.json) {
        print_json(terminal.out, json_of(outcome, command));
        return outcome.bad.count() == 0 ? ExitStatus::Ok : ExitStatus::Negative;
    }
    if (outcome.bad.count() > 0) return tell_of_bad_rows(outcome, command, terminal);
    print(outcome, command, terminal);
    return ExitStatus::Ok;
}

}  // namespace latchkey::cli
