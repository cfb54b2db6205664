// SPDX-License-Identifier: MIT
//
// Approvals: a person who has proven something already answers, on another device, with
// the number that this screen shows. The plugin hands over what was answered and is not
// told what is right. One request at a time, one answer to each.
#pragma once

#include <cstdint>

#include "core/recovery_context.hpp"
#include "core/recovery_flow.hpp"

namespace latchkey {

// Asks the device of `method`, or shows again what is asked already: Queued with the number,
// or Judged (Limited, NotWorking). Errors are the store's.
[[nodiscard]] Result<flow::Event> ask_device(RecoveryContext& recovery, const Method& method);

// Looks once whether there is an answer. Who denies ends the recovery, for good.
[[nodiscard]] Result<flow::Judgement> judge_approval(RecoveryContext& recovery,
                                                     const Method& method);

// Looks once more at a request that was left unread, and ends the recovery as above if whoever
// holds the device has said no. False: nobody has, or it cannot be seen.
[[nodiscard]] Result<bool> look_for_denial(RecoveryContext& recovery);

// Until the open request is void; 0 without one.
[[nodiscard]] std::uint32_t seconds_left(const RecoveryContext& recovery);

}  // namespace latchkey
