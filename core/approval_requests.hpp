// SPDX-License-Identifier: MIT
//
// One request to a device: three numbers, of which the screen shows one, over the channels of
// its method. Who asks has counted it before, and judges the answer.
#pragma once

#include <cstdint>

#include "core/recovery_context.hpp"

namespace latchkey {

// Not yet asked; `attempt` is what it was counted by.
[[nodiscard]] OpenApproval new_approval(const RecoveryContext& recovery, std::int64_t contact_id,
                                        AttemptId attempt);

enum class Begun : std::uint8_t { Yes, NobodyAsked, MayBeAsked };

// Over the method's channels in turn, as long as nobody can have been asked.
[[nodiscard]] Begun begin_approval(const RecoveryContext& recovery, const StoredAddress& device,
                                   const ApprovalText& text, OpenApproval& request);

// What was answered so far. A failure is logged.
[[nodiscard]] Result<ApprovalAnswer> look_at_approval(const RecoveryContext& recovery,
                                                      const StoredAddress& device,
                                                      const ApprovalText& text,
                                                      const OpenApproval& request);

// Until the request is void; 0 if it is.
[[nodiscard]] std::uint32_t seconds_left(const RecoveryContext& recovery,
                                         const OpenApproval& request);

}  // namespace latchkey
