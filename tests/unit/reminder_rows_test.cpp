// SPDX-License-Identifier: MIT
#include "core/reminder_rows.hpp"

#include <string>

#include "tests/support/catch.hpp"

using namespace latchkey;

namespace {

const SubjectKey kAda = "1001:ada";
constexpr TimePoint kLook{std::chrono::seconds{1'800'000'000}};
constexpr TimePoint kQuiet{std::chrono::seconds{1'700'000'000}};

}  // namespace

TEST_CASE("reminders read back as they were written, and to no other account") {
    const Reminders written{kLook,
                            kQuiet,
                            {{ReminderKind::Register, "no way back"},
                             {ReminderKind::Confirm, "still yours?"},
                             {ReminderKind::Told, "one code  left"}}};
    const std::string text = text_of(kAda, written);
    CHECK(text ==
          "1001:ada\n1800000000 1700000000\nregister no way back\nconfirm still yours?\n"
          "told one code  left\n");
    CHECK(reminders_in(text, kAda) == written);
    for (const SubjectKey other : {"1001:eve", "1002:ada", "1001:ad", ""})
        CHECK_FALSE(reminders_in(text, other));
    CHECK(reminders_in(text_of(kAda, {}), kAda) == Reminders{});
}

TEST_CASE("a file of reminders that breaks its format is none") {
    const std::string head = "1001:ada\n1 2\n";
    REQUIRE(reminders_in(head, kAda));
    const std::string line = "told x\n";
    for (const std::string& text :
         {std::string{}, std::string{"1001:ada"}, std::string{"1001:ada\n"},
          std::string{"1001:ada\n1\n"}, std::string{"1001:ada\n1 2"},
          std::string{"1001:ada\n-1 2\n"}, std::string{"1001:ada\n1 2 3\n"},
          std::string{"1001:ada\n1 x\n"}, std::string{"1001:ada\n 1 2\n"}, head + "told x",
          head + "told\n", head + "told \n", head + "shout x\n", head + "\n",
          head + "told \x1b[2J\n", head + "told " + std::string(201, 'x') + '\n',
          head + line + line + line + line + line, head + std::string(kLargestReminderFile, 'x')}) {
        CAPTURE(text);
        CHECK_FALSE(reminders_in(text, kAda));
    }
}

TEST_CASE("the largest file of reminders that can be written can be read") {
    const SubjectKey longest = "4294967295:" + std::string(256, 'n');
    const TimePoint late{std::chrono::seconds{99'999'999'999}};
    const Reminders most{
        late, late,
        std::vector<Reminder>(kMostReminders, {ReminderKind::Register, std::string(200, 'x')})};
    CHECK(reminders_in(text_of(longest, most), longest) == most);
}
