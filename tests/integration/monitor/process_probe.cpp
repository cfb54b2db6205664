// SPDX-License-Identifier: MIT
//
// Says in what state it was started, as "key=value" lines, on descriptor 3 or into
// the file of the argument report=FILE. Other arguments: harden (calls
// harden_this_process first), --kill-all=UID (as latchkey-monitor does), wait (stays until
// descriptor 3 ends), exit=N.
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <string>
#include <string_view>

#include "monitor/end_sessions.hpp"
#include "monitor/process.hpp"

namespace {

std::string report;

void say(const std::string& key, const std::string& value) {
    report += key + '=' + value + '\n';
}
void say(const std::string& key, long value) {
    say(key, std::to_string(value));
}

void say_identity() {
    uid_t real = 0;
    uid_t effective = 0;
    uid_t saved = 0;
    ::getresuid(&real, &effective, &saved);
    say("uids",
        std::to_string(real) + ' ' + std::to_string(effective) + ' ' + std::to_string(saved));
    ::getresgid(&real, &effective, &saved);
    say("gids",
        std::to_string(real) + ' ' + std::to_string(effective) + ' ' + std::to_string(saved));
    say("groups", ::getgroups(0, nullptr));
    gid_t first = 0;
    if (::getgroups(1, &first) == 1) say("group", first);
}

void say_descriptors() {
    std::string open;
    for (int fd = 0; fd < 1024; ++fd)
        if (::fcntl(fd, F_GETFD) >= 0) open += std::to_string(fd) + ' ';
    say("descriptors", open);
    bool null = true;
    for (int fd = 0; fd <= 2; ++fd) {
        struct stat state {};
        null = null && ::fstat(fd, &state) == 0 && state.st_rdev == makedev(1, 3);
    }
    say("standard_is_null", null ? 1 : 0);
}

void say_signals() {
    sigset_t mask;
    ::sigprocmask(SIG_SETMASK, nullptr, &mask);
    std::string blocked;
    std::string ignored;
    for (int number = 1; number <= 31; ++number) {
        struct sigaction action {};
        ::sigaction(number, nullptr, &action);
        if (sigismember(&mask, number) == 1) blocked += std::to_string(number) + ' ';
        if (action.sa_handler == SIG_IGN) ignored += std::to_string(number) + ' ';
    }
    say("blocked", blocked);
    say("ignored", ignored);
    int on_death = 0;
    ::prctl(PR_GET_PDEATHSIG, &on_death);
    say("on_parents_death", on_death);
}

void say_limit(const char* name, __rlimit_resource_t resource) {
    rlimit limit{};
    ::getrlimit(resource, &limit);
    const auto text = [](rlim_t value) {
        return value == RLIM_INFINITY ? std::string{"unlimited"} : std::to_string(value);
    };
    say(name, text(limit.rlim_cur) + ' ' + text(limit.rlim_max));
}

void say_surroundings(int argc, char** argv) {
    say("pid", ::getpid());
    say("parent", ::getppid());
    say("session", ::getsid(0));
    say("dumpable", ::prctl(PR_GET_DUMPABLE));
    long variables = 0;
    for (char** one = environ; one != nullptr && *one != nullptr; ++one) ++variables;
    say("variables", variables);
    std::array<char, PATH_MAX> directory{};
    say("directory",
        ::getcwd(directory.data(), directory.size()) == nullptr ? "" : directory.data());
    const mode_t mask = ::umask(0);
    ::umask(mask);
    say("umask", mask);
    say("nice", ::getpriority(PRIO_PROCESS, 0));
    std::string arguments;
    for (int i = 0; i < argc; ++i) arguments += std::string{argv[i]} + '|';
    say("arguments", arguments);
    say_limit("core", RLIMIT_CORE);
    say_limit("fsize", RLIMIT_FSIZE);
    say_limit("cpu", RLIMIT_CPU);
    say_limit("nofile", RLIMIT_NOFILE);
    say_limit("stack", RLIMIT_STACK);
}

void send_report(const std::string& file) {
    if (file.empty()) {
        (void)::send(3, report.data(), report.size(), MSG_NOSIGNAL);
        return;
    }
    const int fd = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
    (void)!::write(fd, report.data(), report.size());
    ::close(fd);
}

}  // namespace

int main(int argc, char** argv) {
    std::string file;
    bool wait = false;
    int status = 0;
    say("dumpable_at_start", ::prctl(PR_GET_DUMPABLE));
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument.starts_with("--kill-all=")) return latchkey::kill_all_of(argument.substr(11));
        if (argument.starts_with("report=")) file = argument.substr(7);
        if (argument.starts_with("exit=")) status = std::stoi(std::string{argument.substr(5)});
        if (argument == "wait") wait = true;
        if (argument == "harden") {
            const auto hardened = latchkey::harden_this_process();
            say("hardened", hardened ? "yes" : hardened.error().detail);
        }
    }
    say_identity();
    say_descriptors();
    say_signals();
    say_surroundings(argc, argv);
    send_report(file);
    char byte = 0;
    while (wait && ::read(3, &byte, 1) > 0) {
    }
    return status;
}
