// SPDX-License-Identifier: MIT
//
// A terminal with one program on it, as a person has it: what the program prints
// can be waited for, what the person types can be sent. Used by the system tests
// and by scripts/demo. Every wait has a deadline; none sleeps.
//
//   Terminal terminal({"/usr/bin/login"});
//   terminal.expect("login: ");
//   terminal.send_line("ada");
//   terminal.expect("Password: ");
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/system/unique_fd.hpp"

namespace latchkey {

// A wait that ended without what it waited for. what() holds the whole transcript.
class TerminalError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct TerminalOptions {
    // The program's whole environment; nothing is inherited.
    std::vector<std::string> environment{"TERM=dumb", "LANG=C.UTF-8",
                                         "PATH=/usr/sbin:/usr/bin:/sbin:/bin"};
    unsigned short rows = 24;
    unsigned short columns = 80;
};

class Terminal {
public:
    static constexpr std::chrono::seconds default_deadline{20};

    // Starts argv[0] (a path) in a session of its own with this terminal as the
    // controlling one. Throws std::system_error if there is no terminal to be had.
    explicit Terminal(const std::vector<std::string>& argv, const TerminalOptions& options = {});
    Terminal(Terminal&& other) noexcept;
    Terminal& operator=(Terminal&&) = delete;
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
    // Hangs up, kills what is still there and reaps it.
    ~Terminal();

    // Waits until `text` has been printed after the last thing expected, and
    // returns everything from there up to and including it, without carriage
    // returns. Throws TerminalError at the deadline or when the program ended first.
    std::string expect(std::string_view text, std::chrono::milliseconds within = default_deadline);
    // The same for whichever of several texts comes first; returns its index. At
    // equal positions the earlier in the list wins.
    std::size_t expect_any(const std::vector<std::string>& texts,
                           std::chrono::milliseconds within = default_deadline);
    // Waits until the program has ended; its wait status (see waitpid).
    int expect_end(std::chrono::milliseconds within = default_deadline);

    void send(std::string_view bytes);
    void send_line(std::string_view text);  // followed by Enter (a carriage return)
    void send_interrupt();                  // Ctrl-C
    void send_end_of_file();                // Ctrl-D
    // Cuts the line: the program gets SIGHUP, as when a modem or a window goes away.
    void hang_up();

    // All that was printed so far, as printed / without carriage returns. What a
    // person typed stands in it only where the program had it echoed.
    [[nodiscard]] const std::string& raw() const { return raw_; }
    [[nodiscard]] std::string transcript() const;
    // What was printed after the last thing expected; for looking, not for waiting.
    [[nodiscard]] std::string unread() const;

    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] bool ended();
    // For a caller with a poll loop of its own: the descriptor to poll for POLLIN,
    // and the call that takes in what is there; false once the program's side is closed.
    [[nodiscard]] int descriptor() const { return master_.get(); }
    bool take_in();

private:
    void take_in_the_rest();
    using Found = std::function<bool()>;
    void wait_for(const Found& found, std::chrono::milliseconds within, std::string_view what);

    UniqueFd master_;
    pid_t pid_ = -1;
    int status_ = 0;
    bool reaped_ = false;
    bool closed_ = false;
    std::string raw_;
    std::string text_;          // raw_ without carriage returns
    std::size_t position_ = 0;  // in text_: behind the last thing expected
};

}  // namespace latchkey
