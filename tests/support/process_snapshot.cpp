// SPDX-License-Identifier: MIT
#include "tests/support/process_snapshot.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <set>
#include <sstream>
#include <string_view>
#include <vector>

namespace latchkey {
namespace {

std::string text_of(const std::string& path) {
    std::ifstream file{path};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string target_of(const std::string& link) {
    std::array<char, 4096> target{};
    const ssize_t length = ::readlink(link.c_str(), target.data(), target.size());
    return length < 0 ? "none" : std::string(target.data(), static_cast<std::size_t>(length));
}

std::string hex(const void* bytes, std::size_t size) {
    std::ostringstream text;
    const auto* const each = static_cast<const unsigned char*>(bytes);
    for (std::size_t i = 0; i < size; ++i) text << std::hex << +each[i] << ' ';
    return text.str();
}

// The C library leaves the rest of a sigset_t, behind the kernel's 64 signals, as it was.
std::string members(const sigset_t& set) {
    std::string text;
    for (int number = 1; number < NSIG; ++number)
        text += ::sigismember(&set, number) == 1 ? '1' : '0';
    return text;
}

void status(std::ostream& out) {
    constexpr std::array<std::string_view, 17> kKept{
        "Name:",       "Umask:",   "Uid:",          "Gid:",    "Groups:", "SigIgn:",
        "SigCgt:",     "CapInh:",  "CapPrm:",       "CapEff:", "CapBnd:", "CapAmb:",
        "NoNewPrivs:", "Seccomp:", "Cpus_allowed:", "NSpgid:", "NSsid:"};
    std::istringstream lines{text_of("/proc/self/status")};
    for (std::string line; std::getline(lines, line);)
        for (const std::string_view key : kKept)
            if (line.starts_with(key)) out << line << '\n';
}

void signals(std::ostream& out) {
    for (int number = 1; number < NSIG; ++number) {
        struct sigaction action {};
        if (::sigaction(number, nullptr, &action) != 0) continue;
        out << "signal " << number << ": " << hex(&action.sa_handler, sizeof action.sa_handler)
            << action.sa_flags << ' ' << members(action.sa_mask) << '\n';
    }
}

void limits(std::ostream& out) {
    for (int which = 0; which < RLIM_NLIMITS; ++which) {
        rlimit limit{};
        ::getrlimit(static_cast<__rlimit_resource>(which), &limit);
        out << "limit " << which << ": " << limit.rlim_cur << ' ' << limit.rlim_max << '\n';
    }
}

// Whether armed: how long they still have to run changes by itself.
void timers(std::ostream& out) {
    for (const auto which : {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF}) {
        itimerval timer{};
        ::getitimer(which, &timer);
        out << "timer " << which << ": "
            << (timer.it_value.tv_sec != 0 || timer.it_value.tv_usec != 0) << '\n';
    }
}

void terminal(std::ostream& out) {
    for (int fd = 0; fd < 3; ++fd) {
        termios settings{};
        if (::tcgetattr(fd, &settings) == 0)
            out << "terminal " << fd << ": " << hex(&settings, sizeof settings) << "foreground "
                << ::tcgetpgrp(fd) << '\n';
    }
}

}  // namespace

std::string thread_snapshot() {
    const int number = errno;
    std::ostringstream out;
    sigset_t mask;
    ::pthread_sigmask(SIG_BLOCK, nullptr, &mask);
    stack_t stack{};
    ::sigaltstack(nullptr, &stack);
    const locale_t locale = ::uselocale(nullptr);
    out << "errno: " << number << "\nmask: " << members(mask)
        << "\nthread locale: " << hex(&locale, sizeof locale) << "\nstack: " << stack.ss_sp << ' '
        << stack.ss_flags << '\n';
    errno = number;
    return out.str();
}

std::string process_snapshot() {
    std::ostringstream out;
    status(out);
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable)
        out << "environment: " << *variable << '\n';
    out << "directory: " << target_of("/proc/self/cwd")
        << "\nroot: " << target_of("/proc/self/root")
        << "\nlocale: " << ::setlocale(LC_ALL, nullptr) << "\ngroup: " << ::getpgrp()
        << "\nsession: " << ::getsid(0) << "\nnice: " << ::getpriority(PRIO_PROCESS, 0)
        << "\ndumpable: " << ::prctl(PR_GET_DUMPABLE)
        << "\noom: " << text_of("/proc/self/oom_score_adj")
        << "audit: " << text_of("/proc/self/loginuid")
        << "\ncontrol group: " << text_of("/proc/self/cgroup");
    signals(out);
    limits(out);
    timers(out);
    terminal(out);
    return out.str();
}

std::string shared_snapshot() {
    std::ostringstream out;
    std::set<int> open;
    if (DIR* const directory = ::opendir("/proc/self/fd"); directory != nullptr) {
        const int own = ::dirfd(directory);
        while (const dirent* const entry = ::readdir(directory)) {
            const int fd = std::atoi(entry->d_name);
            if (entry->d_name[0] != '.' && fd != own) open.insert(fd);
        }
        ::closedir(directory);
    }
    for (const int fd : open)
        out << "descriptor " << fd << ": " << target_of("/proc/self/fd/" + std::to_string(fd))
            << ' ' << ::fcntl(fd, F_GETFD) << ' ' << ::fcntl(fd, F_GETFL) << '\n';
    std::istringstream lines{text_of("/proc/self/status")};
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("Threads:") || line.starts_with("ShdPnd:") ||
            line.starts_with("SigPnd:"))
            out << line << '\n';
    out << "children: " << text_of("/proc/thread-self/children") << '\n';
    return out.str();
}

std::string whole_snapshot() {
    const std::string thread = thread_snapshot();
    const int number = errno;
    std::string whole = thread + process_snapshot() + shared_snapshot();
    errno = number;
    return whole;
}

std::string difference(const std::string& before, const std::string& after) {
    const auto lines_of = [](const std::string& text) {
        std::vector<std::string> lines;
        std::istringstream stream{text};
        for (std::string line; std::getline(stream, line);) lines.push_back(line);
        return std::multiset<std::string>{lines.begin(), lines.end()};
    };
    const auto was = lines_of(before);
    const auto is = lines_of(after);
    std::string result;
    for (const std::string& line : was)
        if (is.count(line) != was.count(line)) result += "- " + line + '\n';
    for (const std::string& line : is)
        if (is.count(line) != was.count(line)) result += "+ " + line + '\n';
    return result;
}

}  // namespace latchkey
