// SPDX-License-Identifier: MIT
#include "adapters/confinement/system_calls.hpp"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <span>
#include <string>

namespace latchkey {

namespace {

// Names, not numbers: what an architecture does not have is passed over.
// Not here and so refused: execve, fork, ptrace, process_vm_*, pidfd_*, prctl,
// setrlimit, memfd_create, io_uring_*, keyctl, bpf, userfaultfd, chmod by name,
// mounts, namespaces, setuid, timers (the deadline cannot be taken back).
constexpr std::array kCompute{"arch_prctl",
                              "brk",
                              "clock_getres",
                              "clock_gettime",
                              "clock_nanosleep",
                              "exit",
                              "exit_group",
                              "futex",
                              "getcpu",
                              "getegid",
                              "geteuid",
                              "getgid",
                              "getpid",
                              "getrandom",
                              "getrlimit",
                              "getrusage",
                              "gettid",
                              "gettimeofday",
                              "getuid",
                              "madvise",
                              "membarrier",
                              "mmap",
                              "mmap2",
                              "mprotect",
                              "mremap",
                              "munmap",
                              "nanosleep",
                              "restart_syscall",
                              "rseq",
                              "rt_sigaction",
                              "rt_sigprocmask",
                              "rt_sigreturn",
                              "sched_getaffinity",
                              "sched_yield",
                              "set_robust_list",
                              "set_tid_address",
                              "sigaltstack",
                              "sigreturn",
                              "sysinfo",
                              "time",
                              "uname"};

constexpr std::array kDescriptors{
    "_llseek",     "_newselect",  "close",      "dup",      "epoll_create", "epoll_create1",
    "epoll_ctl",   "epoll_pwait", "epoll_wait", "eventfd2", "fstat",        "fstat64",
    "getpeername", "getsockname", "getsockopt", "lseek",    "pipe2",        "poll",
    "ppoll",       "pread64",     "preadv",     "pselect6", "pwrite64",     "pwritev",
    "read",        "readv",       "recvfrom",   "recvmsg",  "select",       "setsockopt",
    "shutdown",    "write",       "writev",     "recvmmsg"};

constexpr std::array kLookAtFiles{"access",     "faccessat", "fstatat64", "getcwd",   "getdents64",
                                  "newfstatat", "lstat",     "lstat64",   "readlink", "readlinkat",
                                  "stat",       "stat64",    "statx"};

constexpr std::array kWriteFiles{"fallocate", "fchmod",    "fchown",      "fdatasync", "flock",
                                 "fsync",     "ftruncate", "ftruncate64", "rename",    "renameat",
                                 "renameat2", "unlink",    "unlinkat"};

constexpr std::array kFallBack{"clone3",    "close_range", "epoll_pwait2", "faccessat2",
                               "fchmodat2", "futex_wait",  "futex_waitv",  "map_shadow_stack",
                               "openat2",   "statmount"};

// F_SETOWN and F_SETSIG are left out: with O_ASYNC they send signals to others.
constexpr std::array<unsigned, 6> kDescriptorCommands{F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD,
                                                      F_SETFD, F_GETFL,         F_SETFL};
constexpr std::array<unsigned, 6> kLockCommands{F_GETLK,     F_SETLK,     F_SETLKW,
                                                F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW};

class Filter {
public:
    Filter() : context_{seccomp_init(SCMP_ACT_ERRNO(EPERM)), &seccomp_release} {}

    void allow(const char* name) { add(SCMP_ACT_ALLOW, name, {}); }
    void allow(std::span<const char* const> names) {
        for (const char* name : names) allow(name);
    }
    void allow(const char* name, std::initializer_list<scmp_arg_cmp> conditions) {
        add(SCMP_ACT_ALLOW, name, conditions);
    }
    void pretend_absent(const char* name) { add(SCMP_ACT_ERRNO(ENOSYS), name, {}); }

    Result<void> load() {
        if (!context_ && error_ == 0) error_ = -ENOMEM;
        if (error_ == 0) error_ = seccomp_load(context_.get());
        if (error_ == 0) return {};
        return Error{ErrorKind::Misconfigured, std::string{"seccomp: "} + strerrordesc_np(-error_)};
    }

private:
    void add(std::uint32_t action, const char* name,
             std::initializer_list<scmp_arg_cmp> conditions) {
        const int number = seccomp_syscall_resolve_name(name);
        if (!context_ || number == __NR_SCMP_ERROR || error_ != 0) return;
        const int added =
            seccomp_rule_add_array(context_.get(), action, number,
                                   static_cast<unsigned>(conditions.size()), conditions.begin());
        if (added != 0 && added != -EDOM) error_ = added;  // EDOM: not on this architecture
    }

    std::unique_ptr<void, decltype(&seccomp_release)> context_;
    int error_ = 0;  // first one
};

scmp_arg_cmp is(unsigned argument, scmp_datum_t value) {
    return {argument, SCMP_CMP_EQ, value, 0};
}
scmp_arg_cmp has_bits(unsigned argument, scmp_datum_t mask, scmp_datum_t value) {
    return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}

void allow_opening(Filter& filter, bool for_writing) {
    if (for_writing) {
        filter.allow("open");
        filter.allow("openat");
        return;
    }
    constexpr scmp_datum_t kWriting = O_ACCMODE | O_CREAT | O_TRUNC;
    filter.allow("open", {has_bits(1, kWriting, O_RDONLY)});
    filter.allow("openat", {has_bits(2, kWriting, O_RDONLY)});
}

// Without SOCK_NONBLOCK and SOCK_CLOEXEC.
constexpr scmp_datum_t kSocketKind = 0xf;

void allow_socket(Filter& filter, int family, int kind, int protocol) {
    filter.allow("socket", {is(0, static_cast<scmp_datum_t>(family)),
                            has_bits(1, kSocketKind, static_cast<scmp_datum_t>(kind)),
                            is(2, static_cast<scmp_datum_t>(protocol))});
}

void allow_network(Filter& filter) {
    // TCP and UDP by name: Landlock's list of ports does not see MPTCP's connections.
    for (const int family : {AF_INET, AF_INET6})
        for (const int protocol : {0, int{IPPROTO_TCP}, int{IPPROTO_UDP}})
            for (const int kind : {int{SOCK_STREAM}, int{SOCK_DGRAM}})
                allow_socket(filter, family, kind, protocol);
    filter.allow("socket", {is(0, AF_NETLINK), is(2, NETLINK_ROUTE)});
    // A resolver thread wakes its caller with it. Of datagrams, each end would send to
    // whatever Unix socket it names: the system log, systemd.
    filter.allow("socketpair", {is(0, AF_UNIX), has_bits(1, kSocketKind, SOCK_STREAM)});
    filter.allow("connect");
    filter.allow("bind");  // of rtnetlink; without listen and accept nothing is served
}

void allow_with_conditions(Filter& filter) {
    for (const unsigned command : kDescriptorCommands) {
        filter.allow("fcntl", {is(1, command)});
        filter.allow("fcntl64", {is(1, command)});
    }
    // A connection opened by sending would pass Landlock's list of ports by.
    filter.allow("sendto", {has_bits(3, MSG_FASTOPEN, 0)});
    filter.allow("sendmsg", {has_bits(2, MSG_FASTOPEN, 0)});
    filter.allow("sendmmsg", {has_bits(3, MSG_FASTOPEN, 0)});
    filter.allow("ioctl", {is(1, FIONREAD)});
    filter.allow("ioctl", {is(1, FIONBIO)});
    // abort() signals its own thread; nobody else is signalled.
    const auto self = static_cast<scmp_datum_t>(::getpid());
    filter.allow("kill", {is(0, self)});
    filter.allow("tgkill", {is(0, self)});
    // Reading a limit, not setting one.
    filter.allow("prlimit64", {is(0, 0), is(2, 0)});
}

}  // namespace

Result<void> allow_system_calls(const SystemCallRules& rules) {
    Filter filter;
    filter.allow(kCompute);
    filter.allow(kDescriptors);
    filter.allow(kLookAtFiles);
    allow_with_conditions(filter);
    allow_opening(filter, rules.writes_files);
    if (rules.writes_files) {
        filter.allow(kWriteFiles);
        for (const unsigned command : kLockCommands) {
            filter.allow("fcntl", {is(1, command)});
            filter.allow("fcntl64", {is(1, command)});
        }
    }
    if (rules.uses_network) allow_network(filter);
    if (rules.starts_threads) {
#if defined(__s390x__)
        constexpr unsigned kFlags = 1;
#else
        constexpr unsigned kFlags = 0;
#endif
        filter.allow("clone", {has_bits(kFlags, CLONE_THREAD, CLONE_THREAD)});
    }
    for (const char* name : kFallBack) filter.pretend_absent(name);
    return filter.load();
}

}  // namespace latchkey
