// SPDX-License-Identifier: MIT
#include "monitor/slots.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;

namespace {

// Takes slots from ever new sources until there are none.
std::vector<UniqueFd> take_all_remote(const std::string& directory) {
    std::vector<UniqueFd> taken;
    for (int i = 0; i < 100; ++i) {
        auto slot = take_slot(directory, Surface::Remote, "192.0.2." + std::to_string(i));
        if (!slot) break;
        taken.push_back(std::move(*slot));
    }
    return taken;
}

}  // namespace

TEST_CASE("remote sources get 28 slots, consoles the last four, and nobody a 33rd") {
    const TemporaryDirectory parent;
    const std::string directory = parent.file("slots");
    std::vector<UniqueFd> taken = take_all_remote(directory);
    CHECK(taken.size() == 28);
    for (int i = 0; i < 4; ++i) {
        auto slot = take_slot(directory, Surface::Console, "console:tty1");
        REQUIRE(slot);
        taken.push_back(std::move(*slot));
    }
    CHECK_FALSE(take_slot(directory, Surface::Console, "console:tty2"));
    CHECK_FALSE(take_slot(directory, Surface::Remote, "198.51.100.1"));
    taken.erase(taken.begin());
    CHECK(take_slot(directory, Surface::Remote, "198.51.100.1"));
}

TEST_CASE("consoles alone may take all 32") {
    const TemporaryDirectory parent;
    std::vector<UniqueFd> taken;
    for (int i = 0; i < 32; ++i) {
        auto slot = take_slot(parent.file("slots"), Surface::Console, "console:tty1");
        REQUIRE(slot);
        taken.push_back(std::move(*slot));
    }
    CHECK_FALSE(take_slot(parent.file("slots"), Surface::Console, "console:tty1"));
}

TEST_CASE("one remote source gets four slots, and its neighbours still theirs") {
    const TemporaryDirectory parent;
    const std::string directory = parent.file("slots");
    std::vector<UniqueFd> taken;
    for (int i = 0; i < 4; ++i) {
        auto slot = take_slot(directory, Surface::Remote, "192.0.2.7");
        REQUIRE(slot);
        taken.push_back(std::move(*slot));
    }
    CHECK_FALSE(take_slot(directory, Surface::Remote, "192.0.2.7"));
    CHECK(take_slot(directory, Surface::Remote, "192.0.2.8"));
    CHECK(take_slot(directory, Surface::Console, "192.0.2.7"));
    taken.pop_back();
    CHECK(take_slot(directory, Surface::Remote, "192.0.2.7"));
}

TEST_CASE("a refused source does not keep a general slot") {
    const TemporaryDirectory parent;
    const std::string directory = parent.file("slots");
    std::vector<UniqueFd> taken;
    for (int i = 0; i < 4; ++i)
        taken.push_back(*take_slot(directory, Surface::Remote, "192.0.2.200"));
    for (int i = 0; i < 50; ++i)
        REQUIRE_FALSE(take_slot(directory, Surface::Remote, "192.0.2.200"));
    CHECK(take_all_remote(directory).size() == 24);
}

TEST_CASE("a slot is free when its holder is killed") {
    const TemporaryDirectory parent;
    const std::string directory = parent.file("slots");
    Signal holding;
    Signal never;
    Forked holder{[&] {
        const std::vector<UniqueFd> taken = take_all_remote(directory);
        if (taken.size() != 28) return 1;
        holding.go();
        return never.wait() ? 0 : 2;
    }};
    REQUIRE(holding.wait());
    CHECK_FALSE(take_slot(directory, Surface::Remote, "198.51.100.1"));
    holder.kill();
    CHECK(take_slot(directory, Surface::Remote, "198.51.100.1"));
}

TEST_CASE("of fifty processes at once 28 get a slot") {
    const TemporaryDirectory parent;
    const std::string directory = parent.file("slots");
    Signal start;
    Signal end;
    std::vector<Forked> processes;
    std::vector<std::unique_ptr<Signal>> answered;
    for (int i = 0; i < 50; ++i) {
        answered.push_back(std::make_unique<Signal>());
        processes.emplace_back([&, i] {
            (void)start.wait();
            const auto slot = take_slot(directory, Surface::Remote, "source " + std::to_string(i));
            answered.back()->go();
            (void)end.wait();
            return slot ? 0 : 1;
        });
    }
    start.close_writer();
    for (const auto& one : answered) REQUIRE(one->wait());
    end.close_writer();
    int holders = 0;
    for (Forked& process : processes) holders += process.wait() == 0 ? 1 : 0;
    CHECK(holders == 28);
}

TEST_CASE("the directory is made for root alone, and a foreign one is not used") {
    const TemporaryDirectory parent;
    const std::string directory = parent.file("run/slots");
    REQUIRE(take_slot(directory, Surface::Console, "console:tty1"));
    struct stat state {};
    REQUIRE(::stat(directory.c_str(), &state) == 0);
    CHECK((state.st_mode & 07777) == 0700);
    REQUIRE(::chmod(directory.c_str(), 0722) == 0);
    CHECK_FALSE(take_slot(directory, Surface::Console, "console:tty1"));
    REQUIRE(::chmod(directory.c_str(), 0700) == 0);
    REQUIRE(::chown(directory.c_str(), 65534, 65534) == 0);
    CHECK_FALSE(take_slot(directory, Surface::Console, "console:tty1"));
    REQUIRE(::symlink("/tmp", parent.file("link").c_str()) == 0);
    CHECK_FALSE(take_slot(parent.file("link"), Surface::Console, "console:tty1"));
    parent.write("file", "");
    CHECK_FALSE(take_slot(parent.file("file"), Surface::Console, "console:tty1"));
    CHECK_FALSE(take_slot(parent.file("file") + "/slots", Surface::Console, "console:tty1"));
}

TEST_CASE("each user has two places of their own, and those of logins stay free") {
    const TemporaryDirectory parent;
    const std::string directory = parent.file("slots");
    auto first = take_user_slot(directory, 1001);
    auto second = take_user_slot(directory, 1001);
    REQUIRE(first);
    REQUIRE(second);
    CHECK_FALSE(take_user_slot(directory, 1001));
    CHECK(take_user_slot(directory, 1002));
    CHECK(take_user_slot(directory, 0));
    CHECK(take_user_slot(directory, 4294967294));
    CHECK(take_all_remote(directory).size() == 28);
    first.reset();
    CHECK(take_user_slot(directory, 1001));
}
