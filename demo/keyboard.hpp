// SPDX-License-Identifier: MIT
#pragma once

#include <termios.h>

#include "demo/show.hpp"

namespace latchkey::demo {

// The newcomer at the real keyboard, whose keys go to the terminal as they are.
// Ctrl-] leaves. The keyboard's own terminal is put back as it was at the end.
class Keyboard final : public Person {
public:
    Keyboard();  // throws std::runtime_error where standard input is no terminal
    ~Keyboard() override;

    std::optional<Keys> react(const std::string& unanswered) override;
    void receive(const DeliveredMessage&) override {}
    [[nodiscard]] bool is_done() const override { return left_; }
    [[nodiscard]] int descriptor() const override;
    [[nodiscard]] bool has_left() const { return left_; }

private:
    termios before_{};
    bool left_ = false;
};

}  // namespace latchkey::demo
