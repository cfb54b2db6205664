// SPDX-License-Identifier: MIT
//
// A plugin that does what its option `deed` names, and tells whether it managed:
// "done" or "denied: ERRNO". Options `victim` (a process of the same user),
// `file` (one it owns), `port` (a listener that is none of its business).
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <latchkey/plugin.hpp>

namespace {

using latchkey::plugin::Host;
using Deed = std::function<bool(const Host&)>;  // true: managed; false: errno says why not

constexpr int kCaller = 3;

std::string text_of(const Host& host, const char* option) {
    return std::string{host.option(option).value_or("")};
}
long number_of(const Host& host, const char* option) {
    return std::strtol(text_of(host, option).c_str(), nullptr, 10);
}
pid_t victim_of(const Host& host) {
    return static_cast<pid_t>(number_of(host, "victim"));
}

bool opens(const char* path, int flags) {
    return ::open(path, flags | O_CLOEXEC, 0600) >= 0;
}

bool connects(const Host& host) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(number_of(host, "elsewhere")));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return fd >= 0 && ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
}

bool listens(const Host&) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return fd >= 0 && ::listen(fd, 1) == 0;
}

bool reads_memory(const Host& host) {
    char byte = 0;
    iovec into{&byte, 1};
    iovec from{&byte, 1};
    return ::process_vm_readv(victim_of(host), &into, 1, &from, 1, 0) >= 0 || errno == EFAULT;
}

bool takes_descriptor(const Host& host) {
    const int process = static_cast<int>(::syscall(SYS_pidfd_open, victim_of(host), 0));
    return process >= 0 && ::syscall(SYS_pidfd_getfd, process, 0, 0) >= 0;
}

bool forks(const Host&) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    if (child > 0) ::waitpid(child, nullptr, 0);
    return child > 0;
}

bool executes(const Host&) {
    std::array<char*, 1> none{nullptr};
    ::execve("/bin/true", none.data(), none.data());
    return false;
}

bool raises_limit(const Host&) {
    rlimit limit{1U << 20, 1U << 20};
    return ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

bool owns_signals(const Host& host) {
    // SIGKILL to the victim as soon as something can be read.
    std::array<int, 2> ends{};
    return ::pipe2(ends.data(), O_CLOEXEC) == 0 &&
           ::fcntl(ends[0], F_SETOWN, victim_of(host)) == 0 &&
           ::fcntl(ends[0], F_SETSIG, SIGKILL) == 0;
}

// What the sandbox or the user must refuse.
const std::map<std::string, Deed> kAttempts{
    {"open_shadow", [](const Host&) { return opens("/etc/shadow", O_RDONLY); }},
    {"open_passwd", [](const Host&) { return opens("/etc/passwd", O_RDONLY); }},
    {"list_root", [](const Host&) { return opens("/", O_RDONLY | O_DIRECTORY); }},
    {"write_tmp", [](const Host&) { return opens("/tmp/latchkey-evil", O_WRONLY | O_CREAT); }},
    {"write_file", [](const Host& host) { return opens(text_of(host, "file").c_str(), O_WRONLY); }},
    {"read_file", [](const Host& host) { return opens(text_of(host, "file").c_str(), O_RDONLY); }},
    {"truncate_file",
     [](const Host& host) { return ::truncate(text_of(host, "file").c_str(), 0) == 0; }},
    {"chmod_file",
     [](const Host& host) { return ::chmod(text_of(host, "file").c_str(), 0666) == 0; }},
    {"unlink_file", [](const Host& host) { return ::unlink(text_of(host, "file").c_str()) == 0; }},
    {"open_proc_mem",
     [](const Host& host) {
         return opens(("/proc/" + text_of(host, "victim") + "/mem").c_str(), O_RDWR);
     }},
    {"open_proc_environ",
     [](const Host& host) {
         return opens(("/proc/" + text_of(host, "victim") + "/environ").c_str(), O_RDONLY);
     }},
    {"connect_elsewhere", &connects},
    {"listen", &listens},
    {"unix_socket", [](const Host&) { return ::socket(AF_UNIX, SOCK_STREAM, 0) >= 0; }},
    {"packet_socket", [](const Host&) { return ::socket(AF_PACKET, SOCK_RAW, 0) >= 0; }},
    {"inet_socket", [](const Host&) { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; }},
    {"ptrace", [](const Host& host) { return ::ptrace(PTRACE_SEIZE, victim_of(host), 0, 0) == 0; }},
    {"read_memory", &reads_memory},
    {"pidfd_getfd", &takes_descriptor},
    {"kill", [](const Host& host) { return ::kill(victim_of(host), SIGKILL) == 0; }},
    {"kill_everybody", [](const Host&) { return ::kill(-1, 0) == 0; }},
    {"queue_signal",
     [](const Host& host) { return ::sigqueue(victim_of(host), SIGTERM, {}) == 0; }},
    {"own_signals", &owns_signals},
    {"fork", &forks},
    {"exec", &executes},
    {"memfd", [](const Host&) { return ::memfd_create("x", 0) >= 0; }},
    {"raise_rlimit", &raises_limit},
    {"become_dumpable", [](const Host&) { return ::prctl(PR_SET_DUMPABLE, 1) == 0; }},
    {"disarm_deadline", [](const Host&) { return ::syscall(SYS_timer_delete, 0) == 0; }},
    {"unshare", [](const Host&) { return ::unshare(CLONE_NEWUSER) == 0; }},
    {"become_root", [](const Host&) { return ::setuid(0) == 0; }},
    {"io_uring",
     [](const Host&) { return ::syscall(SYS_io_uring_setup, 1, nullptr) >= 0 || errno == EFAULT; }},
    {"keyring", [](const Host&) { return ::syscall(SYS_add_key, "user", "x", "y", 1, -3) >= 0; }},
    {"bpf", [](const Host&) { return ::syscall(SYS_bpf, 0, nullptr, 0) >= 0; }},
};

// Written before main would run: the sandbox must be closed by then.
const bool shadow_opened_by_constructor = opens("/etc/shadow", O_RDONLY);
const bool forked_by_constructor = [] {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    return child > 0;
}();

[[noreturn]] void hang() {
    sigset_t all;
    ::sigfillset(&all);
    ::sigprocmask(SIG_BLOCK, &all, nullptr);
    while (true) ::poll(nullptr, 0, -1);
}

[[noreturn]] void spin() {
    volatile std::uint64_t count = 0;
    while (true) count = count + 1;
}

void eat_memory() {
    std::vector<std::unique_ptr<char[]>> eaten;
    while (true) {
        eaten.push_back(std::make_unique<char[]>(1U << 20));
        eaten.back()[0] = 1;
    }
}

void start_threads(const Host& host) {
    std::vector<std::thread> threads;
    try {
        while (true) threads.emplace_back([] { ::poll(nullptr, 0, -1); });
    } catch (const std::system_error&) {
        host.log("stopped at a limit");
    }
    ::_exit(0);
}

// What cannot be refused, only survived.
void misbehave(const std::string& deed, const Host& host, latchkey_result_v1& result) {
    if (deed == "hang") hang();
    if (deed == "spin") spin();
    if (deed == "eat_memory") eat_memory();
    if (deed == "threads") start_threads(host);
    if (deed == "crash") ::raise(SIGSEGV);
    if (deed == "abort") std::abort();
    if (deed == "exit") std::exit(0);
    if (deed == "throw") throw std::runtime_error{"thrown across the border"};
    if (deed == "close_caller") ::close(kCaller);
    if (deed == "garbage") (void)!::write(kCaller, "garbage", 7);
    if (deed == "oversized") {
        const std::string packet(60000, 'x');
        (void)!::write(kCaller, packet.data(), packet.size());
    }
    if (deed == "unknown_outcome") result.outcome = 4711;
    if (deed == "judge") result.outcome = LATCHKEY_WRONG;
    if (deed == "huge_log") {
        for (int i = 0; i < 1000; ++i) host.log(std::string(1024, 'l'));
        memset(result.for_log, 'f', sizeof result.for_log);  // no NUL
        result.outcome = LATCHKEY_ACCEPTED;
    }
    if (deed == "control_characters") {
        strcpy(result.for_log, "\x1b[2J\r\nfake log line\x07");
        result.outcome = LATCHKEY_TEMPORARY;
    }
}

// Whether the deed was managed, errno saying why not; nothing if it is no attempt.
std::optional<bool> attempt(const std::string& deed, const Host& host) {
    if (const auto found = kAttempts.find(deed); found != kAttempts.end())
        return found->second(host);
    if (deed != "constructor") return std::nullopt;
    errno = 0;
    return shadow_opened_by_constructor || forked_by_constructor;
}

void deliver(const latchkey_host_v1* raw_host, const latchkey_message_v1* message,
             latchkey_result_v1* result) {
    const Host host{*raw_host};
    const std::string deed = text_of(host, "deed");
    result->outcome = LATCHKEY_ACCEPTED;
    if (deed == "leak") {
        const std::string text{message->text.data, message->text.length};
        const std::string to{message->to.data, message->to.length};
        host.log(text + " to " + to + " by " + std::string{host.secret()});
        strncpy(result->for_log, text.c_str(), sizeof result->for_log - 1);
        return;
    }
    const std::optional<bool> managed = attempt(deed, host);
    if (!managed) return misbehave(deed, host, *result);
    const std::string answer =
        *managed ? "done" : std::string{"denied: "} + (errno == 0 ? "0" : strerrorname_np(errno));
    strncpy(result->for_log, answer.c_str(), sizeof result->for_log - 1);
}

// A deed that is managed opens the gate, and so does the deed "accept".
void verify(const latchkey_host_v1* raw_host, const latchkey_question_v1* question,
            latchkey_result_v1* result) {
    const Host host{*raw_host};
    const std::string deed = text_of(host, "deed");
    const std::optional<bool> managed = attempt(deed, host);
    const bool accept = deed == "accept" || managed.value_or(false);
    result->outcome = accept ? LATCHKEY_ACCEPTED : LATCHKEY_WRONG;
    result->matched_step = accept ? question->now / 30 : 0;
    if (!managed) misbehave(deed, host, *result);
}

// Built twice, once as each kind.
#ifndef EVIL_PLUGIN_KIND
#define EVIL_PLUGIN_KIND LATCHKEY_DELIVERY
#endif
constexpr latchkey_plugin_table_v1 table{
    sizeof(latchkey_plugin_table_v1), LATCHKEY_ABI, EVIL_PLUGIN_KIND, 0, "1.0", &deliver, &verify};

}  // namespace

LATCHKEY_EXPORT = &table;
