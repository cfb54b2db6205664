// SPDX-License-Identifier: MIT
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

#include "cli/user_talk.hpp"
#include "core/printable.hpp"

namespace latchkey::cli {

namespace {

constexpr std::size_t kLongestLine = 4096;
constexpr char kInterrupt = '\x03';  // ^C

// Lines stay lines, nothing else passes.
std::string for_the_terminal(std::string_view text) {
    std::string shown;
    for (auto end = text.find('\n'); end != text.npos; end = text.find('\n')) {
        shown += escaped(text.substr(0, end)) + '\n';
        text.remove_prefix(end + 1);
    }
    return shown + escaped(text);
}

void write_all(std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

// A terminal without echo, in which ^C ends the line: a signal would leave it without echo.
class Silence {
public:
    explicit Silence(bool wanted) {
        if (!wanted || ::isatty(STDIN_FILENO) != 1) return;
        if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
        silent.c_cc[VEOL] = kInterrupt;
        is_silent_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
    }
    // False: what is typed would be seen.
    [[nodiscard]] bool is_kept(bool wanted) const {
        return !wanted || is_silent_ || ::isatty(STDIN_FILENO) != 1;
    }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;
    ~Silence() {
        if (!is_silent_) return;
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
        write_all("\n");
    }

private:
    termios before_{};
    bool is_silent_ = false;
};

}  // namespace

// By the system calls: a stream would keep what was typed in a buffer that nobody erases.
std::optional<Secret> ask_person(const std::string& question, bool hidden) {
    // First: what is typed as soon as the question is read must neither be shown nor lost.
    const Silence silence{hidden};
    if (!silence.is_kept(hidden)) return std::nullopt;
    write_all(for_the_terminal(question));
    std::string line;
    line.reserve(kLongestLine);
    std::optional<Secret> typed;
    char c = 0;
    while (line.size() < kLongestLine) {
        const ssize_t got = ::read(STDIN_FILENO, &c, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0 || c == kInterrupt) break;
        if (c == '\n') {
            typed = Secret{line};
            break;
        }
        line += c;
    }
    explicit_bzero(line.data(), line.capacity());
    return typed;
}

}  // namespace latchkey::cli
