// SPDX-License-Identifier: MIT
#pragma once

namespace latchkey::cli {

// latchkey(1), EXIT STATUS. Numbers are part of the command's interface.
enum class ExitStatus : int {
    Ok = 0,
    Negative = 1,  // done, and the answer is no: check found errors
    Usage = 2,
    NotPermitted = 3,
    NotFound = 4,
    Configuration = 5,
    ChannelFailed = 6,
    MonitorUnreachable = 7,
    TryLater = 75,
};

}  // namespace latchkey::cli
