// SPDX-License-Identifier: MIT
#pragma once

#include "adapters/system/seqpacket.hpp"
#include "core/wire/message.hpp"

namespace latchkey {

// For a list, which is longer than what the socket holds at once: waits 10 s for whoever reads.
// False: nobody does.
[[nodiscard]] bool send_patiently(Seqpacket& command, const wire::AdminReply& reply);

}  // namespace latchkey
