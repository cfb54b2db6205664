// SPDX-License-Identifier: MIT
#include "core/announcement_rows.hpp"

#include <string>

#include "tests/support/catch.hpp"

using namespace latchkey;

namespace {

const SubjectKey kAda = "1001:ada";
const TimePoint kLater{std::chrono::seconds{1'800'000'000}};

}  // namespace

TEST_CASE("announcements read back as they were written, and to no other account") {
    const Announcements written{{kLater, "a new password was set"}, {kLater, "x  y"}};
    const std::string text = text_of(kAda, written);
    CHECK(text == "1001:ada\n1800000000 a new password was set\n1800000000 x  y\n");
    CHECK(announcements_in(text, kAda) == written);
    for (const SubjectKey other : {"1001:eve", "1002:ada", "1001:ad", ""})
        CHECK(announcements_in(text, other) == Announcements{});
    CHECK(announcements_in(text_of(kAda, {}), kAda) == Announcements{});
}

TEST_CASE("one line of at most 200 printable ASCII bytes can be announced") {
    CHECK(can_be_announced("x"));
    CHECK(can_be_announced(std::string(200, '~')));
    CHECK_FALSE(can_be_announced(""));
    CHECK_FALSE(can_be_announced(std::string(201, 'x')));
    for (const char* text : {"two\nlines", "\x1b[2J", "tab\there", "caf\xc3\xa9", "\x7f"})
        CHECK_FALSE(can_be_announced(text));
}

TEST_CASE("the largest file that can be written can be read, and one line more cannot") {
    const SubjectKey longest = "60000:" + std::string(256, 'n');
    Announcements most(kMostAnnouncements,
                       {TimePoint{std::chrono::seconds{99'999'999'999}}, std::string(200, 'x')});
    const std::string text = text_of(longest, most);
    CHECK(text.size() <= kLargestAnnouncementFile);
    CHECK(announcements_in(text, longest) == most);
    CHECK_FALSE(announcements_in(text + "1 y\n", longest));
}

TEST_CASE("a file of announcements that breaks the format is none") {
    const std::string good = "1001:ada\n";
    for (const std::string& text :
         {std::string{}, std::string{"1001:ada"}, good + "1800000000 cut of", good + "1800000000\n",
          good + "1800000000 \n", good + " text\n", good + "\n", good + "-1 text\n",
          good + "12x text\n", good + "99999999999999999999 text\n", good + "1 \x1b[2J\n",
          good + "1 " + std::string(201, 'x') + '\n',
          good + "1 " + std::string(kLargestAnnouncementFile, 'x') + '\n'}) {
        CAPTURE(text.substr(0, 40));
        CHECK_FALSE(announcements_in(text, kAda));
    }
}
