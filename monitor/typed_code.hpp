// SPDX-License-Identifier: MIT
#pragma once

#include "core/ports/clock.hpp"
#include "core/ports/event_log.hpp"
#include "core/wire/message.hpp"
#include "monitor/login_session.hpp"

namespace latchkey {

// Compares what was typed with the saved recovery codes of the session's account, and then with
// its temporary passes; what is right is used up. Which of the two it was decides what it
// proves, so nobody but the root side says so. What cannot be read is logged and wrong. The
// use of a pass is in the audit log, with root's reason for it.
// `takes_passes` is false where a pass must stand for nothing: then none is used up.
// Precondition: the session has an account, which is eligible.
[[nodiscard]] wire::SavedCodeJudged judge_typed_code(const LoginSession& session,
                                                     const Secret& typed, bool takes_passes,
                                                     const Clock& clock, EventLog& log);

}  // namespace latchkey
