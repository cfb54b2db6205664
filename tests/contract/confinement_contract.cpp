// SPDX-License-Identifier: MIT
//
// The verifier's sandbox: its store and nothing else.
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <thread>

#include "adapters/confinement/confinement.hpp"
#include "adapters/system/seqpacket.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace latchkey;

constexpr int kManaged = 0;
constexpr int kDenied = 1;
constexpr int kNotConfined = 2;

// What `deed` comes to in a process confined to `store`.
int confined(const std::string& store, const std::function<bool()>& deed) {
    return Forked{[&] {
               if (!confine_verifier(store)) return kNotConfined;
               return deed() ? kManaged : kDenied;
           }}
        .wait();
}

bool opens(const std::string& path, int flags) {
    return ::open(path.c_str(), flags | O_CLOEXEC, 0600) >= 0;
}

}  // namespace

TEST_CASE("a confined verifier makes, locks, syncs, renames and removes files of its store",
          "[confinement]") {
    const TemporaryDirectory store;
    CHECK(confined(store.path(), [&] {
              const int fd = ::open(store.file("a").c_str(), O_RDWR | O_CREAT | O_EXCL, 0600);
              struct flock lock {};
              lock.l_type = F_WRLCK;
              return fd >= 0 && ::write(fd, "x", 1) == 1 && ::fsync(fd) == 0 &&
                     ::ftruncate(fd, 0) == 0 && ::flock(fd, LOCK_EX) == 0 &&
                     ::fcntl(fd, F_SETLK, &lock) == 0 &&
                     ::rename(store.file("a").c_str(), store.file("b").c_str()) == 0 &&
                     opens(store.file("b"), O_RDONLY) && ::unlink(store.file("b").c_str()) == 0;
          }) == kManaged);
}

TEST_CASE("a confined verifier talks over the sockets that it holds", "[confinement]") {
    const TemporaryDirectory store;
    auto ends = Seqpacket::make_pair();
    REQUIRE(ends);
    CHECK(confined(store.path(), [&] {
              return ends->first.send_message(wire::Queued{}).has_value() &&
                     ends->second.receive_message<wire::Queued>(std::nullopt).has_value();
          }) == kManaged);
}

TEST_CASE("a confined verifier reaches no other file, process or network", "[confinement]") {
    const TemporaryDirectory store;
    const TemporaryDirectory beside;
    const std::string file = beside.write("kept", "kept");
    const pid_t parent = ::getpid();
    struct Row {
        const char* name;
        std::function<bool()> deed;
        bool needs_landlock = false;
    };
    const std::vector<Row> rows{
        {"read beside the store", [&] { return opens(file, O_RDONLY); }, true},
        {"write beside the store", [&] { return opens(file, O_WRONLY); }, true},
        {"create beside the store", [&] { return opens(beside.file("x"), O_CREAT | O_RDWR); },
         true},
        {"remove beside the store", [&] { return ::unlink(file.c_str()) == 0; }, true},
        {"rename out of the store",
         [&] { return ::rename(file.c_str(), store.file("x").c_str()) == 0; }, true},
        {"open /etc/shadow", [] { return opens("/etc/shadow", O_RDONLY); }, true},
        {"open memory of the parent",
         [&] { return opens("/proc/" + std::to_string(parent) + "/mem", O_RDWR); }, true},
        {"IPv4", [] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; }},
        {"IPv6", [] { return ::socket(AF_INET6, SOCK_DGRAM, 0) >= 0; }},
        {"Unix", [] { return ::socket(AF_UNIX, SOCK_STREAM, 0) >= 0; }},
        {"netlink", [] { return ::socket(AF_NETLINK, SOCK_RAW, 0) >= 0; }},
        {"signal", [&] { return ::kill(parent, 0) == 0; }},
        {"fork", [] { return ::fork() >= 0; }},
        {"exec", [] { return ::execl("/bin/true", "true", nullptr) == 0; }},
        {"make it dumpable", [] { return ::prctl(PR_SET_DUMPABLE, 1) == 0; }},
        {"become another user", [] { return ::setuid(1) == 0; }},
        {"make a file readable for all", [&] { return ::chmod(store.path().c_str(), 0777) == 0; }},
        {"thread",
         [] {
             try {
                 std::thread{[] {}}.join();
                 return true;
             } catch (const std::system_error&) {
                 return false;
             }
         }},
    };
    for (const Row& row : rows) {
        INFO(row.name);
        if (row.needs_landlock && landlock_version() == 0) continue;
        CHECK(confined(store.path(), row.deed) == kDenied);
    }
    CHECK(content_of(file) == "kept");
}

TEST_CASE("confinement to a directory that is not there is refused", "[confinement]") {
    const TemporaryDirectory store;
    CHECK(Forked{[&] { return confine_verifier(store.file("absent")) ? 1 : 0; }}.wait() == 0);
    store.write("file", "");
    CHECK(Forked{[&] { return confine_verifier(store.file("file")) ? 1 : 0; }}.wait() == 0);
}
