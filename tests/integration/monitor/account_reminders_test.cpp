// SPDX-License-Identifier: MIT
#include "monitor/account_reminders.hpp"

#include <sys/stat.h>

#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;

namespace {

constexpr TimePoint kNow{std::chrono::seconds{1'800'000'000}};
const std::vector<Reminder> kDue{{ReminderKind::Register, "no way back"}};

struct Host {
    TemporaryDirectory parent;
    std::string directory = parent.file("acts");

    [[nodiscard]] AccountReminders of(const SubjectKey& subject = "1001:ada") const {
        return {directory, subject, 1001};
    }
    void look(Registration registration = Registration::Remind) const {
        REQUIRE(of().begin_look(kNow));
        REQUIRE(of().finish_look(kNow, kDue, registration));
    }
    [[nodiscard]] std::string content() const { return content_of(directory + "/reminders/1001"); }
};

}  // namespace

TEST_CASE("reminders are kept in a file that root alone can read") {
    const Host host;
    host.look();
    CHECK(host.content() == "1001:ada\n1800086400 0\nregister no way back\n");
    struct stat file {};
    REQUIRE(::stat((host.directory + "/reminders/1001").c_str(), &file) == 0);
    CHECK((file.st_mode & 07777) == 0600);
    REQUIRE(::stat((host.directory + "/reminders").c_str(), &file) == 0);
    CHECK((file.st_mode & 07777) == 0700);
}

TEST_CASE("a look that nothing comes of is not made again for an hour") {
    const Host host;
    REQUIRE(host.of().begin_look(kNow));
    CHECK(host.of().read().value() == Reminders{kNow + std::chrono::hours{1}, {}, {}});
    host.look();
    REQUIRE(host.of().begin_look(kNow));
    CHECK(host.of().read().value() == Reminders{kNow + std::chrono::hours{1}, {}, kDue});
}

TEST_CASE("who said later stays undisturbed when the root side looks again") {
    const Host host;
    REQUIRE(host.of().put_off(kNow, Registration::Remind));
    host.look();
    CHECK(host.of().read().value() == Reminders{kNow + kLookAgain, kNow + kQuiet, kDue});
}

TEST_CASE("registration that is required and missing cannot be put off, and nothing else is") {
    const Host host;
    REQUIRE(host.of().put_off(kNow, Registration::Require));
    CHECK(host.of().read().value().quiet_until == kNow + kQuiet);
    host.look(Registration::Require);
    // It was said before the root side knew that something is missing.
    CHECK(host.of().read().value().quiet_until == TimePoint{});
    CHECK(host.of().must_register(Registration::Require));
    CHECK_FALSE(host.of().must_register(Registration::Remind));
    REQUIRE(host.of().put_off(kNow + kQuiet, Registration::Require));
    CHECK(host.of().read().value().quiet_until == TimePoint{});
}

TEST_CASE("when the ways have changed nothing old is told, and somebody looks at once") {
    const Host host;
    host.look();
    REQUIRE(host.of().forget());
    CHECK(host.of().read().value() == Reminders{});
    SECTION("also when they changed while somebody looked") {
        REQUIRE(host.of().begin_look(kNow));
        REQUIRE(host.of().forget());
        REQUIRE(host.of().finish_look(kNow, kDue, Registration::Remind));
        CHECK(host.of().read().value() == Reminders{});
    }
}

TEST_CASE("a reused uid and a damaged file begin from nothing") {
    const Host host;
    host.look();
    CHECK(host.of("1001:eve").read().value() == Reminders{});
    REQUIRE(host.of("1001:eve").begin_look(kNow));
    CHECK(host.content() == "1001:eve\n1800003600 0\n");
    CHECK(host.of().read().value() == Reminders{});
}

TEST_CASE("reminders that cannot be kept are an error") {
    // Writable by anybody.
    AccountReminders loose{"/tmp", "1001:ada", 1001};
    CHECK_FALSE(loose.begin_look(kNow));
    CHECK_FALSE(loose.put_off(kNow, Registration::Remind));
    CHECK_FALSE(loose.forget());
    CHECK_FALSE(loose.read());
    CHECK_FALSE(loose.must_register(Registration::Require));
}
