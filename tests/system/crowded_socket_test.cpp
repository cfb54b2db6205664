// SPDX-License-Identifier: MIT
//
// The users' socket when one user connects without end, or says nothing (H10).
#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/system/comes_true.hpp"
#include "tests/system/machine.hpp"
#include "tests/system/processes.hpp"
#include "tests/system/user_socket.hpp"

namespace latchkey {
namespace {

struct Host {
    Machine machine;
    RunningProgram listener;

    Host() {
        for (const char* name : {"ada", "bob"}) machine.add_account(name, "correct horse battery");
        machine.set_up();
        listener = listen_for_users();
    }
};

constexpr const char* connecting =
    "import socket, sys, time\n"
    "def connection():\n"
    "    each = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)\n"
    "    each.connect('/run/latchkey/user.sock')\n"
    "    return each\n";

// A program of ada's own, which may connect().
std::vector<std::string> adas(const std::string& program) {
    return {"/usr/bin/setpriv", "--reuid=ada", "--regid=ada",       "--init-groups",
            "/usr/bin/python3", "-c",          connecting + program};
}

int status_for(const std::string& user) {
    return run_command(as_user(user, {"status"})).status;
}

}  // namespace

TEST_CASE(
    "H10 a thousand connections of one user keep nobody else out, and not themselves for long") {
    Host host;
    Terminal flood{
        adas("held = [connection() for each in range(1000)]\n"
             "print('all of them', flush=True)\n"
             "time.sleep(600)\n")};
    flood.expect("all of them");
    CHECK(status_for("bob") == 0);
    CHECK(run_command({"latchkey", "status", "ada"}).status == 0);
    CHECK(processes_with_command(std::string{login_monitor} + " --user").size() <= 6);
    flood.hang_up();
    CHECK(comes_true([] { return status_for("ada") == 0; }));
    evidence("H10 users' socket", "1,000 connections of one user, held", "others are served");
}

TEST_CASE("H10 whoever connects and says nothing is let go after ten seconds") {
    Host host;
    const Completed silent =
        run_command(adas("began = time.monotonic()\n"
                         "two = [connection(), connection()]\n"
                         "for each in two:\n"
                         "    each.settimeout(30)\n"
                         "    while each.recv(65536): pass\n"
                         "print(int(time.monotonic() - began))\n"));
    INFO(silent.err);
    REQUIRE(silent.status == 0);
    const int seconds = std::stoi(silent.out);
    CHECK(seconds >= 9);
    CHECK(seconds < 20);
    CHECK(status_for("ada") == 0);
}

}  // namespace latchkey
