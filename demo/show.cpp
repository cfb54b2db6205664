// SPDX-License-Identifier: MIT
#include "demo/show.hpp"

#include <poll.h>

#include <array>
#include <iostream>
#include <sstream>

namespace latchkey::demo {
namespace {

constexpr int look_every_ms = 50;  // for messages, which no descriptor announces

// The keyboard's terminal is raw while it is in use: every line needs its return.
std::string with_returns(const std::string& text) {
    std::string result;
    for (const char byte : text) {
        if (byte == '\n') result += '\r';
        if (byte != '\r') result += byte;
    }
    return result;
}

void print(const std::string& text) {
    std::cout << with_returns(text) << std::flush;
}

void print_message(const DeliveredMessage& message, const std::string& prompt) {
    std::string box =
        "\n  .--- an e-mail arrives --------------------------------------------------\n";
    std::istringstream lines(message.text);
    for (std::string line; std::getline(lines, line);) {
        if (line.compare(0, 11, "Message-ID:") != 0) box += "  | " + line + '\n';
    }
    box += "  '-------------------------------------------------------------------------\n";
    print(box + prompt);
}

}  // namespace

void show(Terminal& terminal, Scene& scene, Person& person) {
    std::size_t shown = 0;
    std::size_t answered = 0;
    bool open = true;
    while (open && !person.is_done()) {
        std::array<pollfd, 2> two{
            {{terminal.descriptor(), POLLIN, 0}, {person.descriptor(), POLLIN, 0}}};
        ::poll(two.data(), two.size(), look_every_ms);
        open = terminal.take_in();
        const std::string text = terminal.transcript();
        if (text.size() > shown) print(text.substr(shown));
        shown = text.size();
        for (const DeliveredMessage& message : scene.machine().take_messages()) {
            // The question that is open stands below the message again.
            print_message(message, text.substr(text.rfind('\n') + 1));
            person.receive(message);
        }
        const auto keys = person.react(text.substr(answered));
        if (!keys) continue;
        if (!keys->note.empty()) print('[' + keys->note + ']');
        answered = text.size();
        terminal.send(keys->typed);
    }
    if (!open) terminal.expect_end();
    print(terminal.transcript().substr(shown));
}

}  // namespace latchkey::demo
