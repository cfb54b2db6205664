// SPDX-License-Identifier: MIT
//
// The monitor's program at its door: whom it does not serve (T12, T15), and what it makes of a
// greeting of another version (T34). Inside a sandbox, as root.
#include <unistd.h>

#include <chrono>
#include <string>

#include "adapters/system/seqpacket.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/running_program.hpp"

using namespace latchkey;
using namespace std::chrono_literals;

namespace {

constexpr const char* kMonitor = "/usr/libexec/latchkey/latchkey-monitor";
constexpr uid_t kNobody = 65534;
constexpr int kNotServed = 2;

Deadline soon() {
    return std::chrono::steady_clock::now() + 20s;
}

struct Door {
    Seqpacket ours;
    RunningProgram monitor;

    // The monitor run by `user` on a socket that `peer` has made.
    static Door of(const std::string& mode, uid_t user, uid_t peer) {
        REQUIRE(::seteuid(peer) == 0);
        auto ends = Seqpacket::make_pair();
        REQUIRE(::seteuid(0) == 0);
        REQUIRE(ends);
        return {std::move(ends->first),
                RunningProgram{{kMonitor, mode}, user, user, std::move(ends->second).take_fd()}};
    }
    // True if it ended without a word and without having served.
    bool is_shut() {
        const auto ended = monitor.ended_within(20s);
        return ended == kNotServed && !ours.receive(soon());
    }
};

}  // namespace

TEST_CASE("the monitor serves nobody who starts it without being root") {
    for (const char* mode :
         {"--admin", "--login", "--user", "--listen", "--deliver", "--probe", "--kill-all=58211"}) {
        CAPTURE(mode);
        Door door = Door::of(mode, kNobody, kNobody);
        (void)door.ours.send_message(wire::AdminRequest{});
        CHECK(door.is_shut());
    }
}

TEST_CASE("the monitor kills nothing of root's, and nothing of a uid that is none") {
    for (const char* mode : {"--kill-all=0", "--kill-all=", "--kill-all=ada", "--kill-all=-1",
                             "--kill-all=4294967295", "--kill-all=4294967296"}) {
        CAPTURE(mode);
        Door door = Door::of(mode, 0, 0);
        CHECK(door.is_shut());
    }
}

TEST_CASE("the monitor hears nobody but root, whoever has started it") {
    for (const char* mode : {"--admin", "--login"}) {
        CAPTURE(mode);
        Door door = Door::of(mode, 0, kNobody);
        (void)door.ours.send_message(wire::AdminRequest{});
        CHECK(door.is_shut());
    }
}

TEST_CASE("a login of another version is refused like any other, before it is looked at") {
    const auto version = GENERATE(wire::kVersion + 1, wire::kVersion - 1);
    Door door = Door::of("--login", 0, 0);
    wire::LoginHello hello;
    hello.version = version;
    hello.user = "root";
    hello.service = "login";
    hello.tty = "tty1";
    REQUIRE(door.ours.send_message(hello));
    const auto end = door.ours.receive_message<wire::LoginFinish>(soon());
    REQUIRE(end);
    CHECK(end->outcome == Outcome::Refused);
    CHECK(end->password.empty());
    CHECK(door.monitor.ended_within(20s) == 0);
    // Nothing was begun: a slot would be taken first.
    CHECK(::access("/run/latchkey", F_OK) != 0);
}

TEST_CASE("a command of another version is told to finish the upgrade") {
    Door door = Door::of("--admin", 0, 0);
    wire::AdminRequest request;
    request.version = wire::kVersion + 1;
    REQUIRE(door.ours.send_message(request));
    const auto reply = door.ours.receive_message<wire::AdminReply>(soon());
    REQUIRE(reply);
    CHECK(reply->last);
    CHECK(reply->exit_status == 7);
    CHECK(reply->error.find("finish the upgrade") != std::string::npos);
}

TEST_CASE("the users' entry takes no request of root's, whoever sends it") {
    const auto peer = GENERATE(kNobody, uid_t{0});
    Door door = Door::of("--user", 0, peer);
    wire::AdminRequest request;
    request.verb = wire::AdminVerb::Status;
    request.user = "root";
    REQUIRE(door.ours.send_message(request));
    const auto reply = door.ours.receive_message<wire::AdminReply>(soon());
    REQUIRE(reply);
    CHECK(reply->last);
    CHECK(reply->json.empty());
    CHECK_FALSE(reply->error.empty());
    CHECK(door.monitor.ended_within(20s) == 0);
}

TEST_CASE("the users' entry serves nobody who has no account on this host") {
    Door door = Door::of("--user", 0, 54321);
    (void)door.ours.send_message(wire::UserRequest{});
    const auto reply = door.ours.receive_message<wire::AdminReply>(soon());
    REQUIRE(reply);
    CHECK(reply->error.find("you have no local account on this host") == 0);
    CHECK(door.monitor.ended_within(20s) == 0);
}
