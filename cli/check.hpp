// SPDX-License-Identifier: MIT
//
// `latchkey check`: everything that decides whether a recovery would work here,
// found without changing anything.
#pragma once

#include "cli/finding.hpp"
#include "cli/host.hpp"
#include "cli/monitor_call.hpp"

namespace latchkey::cli {

struct CheckOptions {
    bool allow_file_channel = false;
    bool ask_monitor = true;  // also what only the monitor knows: store, outbox, people
};

// In the order in which a login meets them.
[[nodiscard]] Findings check_host(const Host& host, const MonitorCall& monitor,
                                  const CheckOptions& options);

[[nodiscard]] std::size_t count(const Findings& findings, Level level);

}  // namespace latchkey::cli
