// SPDX-License-Identifier: MIT
//
// Stops one program of a running flow at the n-th system call it makes, for whoever
// wants to know what is left on the machine then (crash_test.cpp, faults_test.cpp):
//
//   stop_at PROGRAM SET N kill|fail REPORT [--after CALL] [--alongside PROGRAM]
//           [--tried FILE] [--below PATH] -- COMMAND...
//
//   PROGRAM   base name and mode, as in "latchkey-verifier --login"
//   SET       changes: calls that change something outside the process
//             fails: calls that can fail
//             storage: calls that a disk answers
//   N         at which of them; one run for each N from 1 until REPORT names no call
//   kill      the program gets SIGKILL instead of making the call
//   fail      the call is not made and says what the kernel says without space, memory ...
//   --tried   instead of the N-th: at the first call from a place in the program (sites.hpp)
//             that is not in FILE, and writes it there; one run for each until none is new
//   --below   instead: the N-th and all later calls of any program fail with EIO, if they are
//             on a file whose path begins so: a broken disk
//   REPORT    a file, written when COMMAND and all it started have ended:
//             "calls NUMBER", "hit CALL" if there was an N-th, and for each process that
//             crashed "died PROGRAM SIGNAL in FILE+OFFSET < ...", the code that crashed and
//             what its stack holds of callers
//
//   $ scripts/sandbox build/release/tests/crash/stop_at latchkey-monitor changes 7 kill /tmp/report
//   -- /usr/bin/login ada
//
// Why not strace -e inject: it counts per process instead of per program, so that -f
// hits every process of the flow, and one N is not one point. COMMAND keeps the
// process it was started in, its parent and its terminal, because login(1) looks at all
// three; the tracer is a process that nobody waits for. As root, on x86-64.
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "tests/crash/tracer.hpp"

namespace {

using latchkey::crash::Plan;
using latchkey::crash::Report;
using latchkey::crash::Tracer;

struct Arguments {
    Plan plan;
    std::string report;
    char** command = nullptr;
};

Arguments parse(int argc, char* argv[]) {
    if (argc < 8) throw std::invalid_argument("see the head of stop_at.cpp");
    Arguments arguments;
    Plan& plan = arguments.plan;
    plan.program = argv[1];
    plan.set = argv[2];
    plan.nth = static_cast<unsigned>(std::stoul(argv[3]));
    plan.kill = std::string{argv[4]} == "kill";
    arguments.report = argv[5];
    for (int i = 6; i + 1 < argc; i += 2) {
        const std::string word = argv[i];
        if (word == "--after") plan.after = argv[i + 1];
        if (word == "--alongside") plan.alongside = argv[i + 1];
        if (word == "--below") plan.below = argv[i + 1];
        if (word == "--tried") plan.tried = argv[i + 1];
        if (word == "--") {
            arguments.command = argv + i + 1;
            return arguments;
        }
    }
    throw std::invalid_argument("no -- COMMAND");
}

// Under its name only when it is whole.
void write_report(const std::string& path, const Report& report) {
    {
        std::ofstream file{path + ".new"};
        file << "calls " << report.calls << '\n';
        if (!report.hit.empty()) file << "hit " << report.hit << '\n';
        if (!report.caller.empty()) file << "caller " << report.caller << '\n';
        for (const std::string& one : report.died) file << "died " << one << '\n';
    }
    (void)::rename((path + ".new").c_str(), path.c_str());
}

[[noreturn]] void trace(const Arguments& arguments, pid_t command, int ready) {
    (void)::setsid();  // the terminal's signals are for COMMAND
    Tracer tracer{arguments.plan};
    const char good = tracer.seize(command) ? 1 : 0;
    (void)!::write(ready, &good, 1);
    ::close_range(0, ~0U, 0);  // and so is the terminal
    write_report(arguments.report, tracer.run());
    ::_exit(0);
}

// A tracer for this process, adopted by process 1 at once.
bool start_tracer(const Arguments& arguments) {
    std::array<int, 2> ready{};
    if (::pipe2(ready.data(), O_CLOEXEC) != 0) return false;
    const pid_t self = ::getpid();
    const pid_t between = ::fork();
    if (between == 0) {
        if (::fork() == 0) trace(arguments, self, ready[1]);
        ::_exit(0);
    }
    ::close(ready[1]);
    char good = 0;
    const bool seized =
        between > 0 && ::waitpid(between, nullptr, 0) == between && ::read(ready[0], &good, 1) == 1;
    ::close(ready[0]);
    return seized && good == 1;
}

}  // namespace

int main(int argc, char* argv[]) {
    try {
        const Arguments arguments = parse(argc, argv);
        if (!start_tracer(arguments) || !latchkey::crash::stop_at_calls_of(arguments.plan)) {
            fputs("stop_at: cannot trace\n", stderr);
            return 2;
        }
        ::execv(arguments.command[0], arguments.command);
        perror(arguments.command[0]);
    } catch (const std::exception& problem) {
        fprintf(stderr, "stop_at: %s\n", problem.what());
    }
    return 2;
}
