// SPDX-License-Identifier: MIT
#include "cli/host_verbs.hpp"

#include <array>

#include "cli/check.hpp"
#include "cli/json_output.hpp"
#include "cli/table.hpp"
#include "core/printable.hpp"

namespace latchkey::cli {

namespace {

using nlohmann::json;

const char* colour_of(Level level) {
    switch (level) {
        case Level::Ok:
            return "\x1b[32m";
        case Level::Warn:
            return "\x1b[33m";
        case Level::Error:
            return "\x1b[31m";
    }
    return "";
}

// One line for what was found, one below it for the mend: sentences are too long
// for columns, and a mend is meant to be copied.
void print_finding(const Finding& finding, std::size_t topic_width, const Terminal& terminal) {
    std::string level = name_of(finding.level);
    const std::string gap(6 - level.size(), ' ');
    if (terminal.has_colour) level = colour_of(finding.level) + level + "\x1b[0m";
    const std::string topic = escaped(finding.topic);
    terminal.out << level << gap << topic << std::string(topic_width + 1 - topic.size(), ' ')
                 << escaped(finding.text) << "\n";
    if (finding.mend.empty()) return;
    terminal.out << std::string(6 + topic_width + 1, ' ') << "-> " << escaped(finding.mend) << "\n";
}

void print_findings(const Findings& findings, const Terminal& terminal, bool with_headings) {
    std::size_t width = 0;
    for (const Finding& finding : findings) {
        width = std::max(width, escaped(finding.topic).size());
    }
    for (const Finding& finding : findings) print_finding(finding, width, terminal);
    if (!with_headings) return;
    terminal.out << "\n"
                 << count(findings, Level::Error) << " errors, " << count(findings, Level::Warn)
                 << " warnings\n";
}

json counts_of(const Findings& findings) {
    return json{{"errors", count(findings, Level::Error)},
                {"warnings", count(findings, Level::Warn)}};
}

json json_of(const SetupReport& report) {
    json steps = json::array();
    for (const SetupStep& step : report.steps) {
        steps.push_back({{"step", step.name}, {"state", step.state}, {"what", step.what}});
    }
    json object = counts_of(report.findings);
    object["steps"] = std::move(steps);
    object["findings"] = cli::json_of(report.findings);
    object["switched_on"] = report.switched_on;
    return object;
}

void print_report(const SetupReport& report, const SetupCommand& command,
                  const Terminal& terminal) {
    Table steps{{"STEP", "STATE", "WHAT"}};
    for (const SetupStep& step : report.steps) steps.add({step.name, step.state, step.what});
    if (!report.steps.empty()) steps.print(terminal.out, command.output.legend);
    Findings open;
    for (const Finding& finding : report.findings) {
        const bool follows = finding.mended_by_setup && !report.switched_on && command.dry_run;
        if (finding.level != Level::Ok && !follows) open.push_back(finding);
    }
    if (!open.empty()) {
        terminal.out << "\n";
        print_findings(open, terminal, false);
    }
    if (report.switched_on) {
        terminal.out << "\nRecovery is on. Next: latchkey enroll USER email ADDRESS\n"
                     << "To switch it off at once: rm /etc/latchkey/enabled\n";
    }
}

ExitStatus report_failure(const SetupReport& report, const Terminal& terminal) {
    for (const SetupStep& step : report.steps) {
        if (step.state != "failed") continue;
        return terminal.fail(report.status, "setup stopped at " + step.name + ": " + step.what +
                                                "; recovery was not switched on, logins work as "
                                                "before");
    }
    return terminal.fail(report.status,
                         "setup stopped: check found errors; mend what is marked error, then run "
                         "it again; recovery was not switched on, logins work as before");
}

Result<SetupAnswers> gather(const SetupCommand& command, const Settings& current,
                            const Terminal& terminal) {
    const bool asks = !command.assume_yes && !command.dry_run;
    if (!asks) return answers_from_options(command, current);
    auto answers = answers_from_questions(command, current, terminal);
    if (!answers) return answers;
    terminal.out << "Write this and switch recovery on? [y/N]: " << std::flush;
    std::string line;
    if (std::getline(terminal.in, line) && (line == "y" || line == "Y" || line == "yes")) {
        return answers;
    }
    return Error{ErrorKind::Unavailable, "stopped as you wished; nothing was changed"};
}

}  // namespace

ExitStatus run_check(const CheckCommand& command, const Host& host, const MonitorCall& monitor,
                     const Terminal& terminal) {
    const Findings findings = check_host(host, monitor, {command.allow_file_channel, true});
    if (command.output.json) {
        json object = counts_of(findings);
        object["findings"] = json_of(findings);
        print_json(terminal.out, object);
    } else {
        print_findings(findings, terminal, command.output.legend);
    }
    return count(findings, Level::Error) == 0 ? ExitStatus::Ok : ExitStatus::Negative;
}

ExitStatus run_setup(const SetupCommand& command, const Host& host, const MonitorCall& monitor,
                     const SendTest& send_test, const Terminal& terminal) {
    if (!command.assume_yes && !command.dry_run && !terminal.asks) {
        return terminal.fail(ExitStatus::Usage,
                             "setup asks questions, and nobody is there to answer; give --yes, or "
                             "--dry-run to see what it would do");
    }
    const auto current = host.settings();
    if (!current) {
        return terminal.fail(ExitStatus::Configuration, current.error().detail);
    }
    auto answers = gather(command, *current, terminal);
    if (!answers) {
        const bool stopped = answers.error().kind == ErrorKind::Unavailable;
        return terminal.fail(stopped ? ExitStatus::Negative : ExitStatus::Usage,
                             answers.error().detail);
    }
    const SetupReport report =
        set_up(host, monitor, send_test,
               {command.dry_run, command.allow_file_channel, std::move(*answers)});
    if (command.output.json) {
        print_json(terminal.out, json_of(report));
    } else {
        print_report(report, command, terminal);
    }
    return report.status == ExitStatus::Ok ? ExitStatus::Ok : report_failure(report, terminal);
}

}  // namespace latchkey::cli
