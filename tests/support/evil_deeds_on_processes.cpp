// SPDX-License-Identifier: MIT
//
// Taking over, looking into or ending a process, and making one.
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "tests/support/evil_deeds.hpp"

namespace latchkey::evil {

namespace {

bool opens_in_proc(const Host& host, const char* name, int flags) {
    return opens("/proc/" + text_of(host, "victim") + name, flags);
}

// What the kernel would have copied is not there; that it looked is enough.
bool reads_memory(const Host& host) {
    char byte = 0;
    iovec into{&byte, 1};
    iovec from{nullptr, 1};
    return ::process_vm_readv(victim_of(host), &into, 1, &from, 1, 0) >= 0 || errno == EFAULT;
}

bool writes_memory(const Host& host) {
    char byte = 0;
    iovec from{&byte, 1};
    iovec into{nullptr, 1};
    return ::process_vm_writev(victim_of(host), &from, 1, &into, 1, 0) >= 0 || errno == EFAULT;
}

bool takes_descriptor(const Host& host) {
    const int process = static_cast<int>(::syscall(SYS_pidfd_open, victim_of(host), 0));
    return process >= 0 && ::syscall(SYS_pidfd_getfd, process, 0, 0) >= 0;
}

bool signals_by_descriptor(const Host& host) {
    const int process = static_cast<int>(::syscall(SYS_pidfd_open, victim_of(host), 0));
    return process >= 0 && ::syscall(SYS_pidfd_send_signal, process, SIGKILL, nullptr, 0) == 0;
}

bool ends_thread(const Host& host) {
    return ::syscall(SYS_tgkill, victim_of(host), victim_of(host), SIGKILL) == 0;
}

bool ends_thread_by_old_call(const Host& host) {
    return ::syscall(SYS_tkill, victim_of(host), SIGKILL) == 0;
}

bool lowers_victims_limit(const Host& host) {
    rlimit none{0, 0};
    return ::prlimit(victim_of(host), RLIMIT_NOFILE, &none, nullptr) == 0;
}

bool starves_victim(const Host& host) {
    return ::setpriority(PRIO_PROCESS, static_cast<id_t>(victim_of(host)), 19) == 0;
}

bool owns_signals(const Host& host) {
    // SIGKILL to the victim as soon as something can be read.
    std::array<int, 2> ends{};
    return ::pipe2(ends.data(), O_CLOEXEC) == 0 &&
           ::fcntl(ends[0], F_SETOWN, victim_of(host)) == 0 &&
           ::fcntl(ends[0], F_SETSIG, SIGKILL) == 0;
}

bool has_child(pid_t child) {
    if (child == 0) ::_exit(0);
    if (child > 0) ::waitpid(child, nullptr, __WALL);
    return child > 0;
}

bool clones(unsigned long flags) {
    return has_child(static_cast<pid_t>(::syscall(SYS_clone, flags, nullptr, nullptr, nullptr, 0)));
}

bool executes(const Host&) {
    std::array<char*, 1> none{nullptr};
    ::execve("/bin/true", none.data(), none.data());
    return false;
}

// A program that lies in no file: made in memory, or named by a descriptor.
bool executes_memory(const Host&) {
    const int program = ::memfd_create("x", MFD_CLOEXEC);
    std::array<char*, 1> none{nullptr};
    if (program >= 0) ::syscall(SYS_execveat, program, "", none.data(), none.data(), AT_EMPTY_PATH);
    return program >= 0;
}

bool executes_by_descriptor(const Host&) {
    std::array<char*, 1> none{nullptr};
    ::syscall(SYS_execveat, AT_FDCWD, "/bin/true", none.data(), none.data(), 0);
    return false;
}

}  // namespace

const Deeds& deeds_on_processes() {
    static const Deeds deeds{
        {"open_proc_mem", [](const Host& host) { return opens_in_proc(host, "/mem", O_RDWR); }},
        {"open_proc_environ",
         [](const Host& host) { return opens_in_proc(host, "/environ", O_RDONLY); }},
        {"open_proc_maps", [](const Host& host) { return opens_in_proc(host, "/maps", O_RDONLY); }},
        {"ptrace",
         [](const Host& host) { return ::ptrace(PTRACE_SEIZE, victim_of(host), 0, 0) == 0; }},
        {"read_memory", &reads_memory},
        {"write_memory", &writes_memory},
        {"pidfd_getfd", &takes_descriptor},
        {"pidfd_signal", &signals_by_descriptor},
        {"kill", [](const Host& host) { return ::kill(victim_of(host), SIGKILL) == 0; }},
        {"kill_everybody", [](const Host&) { return ::kill(-1, 0) == 0; }},
        {"kill_group", [](const Host&) { return ::kill(0, 0) == 0; }},
        {"tgkill", &ends_thread},
        {"tkill", &ends_thread_by_old_call},
        {"queue_signal",
         [](const Host& host) { return ::sigqueue(victim_of(host), SIGTERM, {}) == 0; }},
        {"own_signals", &owns_signals},
        {"limit_victim", &lowers_victims_limit},
        {"starve_victim", &starves_victim},
        {"fork", [](const Host&) { return has_child(::fork()); }},
        {"vfork", [](const Host&) { return clones(CLONE_VFORK | SIGCHLD); }},
        {"clone_unseen", [](const Host&) { return clones(0); }},  // tells its parent no end
        {"clone_namespace", [](const Host&) { return clones(CLONE_NEWUSER | SIGCHLD); }},
        {"exec", &executes},
        {"exec_memory", &executes_memory},
        {"exec_by_descriptor", &executes_by_descriptor},
    };
    return deeds;
}

}  // namespace latchkey::evil
