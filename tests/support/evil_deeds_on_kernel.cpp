// SPDX-License-Identifier: MIT
//
// System calls that a plugin has no use for. A call that the kernel refused for its
// arguments was let through to it, and counts as managed.
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <array>

#include "tests/support/evil_deeds.hpp"

namespace latchkey::evil {

namespace {

bool reaches(long result) {
    return result >= 0 || (errno != EPERM && errno != EACCES && errno != ENOSYS);
}

// Without arguments: what is refused, is refused whatever they are.
Deed calling(long number, long first = 0, long second = 0, long third = 0, long fourth = 0,
             long fifth = 0) {
    return [=](const Host&) {
        return reaches(::syscall(number, first, second, third, fourth, fifth));
    };
}

bool raises_limit(const Host&) {
    rlimit limit{1U << 20, 1U << 20};
    return ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

bool gives_itself_time(const Host&) {
    rlimit limit{RLIM_INFINITY, RLIM_INFINITY};
    return ::syscall(SYS_prlimit64, 0, RLIMIT_CPU, &limit, nullptr) == 0;
}

bool schedules_in_real_time(const Host&) {
    sched_param parameters{};
    parameters.sched_priority = 1;
    return ::sched_setscheduler(0, SCHED_FIFO, &parameters) == 0;
}

}  // namespace

const Deeds& deeds_on_the_kernel() {
    constexpr long kUserModeOnly = 1;  // UFFD_USER_MODE_ONLY
    static const Deeds deeds{
        {"memfd", [](const Host&) { return ::memfd_create("x", 0) >= 0; }},
        {"memfd_secret", calling(447)},
        {"raise_rlimit", &raises_limit},
        {"unlimited_time", &gives_itself_time},
        {"real_time", &schedules_in_real_time},
        {"go_first", [](const Host&) { return ::setpriority(PRIO_PROCESS, 0, -20) == 0; }},
        {"become_dumpable", [](const Host&) { return ::prctl(PR_SET_DUMPABLE, 1) == 0; }},
        {"own_filter", calling(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 1)},
        {"disarm_deadline", [](const Host&) { return ::syscall(SYS_timer_delete, 0) == 0; }},
        {"delay_deadline",
         [](const Host&) {
             const itimerspec never{};
             return ::syscall(SYS_timer_settime, 0, 0, &never, nullptr) == 0;
         }},
        {"more_timers", calling(SYS_timer_create, CLOCK_MONOTONIC)},
        {"set_clock", calling(SYS_clock_settime, CLOCK_REALTIME)},
        {"unshare_user", calling(SYS_unshare, CLONE_NEWUSER)},
        {"unshare_network", calling(SYS_unshare, CLONE_NEWNET)},
        {"unshare_files", calling(SYS_unshare, CLONE_NEWNS)},
        {"enter_namespace", calling(SYS_setns, -1)},
        {"become_root", [](const Host&) { return ::setuid(0) == 0; }},
        {"become_roots_group", [](const Host&) { return ::setgid(0) == 0; }},
        {"real_user", calling(SYS_setresuid, -1, -1, -1)},
        {"groups", calling(SYS_setgroups)},
        {"capabilities", calling(SYS_capset)},
        {"io_uring", calling(SYS_io_uring_setup, 1)},
        {"keyring", calling(SYS_add_key)},
        {"keyctl", calling(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_USER_KEYRING, 1)},
        {"request_key", calling(SYS_request_key)},
        {"bpf", calling(SYS_bpf)},
        {"perf", calling(SYS_perf_event_open)},
        {"userfaultfd", calling(SYS_userfaultfd, kUserModeOnly)},
        {"compare_kernel", calling(SYS_kcmp, 1, 1, 2)},
        {"personality", calling(SYS_personality, 0xffffffff)},
        {"mount", calling(SYS_mount)},
        {"chroot", calling(SYS_chroot)},
        {"file_handle", calling(SYS_open_by_handle_at, -1)},
        {"watch_files", calling(SYS_inotify_init1)},
        {"watch_mounts", calling(SYS_fanotify_init)},
        {"shared_memory", calling(SYS_shmget, IPC_PRIVATE, 4096, IPC_CREAT | 0600)},
        {"message_queue", calling(SYS_msgget, IPC_PRIVATE, IPC_CREAT | 0600)},
        {"semaphores", calling(SYS_semget, IPC_PRIVATE, 1, IPC_CREAT | 0600)},
        {"posix_queue", calling(SYS_mq_open)},
        {"pin_to_processor", calling(SYS_sched_setaffinity)},
        {"leave_session", calling(SYS_setsid)},
        {"move_group", calling(SYS_setpgid)},
        {"type_at_terminal", calling(SYS_ioctl, 0, TIOCSTI)},
        {"kernel_log", calling(SYS_syslog, 3)},
        {"load_module", calling(SYS_init_module)},
        {"reboot", calling(SYS_reboot)},
        {"quota", calling(SYS_quotactl)},
        {"swap", calling(SYS_swapon)},
        {"set_name", calling(SYS_sethostname)},
    };
    return deeds;
}

}  // namespace latchkey::evil
