// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "core/result.hpp"
#include "core/wire/message.hpp"
#include "verifier/verifier_ports.hpp"

namespace latchkey {

// What the store keeps of the account, in full but for keys and codes: the rows of
// monitor/own_data.hpp that are this side's. Errors are the store's.
[[nodiscard]] Result<std::vector<nlohmann::json>> own_data(const wire::AdminHello& hello,
                                                           const VerifierPorts& ports);

}  // namespace latchkey
