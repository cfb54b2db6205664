// SPDX-License-Identifier: MIT
#include "monitor/ledger_rows.hpp"

#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/hostile_values.hpp"

using namespace latchkey;
using namespace std::chrono_literals;

namespace {

const TimePoint kNow{std::chrono::seconds{1'800'000'000}};
constexpr uid_t kAda = 1001;

LedgerRow row(std::uint64_t id, ActState state, TimePoint at, Act act = Act::ChangePassword,
              uid_t uid = kAda) {
    return {id, at, uid, std::to_string(uid) + ":ada", act, state, "0123abcd"};
}

// `count` acts that came to `state` at that time, with ids from `first` on.
LedgerActs acts(std::uint64_t first, std::uint64_t count, ActState state, TimePoint at,
                Act act = Act::ChangePassword, uid_t uid = kAda) {
    LedgerActs result;
    for (std::uint64_t id = first; id < first + count; ++id)
        result.emplace(id, LedgerAct{row(id, state, at, act, uid), at, false});
    return result;
}

bool allowed(const LedgerActs& recorded, Act act = Act::ChangePassword, uid_t uid = kAda) {
    return allow_act(recorded, uid, act, ActLimits{}, kNow).has_value();
}

}  // namespace

TEST_CASE("a ledger reads back as it was written") {
    std::string text =
        line_of(row(1, ActState::Due, kNow)) + line_of(row(1, ActState::Acting, kNow + 1s)) +
        line_of(row(2, ActState::Due, kNow + 2s, Act::ClearLockout, 1002)) +
        line_of(row(1, ActState::Acting, kNow + 3s)) + line_of(row(1, ActState::Done, kNow + 4s));
    const auto read = parse_ledger(text);
    REQUIRE(read);
    REQUIRE(read->size() == 2);
    const LedgerAct& first = read->at(1);
    CHECK(first.begun == kNow);
    CHECK(first.last.at == kNow + 4s);
    CHECK(first.last.state == ActState::Done);
    CHECK(first.last.subject == "1001:ada");
    CHECK(first.last.row_before == "0123abcd");
    CHECK(read->at(2).last.act == Act::ClearLockout);
    CHECK(parse_ledger("")->empty());

    const auto again = parse_ledger(lines_of(*read));
    REQUIRE(again);
    CHECK(lines_of(*again) == lines_of(*read));
}

TEST_CASE("subjects and digests of hostile bytes stay one field of one line") {
    for (const HostileValue& value : hostile_values()) {
        CAPTURE(value.name);
        LedgerRow hostile = row(1, ActState::Due, kNow);
        hostile.subject = "1001:" + value.bytes;
        hostile.row_before = value.bytes;
        const std::string line = line_of(hostile);
        CHECK(std::count(line.begin(), line.end(), '\n') == 1);
        CHECK(std::count(line.begin(), line.end(), '\t') == 6);
        const auto read = parse_ledger(line);
        REQUIRE(read);
        CHECK(read->at(1).last.subject == hostile.subject);
        CHECK(read->at(1).last.row_before == hostile.row_before);
    }
}

TEST_CASE("a ledger that breaks its own format is corrupt") {
    const std::string due = line_of(row(1, ActState::Due, kNow));
    const std::string done = line_of(row(1, ActState::Done, kNow));
    for (const std::string& text :
         {std::string{"\n"},
          std::string{"junk\n"},
          due + "\n",
          due + due,
          done,               // never due
          due + done + done,  // settled twice
          due + done + line_of(row(1, ActState::Acting, kNow)),
          due + line_of(row(1, ActState::Done, kNow, Act::ClearLockout)),  // another act
          due + line_of(row(1, ActState::Done, kNow, Act::ChangePassword, 1002)),
          line_of(row(0, ActState::Due, kNow)),
          due.substr(0, due.size() - 1),
          std::string{"1\t1\t1001\t1001:ada\tchange_password\tdue\n"},
          std::string{"1\t1\t1001\t1001:ada\tchange_password\tdue\tx\ty\n"},
          std::string{"1\t1\t1001\t1001:ada\tbe_root\tdue\tx\n"},
          std::string{"1\t1\t1001\t1001:ada\tchange_password\tmaybe\tx\n"},
          std::string{"1\t1x\t1001\t1001:ada\tchange_password\tdue\tx\n"},
          std::string{"1\t-9223372036854775808\t1001\t1001:ada\tchange_password\tdue\tx\n"},
          std::string{"1\t253402300800\t1001\t1001:ada\tchange_password\tdue\tx\n"},
          std::string{"-1\t1\t1001\t1001:ada\tchange_password\tdue\tx\n"},
          std::string{"1\t1\t99999999999\t1001:ada\tchange_password\tdue\tx\n"},
          std::string{"1\t1\t1001\t1001:%4\tchange_password\tdue\tx\n"},
          std::string{"1\t1\t1001\t1001:%zz\tchange_password\tdue\tx\n"},
          std::string(100, '\0') + "\n"}) {
        CAPTURE(text);
        const auto read = parse_ledger(text);
        REQUIRE_FALSE(read);
        CHECK(read.error().kind == ErrorKind::Corrupt);
    }
}

TEST_CASE("one password change is allowed in 24 hours") {
    CHECK(allowed({}));
    CHECK_FALSE(allowed(acts(1, 1, ActState::Done, kNow - 24h + 1s)));
    CHECK(allowed(acts(1, 1, ActState::Done, kNow - 24h)));
    CHECK_FALSE(allowed(acts(1, 1, ActState::Done, kNow + 24h * 365)));  // the clock was set back
    CHECK(allowed(acts(1, 1, ActState::NotDone, kNow - 2h)));
    CHECK(allowed(acts(1, 1, ActState::Done, kNow - 2h), Act::ClearLockout));
    CHECK(allowed(acts(1, 1, ActState::Done, kNow - 2h), Act::ChangePassword, 1002));
}

TEST_CASE("three unlocks are allowed in 24 hours") {
    CHECK(allowed(acts(1, 2, ActState::Done, kNow - 2h, Act::ClearLockout), Act::ClearLockout));
    CHECK_FALSE(
        allowed(acts(1, 3, ActState::Done, kNow - 2h, Act::ClearLockout), Act::ClearLockout));
    CHECK(allowed(acts(1, 3, ActState::Done, kNow - 2h, Act::ClearLockout)));
}

TEST_CASE("five acts may be begun in 24 hours, whatever became of them") {
    CHECK(allowed(acts(1, 4, ActState::NotDone, kNow - 2h)));
    CHECK_FALSE(allowed(acts(1, 5, ActState::NotDone, kNow - 2h)));
    CHECK_FALSE(allowed(acts(1, 5, ActState::NotDone, kNow - 24h + 1s), Act::ClearLockout));
    CHECK(allowed(acts(1, 5, ActState::NotDone, kNow - 24h)));
}

TEST_CASE("twenty acts may be begun on a host in an hour") {
    CHECK(allowed(acts(1, 19, ActState::Done, kNow - 59min, Act::ChangePassword, 1002)));
    CHECK_FALSE(allowed(acts(1, 20, ActState::Done, kNow - 59min, Act::ChangePassword, 1002)));
    CHECK(allowed(acts(1, 20, ActState::Done, kNow - 1h, Act::ChangePassword, 1002)));
}

TEST_CASE("an act that may have been done, or may still be, counts as done") {
    CHECK_FALSE(allowed(acts(1, 1, ActState::Acting, kNow - 2h)));
    LedgerActs due = acts(1, 1, ActState::Due, kNow - 1min);
    CHECK(allowed(due));
    due.at(1).held = true;
    CHECK_FALSE(allowed(due));
}

TEST_CASE("acts older than eight days go, and the newest stays for its number") {
    LedgerActs all = acts(1, 3, ActState::Done, kNow - 24h * 8);
    CHECK(without_old_acts(all, kNow).size() == 1);
    CHECK(without_old_acts(all, kNow).contains(3));
    all.merge(acts(4, 2, ActState::Done, kNow - 24h * 8 + 1s));
    CHECK(without_old_acts(all, kNow).size() == 2);
    CHECK(without_old_acts({}, kNow).empty());
}
