// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "core/screen.hpp"
#include "core/secret.hpp"

namespace latchkey {

// Port: asks the claimant one question and waits for the answer.
// Real: verifier/monitor_link. Fake: tests/support/scripted_conversation.hpp.
class Conversation {
public:
    virtual ~Conversation() = default;

    // Empty when the claimant, or the process that relays, is gone. What was
    // decided must be stored before this is called: a login program may be
    // killed at any prompt.
    [[nodiscard]] virtual std::optional<Secret> ask(const Screen& screen) = 0;
};

}  // namespace latchkey
