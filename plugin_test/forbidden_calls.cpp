// SPDX-License-Identifier: MIT
#include "plugin_test/forbidden_calls.hpp"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>

#include <memory>
#include <span>

namespace latchkey::plugin_test {

namespace {

constexpr const char* kNewProcesses[] = {"fork", "vfork", "execve", "execveat"};
constexpr const char* kProcessState[] = {"umask", "chdir", "fchdir", "chroot", "setsid", "setpgid"};

#if defined(__s390x__)
constexpr unsigned kCloneFlags = 1;
#else
constexpr unsigned kCloneFlags = 0;
#endif

Error refused(int error) {
    return {ErrorKind::Misconfigured, std::string{"seccomp: "} + strerrordesc_np(-error)};
}

int add(void* filter, std::span<const char* const> names) {
    for (const char* name : names) {
        const int number = seccomp_syscall_resolve_name(name);
        if (number == __NR_SCMP_ERROR) continue;  // not on this architecture
        const int added = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, number, 0);
        if (added != 0 && added != -EDOM) return added;
    }
    return 0;
}

// clone3 cannot be told apart; the sandbox makes it look absent.
int add_clone(void* filter) {
    const scmp_arg_cmp no_thread{kCloneFlags, SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0};
    return seccomp_rule_add_array(filter, SCMP_ACT_KILL_PROCESS,
                                  seccomp_syscall_resolve_name("clone"), 1, &no_thread);
}

}  // namespace

Result<void> end_process_at(Forbidden forbidden) {
    if (forbidden == Forbidden::Nothing) return {};
    const std::unique_ptr<void, decltype(&seccomp_release)> filter{seccomp_init(SCMP_ACT_ALLOW),
                                                                   &seccomp_release};
    if (!filter) return refused(-ENOMEM);
    int error = 0;
    if (forbidden == Forbidden::NewProcesses) {
        error = add(filter.get(), kNewProcesses);
        if (error == 0) error = add_clone(filter.get());
    } else {
        error = add(filter.get(), kProcessState);
    }
    if (error == 0) error = seccomp_load(filter.get());
    if (error != 0) return refused(error);
    return {};
}

}  // namespace latchkey::plugin_test
