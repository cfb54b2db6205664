// SPDX-License-Identifier: MIT
//
// `latchkey setup`: the host as check wants it, and the switch last. Run again it
// changes nothing; whatever goes wrong, ordinary logins work as before and the
// switch stays where it was.
#pragma once

#include <string>
#include <vector>

#include "cli/exit_status.hpp"
#include "cli/finding.hpp"
#include "cli/host.hpp"
#include "cli/monitor_call.hpp"
#include "cli/setup_answers.hpp"

namespace latchkey::cli {

struct SetupStep {
    std::string
        name;  // "directories", "key", "settings", "service", "profile", "message", "switch"
    std::string state;  // "done", "kept", "would do", "skipped" or "failed"
    std::string what;   // a path, or why
};

struct SetupReport {
    std::vector<SetupStep> steps;
    Findings findings;  // of the last check
    ExitStatus status = ExitStatus::Configuration;
    bool switched_on = false;
};

struct SetupOptions {
    bool dry_run = false;
    bool allow_file_channel = false;
    SetupAnswers answers;
};

// Sends one message of ours through the configured e-mail channel, as a code
// would be sent.
using SendTest = std::function<Result<void>(const Settings&, const std::string& address)>;

[[nodiscard]] SetupReport set_up(const Host& host, const MonitorCall& monitor,
                                 const SendTest& send_test, const SetupOptions& options);

}  // namespace latchkey::cli
