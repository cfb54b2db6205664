// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/exit_statuses.hpp"

namespace latchkey::cli {

// latchkey(1), EXIT STATUS.
enum class ExitStatus : int {
    Ok = 0,
    Negative = exit_statuses::kNegative,
    Usage = exit_statuses::kUsage,
    NotPermitted = exit_statuses::kNotPermitted,
    NotFound = exit_statuses::kNotFound,
    Configuration = exit_statuses::kConfiguration,
    ChannelFailed = exit_statuses::kChannelFailed,
    MonitorUnreachable = exit_statuses::kUnreachable,
    TryLater = exit_statuses::kTryLater,
};

}  // namespace latchkey::cli
