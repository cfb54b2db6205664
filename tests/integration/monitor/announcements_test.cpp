// SPDX-License-Identifier: MIT
#include "monitor/announcements.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/hostile_values.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;

namespace {

constexpr TimePoint kNow{std::chrono::seconds{1'800'000'000}};

struct Host {
    TemporaryDirectory parent;
    std::string directory = parent.file("acts");

    [[nodiscard]] AccountAnnouncements of(const SubjectKey& subject = "1001:ada",
                                          uid_t uid = 1001) const {
        return {directory, subject, uid};
    }
    [[nodiscard]] std::string content(const char* uid = "1001") const {
        return content_of(directory + "/announcements/" + uid);
    }
};

}  // namespace

TEST_CASE("what is announced is kept in a file that root alone can read") {
    const Host host;
    REQUIRE(host.of().announce(kNow, kNow + kAnnounced, "a new password was set"));
    REQUIRE(host.of("1002:ben", 1002).announce(kNow, kNow + kAnnounced, "unlocked"));
    CHECK(host.content() == "1001:ada\n1802592000 a new password was set\n");
    CHECK(host.content("1002") == "1002:ben\n1802592000 unlocked\n");
    struct stat file {};
    REQUIRE(::stat((host.directory + "/announcements/1001").c_str(), &file) == 0);
    CHECK((file.st_mode & 07777) == 0600);
    REQUIRE(::stat((host.directory + "/announcements").c_str(), &file) == 0);
    CHECK((file.st_mode & 07777) == 0700);
}

TEST_CASE("the same text again is one entry, told as the newest and as long as it says now") {
    const Host host;
    REQUIRE(host.of().announce(kNow, kNow + std::chrono::seconds{5}, "one"));
    REQUIRE(host.of().announce(kNow, kNow + std::chrono::seconds{5}, "two"));
    REQUIRE(host.of().announce(kNow, kNow + std::chrono::seconds{9}, "one"));
    CHECK(host.content() == "1001:ada\n1800000005 two\n1800000009 one\n");
}

TEST_CASE("what is withdrawn is no longer told, and what was never told can be withdrawn") {
    const Host host;
    REQUIRE(host.of().withdraw(kNow, "one"));
    REQUIRE(host.of().announce(kNow, kNow + kAnnounced, "one"));
    REQUIRE(host.of().announce(kNow, kNow + kAnnounced, "two"));
    REQUIRE(host.of().withdraw(kNow, "one"));
    REQUIRE(host.of().withdraw(kNow, "one"));
    CHECK(host.content() == "1001:ada\n1802592000 two\n");
}

TEST_CASE("of more than twenty announcements the newest are kept, and none that is over") {
    const Host host;
    for (int i = 1; i <= 22; ++i)
        REQUIRE(host.of().announce(kNow, kNow + kAnnounced, "event " + std::to_string(i)));
    const std::string text = host.content();
    CHECK(std::count(text.begin(), text.end(), '\n') == 21);
    CHECK(text.starts_with("1001:ada\n1802592000 event 3\n"));
    CHECK(text.ends_with(" event 22\n"));
    REQUIRE(host.of().announce(kNow + kAnnounced, kNow + 2 * kAnnounced, "a month later"));
    CHECK(host.content() == "1001:ada\n1805184000 a month later\n");
}

TEST_CASE("a reused uid is told nothing of the account before, and a damaged file begins anew") {
    const Host host;
    REQUIRE(host.of().announce(kNow, kNow + kAnnounced, "one"));
    REQUIRE(host.of("1001:eve").announce(kNow, kNow + kAnnounced, "two"));
    CHECK(host.content() == "1001:eve\n1802592000 two\n");
    for (const std::string& junk : {std::string{}, std::string{"1001:ada\njunk\n"},
                                    std::string{"1001:ada\n1 x"}, std::string(100000, 'a')}) {
        host.parent.write("acts/announcements/1001", junk);
        REQUIRE(host.of().announce(kNow, kNow + kAnnounced, "three"));
        CHECK(host.content() == "1001:ada\n1802592000 three\n");
    }
}

TEST_CASE("what is no line for a terminal is refused and changes nothing") {
    const Host host;
    REQUIRE(host.of().announce(kNow, kNow + kAnnounced, "one"));
    for (const std::string& text : {std::string{}, std::string{"two\nlines"},
                                    std::string{"\x1b[2J"}, std::string(201, 'x')}) {
        const auto announced = host.of().announce(kNow, kNow + kAnnounced, text);
        REQUIRE_FALSE(announced);
        CHECK(announced.error().kind == ErrorKind::Rejected);
    }
    CHECK(host.content() == "1001:ada\n1802592000 one\n");
}

TEST_CASE("an announcement that cannot be kept is an error, and those before it stay") {
    const Host host;
    REQUIRE(host.of().announce(kNow, kNow + kAnnounced, "one"));
    Forked full{[&] {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit nothing{0, 0};
        if (::setrlimit(RLIMIT_FSIZE, &nothing) != 0) return 1;
        return host.of().announce(kNow, kNow + kAnnounced, "two") ? 2 : 0;
    }};
    CHECK(full.wait() == 0);
    CHECK(host.content() == "1001:ada\n1802592000 one\n");
}

TEST_CASE("of eight processes that announce at once none loses what another announced") {
    const Host host;
    for (int round = 1; round <= 20; ++round) {
        const auto statuses = race(8, [&](Signal& start) {
            AccountAnnouncements own = host.of();
            (void)start.wait();
            return own.announce(kNow, kNow + kAnnounced, "by " + std::to_string(::getpid())) ? 0
                                                                                             : 1;
        });
        REQUIRE(statuses == std::vector<int>(8, 0));
        const std::string text = host.content();
        REQUIRE(std::count(text.begin(), text.end(), '\n') == std::min(1 + 8 * round, 21));
    }
}
