// SPDX-License-Identifier: MIT
#include "demo/keyboard.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace latchkey::demo {
namespace {

constexpr char leave_key = '\x1d';  // Ctrl-]

}  // namespace

Keyboard::Keyboard() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) {
        throw std::runtime_error("there is no keyboard here; try --play forgot");
    }
    termios raw = before_;
    ::cfmakeraw(&raw);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

Keyboard::~Keyboard() {
    ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

int Keyboard::descriptor() const {
    return STDIN_FILENO;
}

std::optional<Person::Keys> Keyboard::react(const std::string& /*unanswered*/) {
    pollfd one{STDIN_FILENO, POLLIN, 0};
    if (::poll(&one, 1, 0) <= 0) return std::nullopt;
    std::array<char, 256> keys{};
    const ssize_t count = ::read(STDIN_FILENO, keys.data(), keys.size());
    const std::string typed(keys.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    left_ = count <= 0 || typed.find(leave_key) != std::string::npos;
    if (left_) return std::nullopt;
    return Keys{typed, {}};
}

}  // namespace latchkey::demo
