// SPDX-License-Identifier: MIT
#include "monitor/account_reminders.hpp"

#include <sys/stat.h>

#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;

namespace {

constexpr TimePoint kLook{std::chrono::seconds{1'800'000'000}};
constexpr TimePoint kQuiet{std::chrono::seconds{1'700'000'000}};
const std::vector<Reminder> kDue{{ReminderKind::Register, "no way back"}};

struct Host {
    TemporaryDirectory parent;
    std::string directory = parent.file("acts");

    [[nodiscard]] AccountReminders of(const SubjectKey& subject = "1001:ada") const {
        return {directory, subject, 1001};
    }
    [[nodiscard]] std::string content() const { return content_of(directory + "/reminders/1001"); }
};

}  // namespace

TEST_CASE("reminders are kept in a file that root alone can read") {
    const Host host;
    REQUIRE(host.of().replace(kLook, kDue));
    CHECK(host.content() == "1001:ada\n1800000000 0\nregister no way back\n");
    struct stat file {};
    REQUIRE(::stat((host.directory + "/reminders/1001").c_str(), &file) == 0);
    CHECK((file.st_mode & 07777) == 0600);
    REQUIRE(::stat((host.directory + "/reminders").c_str(), &file) == 0);
    CHECK((file.st_mode & 07777) == 0700);
}

TEST_CASE("who said later stays undisturbed when the root side looks again") {
    const Host host;
    REQUIRE(host.of().keep_quiet(kQuiet));
    REQUIRE(host.of().replace(kLook, kDue));
    CHECK(host.of().read().value() == Reminders{kLook, kQuiet, kDue});
    REQUIRE(host.of().keep_quiet(kLook));
    CHECK(host.of().read().value() == Reminders{kLook, kLook, kDue});
}

TEST_CASE("when the ways have changed nothing old is told, and somebody looks at once") {
    const Host host;
    REQUIRE(host.of().replace(kLook, kDue));
    REQUIRE(host.of().keep_quiet(kQuiet));
    REQUIRE(host.of().forget());
    CHECK(host.of().read().value() == Reminders{{}, kQuiet, {}});
}

TEST_CASE("a reused uid and a damaged file begin from nothing") {
    const Host host;
    REQUIRE(host.of().replace(kLook, kDue));
    CHECK(host.of("1001:eve").read().value() == Reminders{});
    REQUIRE(host.of("1001:eve").replace(kLook, {}));
    CHECK(host.content() == "1001:eve\n1800000000 0\n");
    CHECK(host.of().read().value() == Reminders{});
}

TEST_CASE("reminders that cannot be kept are an error") {
    // Writable by anybody.
    AccountReminders loose{"/tmp", "1001:ada", 1001};
    CHECK_FALSE(loose.replace(kLook, kDue));
    CHECK_FALSE(loose.keep_quiet(kQuiet));
    CHECK_FALSE(loose.forget());
    CHECK_FALSE(loose.read());
}
