// SPDX-License-Identifier: MIT
#include "monitor/process.hpp"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <memory>

#include "monitor/orphans.hpp"

// glibc 2.36's header declares C functions without saying so to C++.
extern "C" {
#include <sys/pidfd.h>
}

namespace latchkey {

namespace {

// Root, all three ids of it: su leaves its caller's real uid behind.
struct Identity {
    uid_t uid = 0;
    gid_t gid = 0;
    std::optional<gid_t> group;
};

// Everything the child needs, made before the fork.
struct Plan {
    std::vector<char*> argv;
    Identity identity;
    int descriptor3;  // -1: none
    int report;       // the failing step is written here; closed by execve
    pid_t parent;     // 0: detached, may outlive it
};

struct Report {
    std::array<char, 32> step{};
    int error = 0;
};

Error system_error(const std::string& what) {
    return {ErrorKind::Unavailable, what + ": " + strerrordesc_np(errno)};
}

[[noreturn]] void give_up(int report, const char* step) {
    Report text;
    text.error = errno;
    ::strncpy(text.step.data(), step, text.step.size() - 1);
    // If even this fails the parent sees an end without a program.
    (void)!::write(report, &text, sizeof text);
    ::_exit(127);
}

// Returns where the report is now.
int arrange_descriptors(const Plan& plan) {
    constexpr int kAbove = 16;  // out of the way of 0 to 3
    const int report = ::fcntl(plan.report, F_DUPFD_CLOEXEC, kAbove);
    if (report < 0) ::_exit(127);
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    const int null_above = ::fcntl(null, F_DUPFD_CLOEXEC, kAbove);
    if (null_above < 0) give_up(report, "/dev/null");
    if (plan.descriptor3 >= 0) {
        const int above = ::fcntl(plan.descriptor3, F_DUPFD_CLOEXEC, kAbove);
        if (above < 0 || ::dup2(above, 3) < 0) give_up(report, "descriptor 3");
    } else {
        ::close(3);
    }
    for (int fd = 0; fd <= 2; ++fd)
        if (::dup2(null_above, fd) < 0) give_up(report, "dup2");
    if (::close_range(4, ~0U, CLOSE_RANGE_CLOEXEC) != 0) give_up(report, "close_range");
    return report;
}

void drop_to(const Identity& identity, int report) {
    const gid_t group = identity.group.value_or(0);
    if (::setgroups(identity.group ? 1 : 0, &group) != 0) give_up(report, "setgroups");
    if (::setresgid(identity.gid, identity.gid, identity.gid) != 0) give_up(report, "setresgid");
    if (::setresuid(identity.uid, identity.uid, identity.uid) != 0) give_up(report, "setresuid");
    if (identity.uid == 0) return;
    // Read back: a kernel or security module that keeps root must not go unnoticed.
    if (::setresuid(static_cast<uid_t>(-1), 0, static_cast<uid_t>(-1)) == 0 || ::getuid() == 0 ||
        ::geteuid() == 0)
        give_up(report, "root was kept");
}

[[noreturn]] void become(const Plan& plan) {
    const int report = arrange_descriptors(plan);
    drop_to(plan.identity, report);
    if (plan.parent != 0) {
        // setresuid clears it, so it comes after; the parent may have died before.
        if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) give_up(report, "PR_SET_PDEATHSIG");
        if (::getppid() != plan.parent) ::_exit(127);
    }
    std::array<char*, 1> environment{nullptr};
    ::execve(plan.argv.front(), plan.argv.data(), environment.data());
    give_up(report, "execve");
}

int become_in_child(void* plan) {
    become(*static_cast<const Plan*>(plan));
}

// A child that shares our memory until it is another program, on a stack of its
// own, while we stand still: nothing is copied that a person would wait for.
// Its process is its own all the same: ids, descriptors, signals.
pid_t spawn(Plan& plan) {
    alignas(16) std::array<char, std::size_t{16} * 1024> stack;
    return ::clone(become_in_child, stack.data() + stack.size(), CLONE_VM | CLONE_VFORK | SIGCHLD,
                   &plan);
}

// Ours are local (config/sysusers), so no directory is asked for them.
Result<Identity> identity_of(const std::string& user) {
    if (user.empty()) return Identity{};
    const std::unique_ptr<FILE, int (*)(FILE*)> file{::fopen("/etc/passwd", "re"), ::fclose};
    while (const passwd* row = file ? ::fgetpwent(file.get()) : nullptr) {
        if (user != row->pw_name) continue;
        if (row->pw_uid == 0 || row->pw_gid == 0)
            return Error{ErrorKind::Misconfigured, "user is root: " + user};
        return Identity{row->pw_uid, row->pw_gid, {}};
    }
    return Error{ErrorKind::Misconfigured, "no such user: " + user};
}

Result<std::pair<UniqueFd, UniqueFd>> report_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return system_error("pipe2");
    return std::pair{UniqueFd{ends[0]}, UniqueFd{ends[1]}};
}

// Nothing to read: the program runs.
Result<void> read_report(const UniqueFd& from, const std::string& path) {
    Report text;
    ssize_t got = 0;
    do got = ::read(from.get(), &text, sizeof text);
    while (got < 0 && errno == EINTR);
    if (got == 0) return {};
    if (got != sizeof text) return Error{ErrorKind::Unavailable, "start " + path};
    return Error{ErrorKind::Misconfigured,
                 "start " + path + ": " + text.step.data() + ": " + strerrordesc_np(text.error)};
}

Result<Plan> plan_for(const Program& program, int descriptor3, int report) {
    if (program.path.empty() || program.path.front() != '/')
        return Error{ErrorKind::Misconfigured, "path is not absolute: " + program.path};
    auto identity = identity_of(program.user);
    if (!identity) return std::move(identity).error();
    identity->group = program.group;
    Plan plan{{}, *identity, descriptor3, report, 0};
    // execve takes char* for C's sake and does not write through it.
    plan.argv.push_back(const_cast<char*>(program.path.c_str()));
    for (const std::string& argument : program.arguments)
        plan.argv.push_back(const_cast<char*>(argument.c_str()));
    plan.argv.push_back(nullptr);
    return plan;
}

}  // namespace

ChildProcess::~ChildProcess() {
    kill();
}

bool ChildProcess::running() const {
    if (!pidfd_) return false;
    siginfo_t state{};
    const auto fd = static_cast<id_t>(pidfd_.get());
    return ::waitid(P_PIDFD, fd, &state, WEXITED | WNOHANG | WNOWAIT) == 0 && state.si_pid == 0;
}

void ChildProcess::kill() {
    if (pidfd_ && !(left_until_ && wait(left_until_))) {
        (void)::pidfd_send_signal(pidfd_.get(), SIGKILL, nullptr, 0);
        (void)wait(std::nullopt);
        pidfd_.reset();
    }
    if (std::exchange(left_until_, std::nullopt)) end_children_of(user_);
}

Result<int> ChildProcess::wait(Deadline deadline) {
    pollfd ended{pidfd_.get(), POLLIN, 0};
    int ready = 0;
    do ready = pidfd_ ? ::poll(&ended, 1, poll_timeout(deadline)) : 0;
    while (ready < 0 && errno == EINTR);
    if (ready == 0) return Error{ErrorKind::Unavailable, "wait: not ended"};
    if (ready < 0) return system_error("wait");
    siginfo_t state{};
    if (::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &state, WEXITED) != 0)
        return system_error("waitid");
    pidfd_.reset();
    return state.si_code == CLD_EXITED ? state.si_status : 128 + state.si_status;
}

Result<ChildProcess> start(const Program& program, UniqueFd descriptor3) {
    auto pipe = report_pipe();
    if (!pipe) return std::move(pipe).error();
    auto plan = plan_for(program, descriptor3.get(), pipe->second.get());
    if (!plan) return std::move(plan).error();
    plan->parent = ::getpid();
    const pid_t pid = spawn(*plan);
    if (pid < 0) return system_error("clone");
    ChildProcess child;
    // Not reaped yet, so the number still means this child.
    child.pidfd_ = UniqueFd{::pidfd_open(pid, 0)};
    child.user_ = plan->identity.uid;
    if (!child.pidfd_) {
        Error error = system_error("pidfd_open");
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        return error;
    }
    pipe->second.reset();
    descriptor3.reset();
    auto running = read_report(pipe->first, program.path);
    if (!running) return std::move(running).error();
    return child;
}

Result<void> start_detached(const Program& program) {
    auto pipe = report_pipe();
    if (!pipe) return std::move(pipe).error();
    auto plan = plan_for(program, -1, pipe->second.get());
    if (!plan) return std::move(plan).error();
    const pid_t between = ::fork();
    if (between < 0) return system_error("fork");
    if (between == 0) {
        if (::setsid() < 0) give_up(plan->report, "setsid");
        const pid_t pid = ::fork();
        if (pid < 0) give_up(plan->report, "fork");
        if (pid == 0) become(*plan);
        ::_exit(0);
    }
    pipe->second.reset();
    while (::waitpid(between, nullptr, 0) < 0 && errno == EINTR) {
    }
    return read_report(pipe->first, program.path);
}

}  // namespace latchkey
