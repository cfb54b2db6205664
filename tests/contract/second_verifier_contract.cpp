// SPDX-License-Identifier: MIT
//
// The verifier's sandbox, from within a second verifier: they are of one user, and only
// the sandbox keeps the one from the other (threat C1).
#include <errno.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "adapters/confinement/confinement.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace latchkey;

constexpr int kManaged = 0;
constexpr int kDenied = 1;
constexpr int kNotConfined = 2;
constexpr int kFailed = 3;  // for another reason than that it was forbidden

bool is_refusal(int error) {
    return error == EPERM || error == EACCES || error == ENOSYS;
}

// A user with nothing but its number, where the tests run as root.
bool becomes_unprivileged() {
    constexpr uid_t kNobody = 65534;
    return ::geteuid() != 0 ||
           (::setgroups(0, nullptr) == 0 && ::setresgid(kNobody, kNobody, kNobody) == 0 &&
            ::setresuid(kNobody, kNobody, kNobody) == 0);
}

constexpr char kUntouched = 'u';
char memory_of_victim = kUntouched;  // at the same place in every child of the test

// The verifier of somebody else's login, neither parent nor child of the thief. It lets
// everybody of its user in as far as a process can, so that nothing but the thief's own
// sandbox stands in the way.
class Victim {
public:
    Victim() : process_([this] { return live(); }) {
        ready_.close_writer();
        REQUIRE(ready_.wait());
    }
    [[nodiscard]] pid_t pid() const { return process_.pid(); }
    // Asks it to end: 0 if it lived to be asked, and found nothing of its own changed.
    int is_asked() {
        leave_.go();
        return process_.wait();
    }

private:
    int live() {
        if (!becomes_unprivileged() || ::prctl(PR_SET_DUMPABLE, 1) != 0) return 1;
        ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);  // where there is Yama
        const auto before = condition();
        ready_.go();
        return leave_.wait() && condition() == before ? 0 : 1;
    }
    static std::vector<long> condition() {
        rlimit files{};
        cpu_set_t processors{};
        ::getrlimit(RLIMIT_NOFILE, &files);
        ::sched_getaffinity(0, sizeof processors, &processors);
        return {static_cast<long>(files.rlim_cur), ::getpriority(PRIO_PROCESS, 0),
                ::sched_getscheduler(0), CPU_COUNT(&processors), memory_of_victim};
    }

    Signal ready_;
    Signal leave_;
    Forked process_;
};

struct DeedToVictim {
    const char* name;
    bool (*deed)(pid_t victim, int pidfd);
    bool containers_refuse = false;  // by a filter of their own
};

bool reads_memory(pid_t victim, int) {
    char byte = 0;
    iovec into{&byte, 1};
    iovec from{&memory_of_victim, 1};
    return ::process_vm_readv(victim, &into, 1, &from, 1, 0) == 1 && byte == kUntouched;
}
bool writes_memory(pid_t victim, int) {
    char byte = 'x';
    iovec from{&byte, 1};
    iovec into{&memory_of_victim, 1};
    return ::process_vm_writev(victim, &from, 1, &into, 1, 0) == 1;
}
bool lowers_limit(pid_t victim, int) {
    const rlimit few{3, 3};
    return ::prlimit(victim, RLIMIT_NOFILE, &few, nullptr) == 0;
}
bool pins_down(pid_t victim, int) {
    cpu_set_t same{};
    return ::sched_getaffinity(0, sizeof same, &same) == 0 &&
           ::sched_setaffinity(victim, sizeof same, &same) == 0;
}
bool makes_batch(pid_t victim, int) {
    const sched_param none{};
    return ::sched_setscheduler(victim, SCHED_BATCH, &none) == 0;
}

// `pidfd` stands for one that the thief was given before it was confined.
const std::vector<DeedToVictim> kDeedsToVictim{
    {"ptrace", [](pid_t victim, int) { return ::ptrace(PTRACE_SEIZE, victim, 0, 0) == 0; }},
    {"read memory", &reads_memory},
    {"write memory", &writes_memory},
    {"pidfd_open", [](pid_t victim, int) { return ::syscall(SYS_pidfd_open, victim, 0) >= 0; }},
    {"pidfd_getfd", [](pid_t, int pidfd) { return ::syscall(SYS_pidfd_getfd, pidfd, 0, 0) >= 0; },
     true},
    {"signal by pidfd",
     [](pid_t, int pidfd) {
         return ::syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, nullptr, 0) == 0;
     }},
    {"kill", [](pid_t victim, int) { return ::kill(victim, SIGKILL) == 0; }},
    {"look whether it lives", [](pid_t victim, int) { return ::kill(victim, 0) == 0; }},
    {"tgkill",
     [](pid_t victim, int) { return ::syscall(SYS_tgkill, victim, victim, SIGKILL) == 0; }},
    {"sigqueue", [](pid_t victim, int) { return ::sigqueue(victim, SIGKILL, {}) == 0; }},
    {"prlimit", &lowers_limit},
    {"setpriority",
     [](pid_t victim, int) {
         return ::setpriority(PRIO_PROCESS, static_cast<id_t>(victim), 19) == 0;
     }},
    {"sched_setaffinity", &pins_down},
    {"sched_setscheduler", &makes_batch},
};

// What the deed comes to in a process of the victim's user; confined to `store`, if any.
int committed(const DeedToVictim& row, pid_t victim, const std::string& store) {
    return Forked{[&] {
               if (!becomes_unprivileged()) return kNotConfined;
               const int pidfd = static_cast<int>(::syscall(SYS_pidfd_open, victim, 0));
               if (pidfd < 0 || (!store.empty() && !confine_verifier(store))) return kNotConfined;
               errno = 0;
               if (row.deed(victim, pidfd)) return kManaged;
               return is_refusal(errno) ? kDenied : kFailed;
           }}
        .wait();
}

}  // namespace

TEST_CASE("a confined verifier does nothing to a second verifier of the same user",
          "[confinement]") {
    const TemporaryDirectory store;
    Victim victim;
    int refused = 0;
    for (const DeedToVictim& row : kDeedsToVictim) {
        INFO(row.name);
        const int outcome = committed(row, victim.pid(), store.path());
        CHECK(outcome == kDenied);
        refused += outcome == kDenied ? 1 : 0;
    }
    CHECK(victim.is_asked() == 0);
    // Else this would prove nothing: unconfined, the same user manages them.
    int managed = 0;
    for (const DeedToVictim& row : kDeedsToVictim) {
        INFO(row.name);
        const int outcome = committed(row, Victim{}.pid(), "");
        CHECK((outcome == kManaged || (row.containers_refuse && outcome == kDenied)));
        managed += outcome == kManaged ? 1 : 0;
    }
    evidence("C1 a second verifier of the same user",
             std::to_string(kDeedsToVictim.size()) + " deeds of a confined verifier",
             std::to_string(refused) + " refused, the victim lives unchanged; " +
                 std::to_string(managed) + " managed without the sandbox");
}
