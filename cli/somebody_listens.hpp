// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace latchkey::cli {

// Whether a connection to a socket of packets is taken, by somebody who is busy as well. The
// service that it may start ends at once: nothing is said.
[[nodiscard]] bool somebody_listens(const std::string& path);

}  // namespace latchkey::cli
