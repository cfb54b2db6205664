// SPDX-License-Identifier: MIT
//
// The person at the prompt, as the monitor reaches them: through the module.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "adapters/system/seqpacket.hpp"
#include "core/secret.hpp"

namespace latchkey {

class Claimant {
public:
    // `companion`: the verifier's socket, watched while a person types, because
    // its end must end the conversation at once; -1 while there is none.
    Claimant(Seqpacket module, Deadline deadline)
        : module_(std::move(module)), deadline_(deadline) {}

    void watch(int companion) { companion_ = companion; }

    // A visible, a hidden question. Nothing: the person left, the module or the
    // companion is gone, or the time is up; then every later question is nothing, too.
    [[nodiscard]] std::optional<Secret> ask(const std::string& text);
    [[nodiscard]] std::optional<Secret> ask_hidden(const std::string& text);

    // Waits until `when`, or less if the person leaves: then false.
    [[nodiscard]] bool stay_until(std::chrono::steady_clock::time_point when);

    // Waits until the companion speaks, or is gone; less if the person leaves or the
    // time is up.
    void await_companion(Deadline deadline);

    [[nodiscard]] bool gone() const { return gone_; }
    [[nodiscard]] Deadline deadline() const { return deadline_; }
    [[nodiscard]] Seqpacket& module() { return module_; }

private:
    [[nodiscard]] std::optional<Secret> await_answer();

    Seqpacket module_;
    Deadline deadline_;
    int companion_ = -1;
    bool gone_ = false;
};

}  // namespace latchkey
