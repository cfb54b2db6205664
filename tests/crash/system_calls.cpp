// SPDX-License-Identifier: MIT
#include "tests/crash/system_calls.hpp"

#include <errno.h>
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/user.h>

#include <map>
#include <stdexcept>

namespace latchkey::crash {
namespace {

const std::map<std::string, int>& changing_calls() {
    static const std::map<std::string, int> calls{
        {"write", ENOSPC},   {"pwrite64", ENOSPC}, {"writev", ENOSPC},        {"pwritev", ENOSPC},
        {"fsync", EIO},      {"fdatasync", EIO},   {"ftruncate", EIO},        {"fallocate", ENOSPC},
        {"open", EMFILE},    {"openat", EMFILE},   {"mkdir", ENOSPC},         {"mkdirat", ENOSPC},
        {"rename", EIO},     {"renameat", EIO},    {"renameat2", EIO},        {"link", EIO},
        {"linkat", EIO},     {"unlink", EIO},      {"unlinkat", EIO},         {"chmod", EROFS},
        {"fchmod", EROFS},   {"fchmodat", EROFS},  {"chown", EROFS},          {"fchown", EROFS},
        {"fchownat", EROFS}, {"flock", ENOLCK},    {"fcntl", ENOLCK},         {"sendmsg", ENOBUFS},
        {"sendto", ENOBUFS}, {"fork", EAGAIN},     {"vfork", EAGAIN},         {"clone", EAGAIN},
        {"clone3", EAGAIN},  {"execve", ENOMEM},   {"pidfd_send_signal", EIO}};
    return calls;
}

const std::map<std::string, int>& other_calls() {
    static const std::map<std::string, int> calls{{"read", EIO},
                                                  {"pread64", EIO},
                                                  {"readv", EIO},
                                                  {"lseek", EIO},
                                                  {"fstat", EIO},
                                                  {"newfstatat", EIO},
                                                  {"stat", EIO},
                                                  {"lstat", EIO},
                                                  {"statx", EIO},
                                                  {"access", EIO},
                                                  {"readlink", EIO},
                                                  {"getdents64", EIO},
                                                  {"mmap", ENOMEM},
                                                  {"mprotect", ENOMEM},
                                                  {"mremap", ENOMEM},
                                                  {"brk", ENOMEM},
                                                  {"mlock", ENOMEM},
                                                  {"madvise", ENOMEM},
                                                  {"socket", EMFILE},
                                                  {"socketpair", EMFILE},
                                                  {"connect", ENOBUFS},
                                                  {"recvmsg", ENOMEM},
                                                  {"recvfrom", ENOMEM},
                                                  {"getsockopt", ENOBUFS},
                                                  {"setsockopt", ENOBUFS},
                                                  {"poll", ENOMEM},
                                                  {"ppoll", ENOMEM},
                                                  {"pipe2", EMFILE},
                                                  {"dup", EMFILE},
                                                  {"dup2", EMFILE},
                                                  {"dup3", EMFILE},
                                                  {"close_range", ENOMEM},
                                                  {"getrandom", ENOSYS},
                                                  {"prctl", EINVAL},
                                                  {"prlimit64", EPERM},
                                                  {"setrlimit", EPERM},
                                                  {"setsid", EPERM},
                                                  {"setgroups", ENOMEM},
                                                  {"setresuid", EAGAIN},
                                                  {"setresgid", EAGAIN},
                                                  {"setuid", EAGAIN},
                                                  {"setgid", EAGAIN},
                                                  {"pidfd_open", EMFILE},
                                                  {"waitid", ECHILD},
                                                  {"wait4", ECHILD},
                                                  {"seccomp", ENOMEM},
                                                  {"landlock_create_ruleset", EMFILE},
                                                  {"landlock_add_rule", ENOMEM},
                                                  {"landlock_restrict_self", E2BIG},
                                                  {"ioctl", EIO},
                                                  {"nanosleep", EINTR},
                                                  {"clock_nanosleep", EINTR},
                                                  {"chdir", EIO},
                                                  {"capset", EPERM},
                                                  {"timer_create", EAGAIN},
                                                  {"uname", EFAULT},
                                                  {"sysinfo", EFAULT},
                                                  {"memfd_create", EMFILE}};
    return calls;
}

}  // namespace

std::vector<std::string> calls_of(std::string_view set) {
    if (set == "storage")
        return {"read",   "pread64", "readv", "write",     "pwrite64",
                "writev", "pwritev", "fsync", "fdatasync", "ftruncate"};
    if (set != "changes" && set != "fails")
        throw std::invalid_argument("changes, fails or storage");
    std::vector<std::string> names;
    for (const auto& [name, error] : changing_calls()) names.push_back(name);
    if (set == "fails")
        for (const auto& [name, error] : other_calls()) names.push_back(name);
    return names;
}

bool counts(std::string_view set, const std::string& name, const std::uint64_t* args) {
    if (set != "changes") return true;
    if (name == "open") return (args[1] & O_CREAT) != 0;
    if (name == "openat") return (args[2] & O_CREAT) != 0;
    if (name == "fcntl")
        return args[1] == F_SETLK || args[1] == F_SETLKW || args[1] == F_OFD_SETLK ||
               args[1] == F_OFD_SETLKW;
    return true;
}

int usual_error(const std::string& name) {
    const auto& changing = changing_calls();
    const auto found = changing.find(name);
    return found != changing.end() ? found->second : other_calls().at(name);
}

bool let_fail(pid_t tracee, const std::string& name, int error) {
    user_regs_struct registers{};
    if (::ptrace(PTRACE_GETREGS, tracee, nullptr, &registers) != 0) return false;
    registers.orig_rax = ~0ULL;  // no such call: passed over
    // brk alone answers with the end it has; 0 lies below any end that was asked for.
    registers.rax = name == "brk" ? 0 : static_cast<unsigned long long>(-error);
    return ::ptrace(PTRACE_SETREGS, tracee, nullptr, &registers) == 0;
}

}  // namespace latchkey::crash
