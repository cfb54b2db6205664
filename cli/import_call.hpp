// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "cli/monitor_call.hpp"

namespace latchkey::cli {

struct ImportWish {
    std::vector<wire::ImportRow> rows;
    bool write = false;  // false: everything is checked and nothing kept
    // How many rows the monitor has taken.
    std::function<void(std::uint64_t)> progress;
};

// The answer's rows are those of monitor/serve_import.hpp.
using ImportCall = std::function<MonitorAnswer(ImportWish)>;

// Starts `program --admin`, sends the rows as fast as they are taken, and waits for the answer.
[[nodiscard]] ImportCall import_by_monitor_at(const std::string& program);

}  // namespace latchkey::cli
