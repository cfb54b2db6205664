// SPDX-License-Identifier: MIT
#include "monitor/reply_grid.hpp"

#include <set>
#include <string>

#include "monitor/keys.hpp"
#include "tests/support/catch.hpp"

using namespace latchkey;
using namespace std::chrono_literals;

namespace {

constexpr ReplyGrid::TimePoint kAnswered{100s};

Secret key_of(char byte) {
    return Secret{std::string(32, byte)};
}

}  // namespace

TEST_CASE("a reply leaves in the first slot after it is ready, plus the jitter of the name") {
    const ReplyGrid grid{1000ms, 20ms, kAnswered};
    for (const auto ready : {0ms, 1ms, 500ms, 999ms})
        CHECK(grid.slot_for(kAnswered + ready) == kAnswered + 1020ms);
    for (const auto late : {1000ms, 1015ms, 1999ms})
        CHECK(grid.slot_for(kAnswered + late) == kAnswered + 2020ms);
}

TEST_CASE("every answer begins the grid anew") {
    ReplyGrid grid{1000ms, 20ms, kAnswered};
    grid.begin(kAnswered + 1700ms);
    CHECK(grid.slot_for(kAnswered + 1800ms) == kAnswered + 2720ms);
}

TEST_CASE("without a grid a reply leaves at once, without a jitter") {
    const ReplyGrid grid{0ms, 20ms, kAnswered};
    CHECK(grid.slot_for(kAnswered + 7ms) == kAnswered + 7ms);
}

TEST_CASE("a name has its jitter for ever, and another one with another key or another spelling") {
    const Secret key = key_of('k');
    CHECK(reply_jitter(key, "ada") == reply_jitter(key, "ada"));
    CHECK(reply_jitter(key, "ada") != reply_jitter(key_of('x'), "ada"));
    CHECK(reply_jitter(key, "ada") != reply_jitter(key, "Ada"));
    CHECK(reply_jitter(key, "ada") != reply_jitter(key, "ada "));
}

TEST_CASE("jitters of names are spread evenly below 50 ms") {
    std::set<std::chrono::microseconds::rep> different;
    int below_the_middle = 0;
    for (int i = 0; i < 1000; ++i) {
        const auto jitter = reply_jitter(key_of('k'), "name" + std::to_string(i));
        CHECK(jitter >= 0us);
        CHECK(jitter < kMaxReplyJitter);
        different.insert(jitter.count());
        if (jitter < kMaxReplyJitter / 2) ++below_the_middle;
    }
    CHECK(different.size() > 950);
    CHECK(below_the_middle > 400);
    CHECK(below_the_middle < 600);
}
