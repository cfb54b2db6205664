// SPDX-License-Identifier: MIT
//
// `latchkey-monitor --user`: one request of an ordinary user about their own account, over the
// socket that everybody may connect to. Who it is about is who connected; that it is them is
// what their password shows, asked for before every change.
#pragma once

#include <sys/types.h>

#include "adapters/system/seqpacket.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/event_log.hpp"

namespace latchkey {

// `uid` is the kernel's word for who connected (SO_PEERCRED).
void serve_user(Seqpacket command, uid_t uid, const Clock& clock, EventLog& log);

}  // namespace latchkey
