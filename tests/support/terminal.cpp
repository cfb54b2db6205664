// SPDX-License-Identifier: MIT
#include "tests/support/terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <system_error>
#include <utility>

namespace latchkey {
namespace {

using Clock = std::chrono::steady_clock;
// How often the end of a program is looked for that printed nothing more.
constexpr std::chrono::milliseconds end_check{50};
// For what a program that has ended wrote, while another still has its terminal.
constexpr std::chrono::milliseconds last_words{200};

std::vector<char*> pointers(std::vector<std::string>& strings) {
    std::vector<char*> result;
    result.reserve(strings.size() + 1);
    for (std::string& string : strings) result.push_back(string.data());
    result.push_back(nullptr);
    return result;
}

// In the child, between fork and exec: signals as a fresh program expects them.
[[noreturn]] void become(const std::vector<char*>& argv, const std::vector<char*>& environment) {
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int signal : {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD, SIGTSTP}) {
        ::signal(signal, SIG_DFL);
    }
    ::close_range(3, ~0U, 0);
    ::execve(argv.front(), argv.data(), environment.data());
    constexpr std::string_view complaint = "terminal: the program could not be started\n";
    [[maybe_unused]] const auto written =
        ::write(STDERR_FILENO, complaint.data(), complaint.size());
    ::_exit(127);
}

}  // namespace

Terminal::Terminal(const std::vector<std::string>& argv, const TerminalOptions& options) {
    std::vector<std::string> arguments = argv;
    std::vector<std::string> environment = options.environment;
    const std::vector<char*> argument_pointers = pointers(arguments);
    const std::vector<char*> environment_pointers = pointers(environment);
    winsize size{};
    size.ws_row = options.rows;
    size.ws_col = options.columns;
    int master = -1;
    pid_ = ::forkpty(&master, nullptr, nullptr, &size);
    if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "forkpty");
    if (pid_ == 0) become(argument_pointers, environment_pointers);
    master_ = UniqueFd(master);
    ::fcntl(master, F_SETFD, FD_CLOEXEC);
    ::fcntl(master, F_SETFL, O_NONBLOCK);
}

Terminal::Terminal(Terminal&& other) noexcept
    : master_(std::move(other.master_)),
      pid_(std::exchange(other.pid_, -1)),
      status_(other.status_),
      reaped_(std::exchange(other.reaped_, true)),
      closed_(other.closed_),
      raw_(std::move(other.raw_)),
      text_(std::move(other.text_)),
      position_(other.position_) {}

Terminal::~Terminal() {
    hang_up();
    if (reaped_ || pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
    }
}

void Terminal::hang_up() {
    master_.reset();
    closed_ = true;
}

bool Terminal::take_in() {
    std::array<char, 4096> buffer{};
    bool was_closed = false;
    while (!closed_) {
        const ssize_t count = ::read(master_.get(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno == EAGAIN) return true;
        if (count <= 0) {
            // EIO: the last descriptor of the program's side is closed. What it wrote just
            // before may still be on its way to this side, and is there at the second look.
            closed_ = std::exchange(was_closed, true);
            continue;
        }
        const std::string_view bytes(buffer.data(), static_cast<std::size_t>(count));
        raw_ += bytes;
        std::copy_if(bytes.begin(), bytes.end(), std::back_inserter(text_),
                     [](char byte) { return byte != '\r'; });
    }
    return false;
}

void Terminal::take_in_the_rest() {
    while (take_in()) {
        pollfd one{master_.get(), POLLIN, 0};
        if (::poll(&one, 1, static_cast<int>(last_words.count())) == 0) return;
    }
}

bool Terminal::ended() {
    if (reaped_) return true;
    reaped_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
    return reaped_;
}

void Terminal::wait_for(const Found& found, std::chrono::milliseconds within,
                        std::string_view what) {
    const Clock::time_point deadline = Clock::now() + within;
    while (true) {
        take_in();
        if (found()) return;
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        const bool over = ended();
        if (over) take_in_the_rest();
        if (over && found()) return;
        if (over || left.count() <= 0) {
            throw TerminalError(std::string(over ? "the program ended" : "time ran out") +
                                " while waiting for " + std::string(what) +
                                "\n---- transcript ----\n" + text_ + "\n---- end ----");
        }
        pollfd one{closed_ ? -1 : master_.get(), POLLIN, 0};
        ::poll(&one, 1, static_cast<int>(std::min(left, end_check).count()));
    }
}

std::size_t Terminal::expect_any(const std::vector<std::string>& texts,
                                 std::chrono::milliseconds within) {
    std::size_t winner = texts.size();
    std::size_t end = 0;
    std::string what;
    for (const std::string& text : texts) what += (what.empty() ? "\"" : " or \"") + text + '"';
    wait_for(
        [&] {
            std::size_t best = std::string::npos;
            for (std::size_t i = 0; i < texts.size(); ++i) {
                const std::size_t at = text_.find(texts[i], position_);
                if (at == std::string::npos || at >= best) continue;
                best = at;
                winner = i;
                end = at + texts[i].size();
            }
            return best != std::string::npos;
        },
        within, what);
    position_ = end;
    return winner;
}

std::string Terminal::expect(std::string_view text, std::chrono::milliseconds within) {
    const std::size_t from = position_;
    expect_any({std::string(text)}, within);
    return text_.substr(from, position_ - from);
}

int Terminal::expect_end(std::chrono::milliseconds within) {
    wait_for([this] { return ended(); }, within, "its end");
    take_in_the_rest();
    return status_;
}

void Terminal::send(std::string_view bytes) {
    const Clock::time_point deadline = Clock::now() + default_deadline;
    while (!bytes.empty() && !closed_) {
        if (Clock::now() > deadline) throw TerminalError("nothing reads what is typed\n" + text_);
        const ssize_t count = ::write(master_.get(), bytes.data(), bytes.size());
        if (count > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(count));
        } else if (errno == EAGAIN) {  // the line is full: wait until the program reads
            pollfd one{master_.get(), POLLOUT, 0};
            ::poll(&one, 1, static_cast<int>(end_check.count()));
            if (ended()) return;
            take_in();
        } else if (errno != EINTR) {
            throw TerminalError(std::string("the terminal is gone\n") + text_);
        }
    }
}

void Terminal::send_line(std::string_view text) {
    send(std::string(text) + '\r');
}
void Terminal::send_interrupt() {
    send("\x03");
}
void Terminal::send_end_of_file() {
    send("\x04");
}

std::string Terminal::transcript() const {
    return text_;
}
std::string Terminal::unread() const {
    return text_.substr(position_);
}

}  // namespace latchkey
