// SPDX-License-Identifier: MIT
#include "monitor/login_session.hpp"

#include "tests/support/catch.hpp"

using namespace latchkey;

namespace {

wire::LoginHello from(const char* service, const char* rhost, const char* tty) {
    wire::LoginHello hello;
    hello.service = service;
    hello.rhost = rhost;
    hello.tty = tty;
    return hello;
}

}  // namespace

TEST_CASE("sshd and everything with a remote host is remote, the rest is a console") {
    CHECK(surface_of(from("sshd", "192.0.2.7", "ssh")) == Surface::Remote);
    CHECK(surface_of(from("sshd", "", "ssh")) == Surface::Remote);
    CHECK(surface_of(from("login", "192.0.2.7", "pts/0")) == Surface::Remote);
    CHECK(surface_of(from("login", "", "tty1")) == Surface::Console);
    CHECK(surface_of(from("gdm-password", "", ":0")) == Surface::Console);
}

TEST_CASE("a source is a numeric address, an IPv6 network, a console or unknown") {
    CHECK(source_of(from("sshd", "192.0.2.7", "ssh")) == "192.0.2.7");
    CHECK(source_of(from("sshd", "2001:db8:1:2:3:4:5:6", "ssh")) == "2001:db8:1:2::/64");
    CHECK(source_of(from("sshd", "2001:db8:1:2:ffff::1", "ssh")) == "2001:db8:1:2::/64");
    CHECK(source_of(from("sshd", "::ffff:192.0.2.7", "ssh")) == "192.0.2.7");
    CHECK(source_of(from("sshd", "host.example.org", "ssh")) == "unknown");
    CHECK(source_of(from("sshd", "", "ssh")) == "unknown");
    CHECK(source_of(from("sshd", "192.0.2.7 ", "ssh")) == "unknown");
    CHECK(source_of(from("sshd", "0x7f.1", "ssh")) == "unknown");
    CHECK(source_of(from("login", "", "/dev/tty1")) == "console:tty1");
    CHECK(source_of(from("login", "", "tty1")) == "console:tty1");
    CHECK(source_of(from("login", "", "t\x1b[31m")) == "console:t\\x1b[31m");
}

TEST_CASE("two gates remotely, one at a console, and two everywhere for who can become root") {
    LoginSession session;
    session.account = Account{};
    session.privileged = false;
    session.surface = Surface::Console;
    CHECK(session.gates_needed() == 1);
    session.surface = Surface::Remote;
    CHECK(session.gates_needed() == 2);
    session.privileged = true;
    CHECK(session.gates_needed() == 2);
    session.surface = Surface::Console;
    CHECK(session.gates_needed() == 2);
}

TEST_CASE("a name that is no account asks for as many gates as an ordinary one") {
    LoginSession session;
    session.privileged = true;  // what is not known counts as able to become root
    session.surface = Surface::Console;
    CHECK(session.gates_needed() == 1);
}
