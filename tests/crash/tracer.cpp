// SPDX-License-Identifier: MIT
#include "tests/crash/tracer.hpp"

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "tests/crash/system_calls.hpp"

namespace latchkey::crash {
namespace {

constexpr long kOptions = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
                          PTRACE_O_TRACEEXEC | PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL;

// Base name of the program and, if it begins with "--", its first argument.
std::string program_of(pid_t pid) {
    std::ifstream file{"/proc/" + std::to_string(pid) + "/cmdline"};
    std::string name;
    std::string mode;
    std::getline(file, name, '\0');
    std::getline(file, mode, '\0');
    name.erase(0, name.rfind('/') + 1);
    return mode.starts_with("--") ? name + ' ' + mode : name;
}

std::string name_of(std::uint64_t number) {
    const std::unique_ptr<char, decltype(&std::free)> name{
        seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, static_cast<int>(number)), &std::free};
    return name ? name.get() : "";
}

bool is_a_crash(int signal) {
    return signal == SIGSEGV || signal == SIGBUS || signal == SIGABRT || signal == SIGILL ||
           signal == SIGFPE || signal == SIGSYS;
}

}  // namespace

bool stop_at_calls_of(const Plan& plan) {
    const std::unique_ptr<void, decltype(&seccomp_release)> filter{seccomp_init(SCMP_ACT_ALLOW),
                                                                   &seccomp_release};
    // Root needs no promise, and no_new_privs would change what the programs may do.
    if (!filter || seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_NNP, 0) != 0) return false;
    std::vector<std::string> names = calls_of(plan.set);
    if (!plan.after.empty()) names.push_back(plan.after);
    for (const std::string& name : names) {
        const int number = seccomp_syscall_resolve_name(name.c_str());
        if (number == __NR_SCMP_ERROR) continue;
        const int added =
            seccomp_rule_add_array(filter.get(), SCMP_ACT_TRACE(0), number, 0, nullptr);
        if (added != 0 && added != -EEXIST) return false;
    }
    return seccomp_load(filter.get()) == 0;
}

bool Tracer::seize(pid_t pid) {
    if (::ptrace(PTRACE_SEIZE, pid, nullptr, kOptions) != 0) return false;
    tracees_.insert(pid);
    return true;
}

Report Tracer::run() {
    while (true) {
        int status = 0;
        const pid_t pid = ::waitpid(-1, &status, __WALL);
        if (pid < 0 && errno == EINTR) continue;
        if (pid < 0) return report_;  // nobody is left
        if (WIFSTOPPED(status)) {
            handle_stop(pid, status);
            continue;
        }
        tracees_.erase(pid);
    }
}

void Tracer::handle_stop(pid_t pid, int status) {
    tracees_.insert(pid);
    const int signal = WSTOPSIG(status);
    const int event = status >> 16;
    if (event == PTRACE_EVENT_SECCOMP) return handle_call(pid);
    if (event == PTRACE_EVENT_STOP && signal != SIGTRAP) {  // stopped, as by ^Z
        (void)::ptrace(PTRACE_LISTEN, pid, nullptr, nullptr);
        return;
    }
    if (event == 0 && is_a_crash(signal))
        report_.died.push_back(program_of(pid) + " SIG" + sigabbrev_np(signal) + " in " +
                               stack_of(pid));
    (void)::ptrace(PTRACE_CONT, pid, nullptr, event == 0 ? signal : 0);
}

bool Tracer::in_window(const std::string& program, const std::string& call) {
    if (program != plan_.program) return false;
    if (!plan_.after.empty() && call == plan_.after) window_open_ = true;
    if (!plan_.after.empty() && !window_open_) return false;
    if (plan_.alongside.empty() || call == plan_.after) return true;
    for (const pid_t tracee : tracees_)
        if (program_of(tracee) == plan_.alongside) return true;
    return false;
}

bool Tracer::is_the_one(pid_t pid, const std::string& call) {
    ++report_.calls;
    return tried_ ? tried_->is_new(site_of(pid, call).number) : report_.calls == plan_.nth;
}

void Tracer::let_the_disk_fail(pid_t pid, const std::string& call, std::uint64_t descriptor) {
    std::error_code none;
    const std::string path = std::filesystem::read_symlink(
        "/proc/" + std::to_string(pid) + "/fd/" + std::to_string(descriptor), none);
    if (!path.starts_with(plan_.below) || ++report_.calls < plan_.nth) return;
    if (report_.hit.empty()) report_.hit = call;
    if (!let_fail(pid, call, EIO)) report_.hit = "not let fail";
}

void Tracer::handle_call(pid_t pid) {
    __ptrace_syscall_info info{};
    const bool known = ::ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) > 0;
    const std::string call = known ? name_of(info.seccomp.nr) : "";
    if (!plan_.below.empty()) {
        let_the_disk_fail(pid, call, info.seccomp.args[0]);
        (void)::ptrace(PTRACE_CONT, pid, nullptr, 0);
        return;
    }
    const bool counted = report_.hit.empty() && in_window(program_of(pid), call) &&
                         counts(plan_.set, call, info.seccomp.args);
    if (counted && is_the_one(pid, call)) {
        report_.hit = call;
        if (plan_.kill) {
            (void)::kill(pid, SIGKILL);
            return;
        }
        report_.caller = site_of(pid, call).caller;
        if (!let_fail(pid, call, usual_error(call))) report_.hit = "not let fail";
    }
    (void)::ptrace(PTRACE_CONT, pid, nullptr, 0);
}

}  // namespace latchkey::crash
