// SPDX-License-Identifier: MIT
//
// The demo without a human: Ada's part is a list of cues and answers.
#pragma once

#include <string>

#include "demo/scene.hpp"

namespace latchkey::demo {

// "forgot", "unlock" or "ssh". True only if Ada really ended up signed in: the
// shell of her session wrote its uid and a nonce, and the password that must not
// let her in any more does not. Throws TerminalError if a cue does not come.
bool play(const std::string& name, Scene& scene);

[[nodiscard]] bool is_play(const std::string& name);

}  // namespace latchkey::demo
