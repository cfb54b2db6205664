// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>

#include "core/wire/message.hpp"

namespace latchkey {

// One row of an answer to latchkey(1), which more rows or the end follow. What is no UTF-8
// in it, such as the name of an account, is replaced: a row that cannot be told would come
// too late, after new codes have made the old ones void.
[[nodiscard]] inline wire::AdminReply admin_row(const nlohmann::json& row) {
    using Handler = nlohmann::json::error_handler_t;
    return {false, 0, Secret{row.dump(-1, ' ', true, Handler::replace)}, {}};
}

}  // namespace latchkey
