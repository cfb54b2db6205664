// SPDX-License-Identifier: MIT
#include "monitor/end_sessions.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "tests/support/catch.hpp"
#include "tests/support/forked.hpp"

using namespace latchkey;

namespace {

// Of nobody, and of no other case that runs beside this one: it would end what this one counts.
const uid_t kAda = 1'000'000'000 + 2 * static_cast<uid_t>(::getpid());
const uid_t kBen = kAda + 1;
const HostAccountRules kEverybody{1000, 2'000'000'000, {}};

Result<EndedSessions> end_sessions_of(uid_t uid, const HostAccountRules& rules = kEverybody) {
    return end_sessions(uid, rules, std::chrono::steady_clock::now() + std::chrono::seconds{20},
                        LATCHKEY_PROCESS_PROBE);
}

// A process with these ids that does nothing, once `ready` says so. What an
// earlier test of a run left is not in its way.
class Process {
public:
    explicit Process(uid_t uid) : Process(uid, uid, uid) {}
    Process(
        uid_t real, uid_t effective, uid_t saved, void (*before)() = [] {})
        : process_([&] {
              before();
              if (::setresuid(real, effective, saved) != 0) return 90;
              ready_.go();
              while (true) ::pause();
              return 91;
          }) {
        REQUIRE(ready_.wait());
    }
    int end() { return process_.wait(); }
    [[nodiscard]] bool runs() const { return ::kill(process_.pid(), 0) == 0; }

private:
    Signal ready_;
    Forked process_;
};

void refuse_to_hang_up() {
    ::signal(SIGHUP, SIG_IGN);
    ::signal(SIGTERM, SIG_IGN);
}

}  // namespace

TEST_CASE("every process of the account is hung up, and no process of anybody else") {
    Process first{kAda};
    Process second{kAda};
    Process other{kBen};
    const auto ended = end_sessions_of(kAda);
    REQUIRE(ended);
    CHECK(ended->ended == 2);
    CHECK(ended->left == 0);
    CHECK(first.end() == 128 + SIGHUP);
    CHECK(second.end() == 128 + SIGHUP);
    CHECK(other.runs());
}

TEST_CASE("a process that does not hang up is killed") {
    Process process{kAda, kAda, kAda, refuse_to_hang_up};
    const auto ended = end_sessions_of(kAda);
    REQUIRE(ended);
    CHECK(ended->ended == 1);
    CHECK(process.end() == 128 + SIGKILL);
}

TEST_CASE("who has no process has none ended, and one that has ended is not counted") {
    Process process{kAda};
    REQUIRE(end_sessions_of(kAda));
    // Not reaped yet, so it is still in the table.
    const auto ended = end_sessions_of(kAda);
    REQUIRE(ended);
    CHECK(ended->ended == 0);
    CHECK(ended->left == 0);
}

TEST_CASE("the real user decides: set-id programs end, and root's servants of the account stay") {
    Process program{kAda, 0, 0};        // as the account started sudo
    Process servant{0, kAda, 0};        // as a file server works for it
    Process of_another{kBen, kBen, 0};  // as ben started one
    REQUIRE(end_sessions_of(kAda));
    CHECK(program.end() == 128 + SIGHUP);
    CHECK(servant.runs());
    CHECK(of_another.runs());
}

TEST_CASE("whoever forks faster than the process table can be read is ended as well") {
    Signal ready;
    Signal gone;
    Forked first{[&] {
        refuse_to_hang_up();
        ::signal(SIGCHLD, SIG_IGN);
        if (::setresuid(kAda, kAda, kAda) != 0) return 90;
        ready.go();
        // Each process is gone as soon as it has a child, which is too short to be seen.
        while (true) {
            const pid_t child = ::fork();
            if (child > 0) ::_exit(0);
        }
        return 91;
    }};
    REQUIRE(ready.wait());
    const auto ended = end_sessions_of(kAda);
    REQUIRE(ended);
    CHECK(ended->left == 0);
    // Each of them held the writing end.
    CHECK_FALSE(gone.wait());
}

TEST_CASE("sessions that nothing could kill are an error, whatever was seen of them") {
    const Process process{kAda, kAda, kAda, refuse_to_hang_up};
    for (const char* killer : {"/nonexistent/killer", "/bin/false"}) {
        const auto until = std::chrono::steady_clock::now();
        const auto ended = end_sessions(kAda, kEverybody, until, killer);
        REQUIRE_FALSE(ended);
    }
    CHECK(process.runs());
}

TEST_CASE("sessions of root and of no person are never ended") {
    Process system{998};
    for (const uid_t uid : {uid_t{0}, uid_t{998}, uid_t{60'001}, uid_t{65'534}}) {
        const auto ended = end_sessions_of(uid, {});
        REQUIRE_FALSE(ended);
        CHECK(ended.error().kind == ErrorKind::Rejected);
    }
    CHECK(system.runs());
}
