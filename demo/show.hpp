// SPDX-License-Identifier: MIT
//
// What the onlooker sees: the terminal's output as it comes, and between its
// prompts the messages that arrive.
#pragma once

#include <optional>
#include <string>

#include "demo/scene.hpp"

namespace latchkey::demo {

// Who sits at the terminal. react() is called whenever something new was shown or
// delivered, and at least every 50 ms; it returns what is typed now, if anything.
class Person {
public:
    Person() = default;
    Person(const Person&) = delete;
    Person& operator=(const Person&) = delete;
    virtual ~Person() = default;

    struct Keys {
        std::string typed;
        std::string note;  // shown in brackets where the terminal shows nothing of it
    };
    // `unanswered`: what was shown since the person last typed.
    virtual std::optional<Keys> react(const std::string& unanswered) = 0;
    virtual void receive(const DeliveredMessage& message) = 0;
    // True when the person has seen enough.
    [[nodiscard]] virtual bool is_done() const = 0;
    // A descriptor that becomes readable when the person wants to type; -1: none.
    [[nodiscard]] virtual int descriptor() const { return -1; }
};

// Shows `terminal` until its program has ended or the person is done. Throws
// TerminalError when the person waits in vain.
void show(Terminal& terminal, Scene& scene, Person& person);

}  // namespace latchkey::demo
