// SPDX-License-Identifier: MIT
#include "monitor/ledger.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;
using namespace std::chrono_literals;

namespace {

const TimePoint kNow{std::chrono::seconds{1'800'000'000}};
constexpr uid_t kAda = 1001;
const SubjectKey kSubject = "1001:ada";

struct Acts {
    TemporaryDirectory parent;
    std::string directory = parent.file("acts");

    [[nodiscard]] Ledger open() const { return std::move(Ledger::open(directory)).value(); }
    [[nodiscard]] std::string text() const { return content_of(directory + "/ledger"); }
    [[nodiscard]] ActState state_of(std::uint64_t id) const {
        return parse_ledger(text())->at(id).last.state;
    }
    void write(const std::string& text) const {
        (void)open();
        parent.write("acts/ledger", text);
    }
};

Result<Ledger::Entry> begin_reset(Ledger& ledger, TimePoint now = kNow) {
    return ledger.begin(kSubject, kAda, Act::ChangePassword, "before", ActLimits{}, now);
}
Result<Ledger::Entry> begin_unlock(Ledger& ledger, TimePoint now = kNow) {
    return ledger.begin(kSubject, kAda, Act::ClearLockout, "before", ActLimits{}, now);
}

bool settle_with_row(Ledger& ledger, const std::string& row_now) {
    return ledger.settle_interrupted([&](const SubjectKey&) { return row_now; }, kNow + 1min)
        .has_value();
}

}  // namespace

TEST_CASE("an act goes from due over acting to done, each on disk before the next") {
    const Acts acts;
    Ledger ledger = acts.open();
    const auto entry = begin_reset(ledger);
    REQUIRE(entry);
    CHECK(acts.state_of(entry->id) == ActState::Due);
    REQUIRE(ledger.acting(*entry, kNow));
    CHECK(acts.state_of(entry->id) == ActState::Acting);
    REQUIRE(ledger.acting(*entry, kNow + 1s));
    REQUIRE(ledger.settle(*entry, ActResult::Done, kNow + 2s));
    CHECK(acts.state_of(entry->id) == ActState::Done);
    CHECK_FALSE(ledger.acting(*entry, kNow + 3s));
    CHECK_FALSE(ledger.settle(*entry, ActResult::Failed, kNow + 3s));
    CHECK(acts.state_of(entry->id) == ActState::Done);
    struct stat state {};
    REQUIRE(::stat((acts.directory + "/ledger").c_str(), &state) == 0);
    CHECK((state.st_mode & 07777) == 0600);
    REQUIRE(::stat(acts.directory.c_str(), &state) == 0);
    CHECK((state.st_mode & 07777) == 0700);
}

TEST_CASE("only a changed row uses up the day's reset") {
    const Acts acts;
    Ledger ledger = acts.open();
    for (const ActResult failed :
         {ActResult::RefusedByPolicy, ActResult::Failed, ActResult::NotEligible}) {
        const auto entry = begin_reset(ledger);
        REQUIRE(entry);
        REQUIRE(ledger.acting(*entry, kNow));
        REQUIRE(ledger.settle(*entry, failed, kNow));
        CHECK(acts.state_of(entry->id) == ActState::NotDone);
    }
    const auto entry = begin_reset(ledger);
    REQUIRE(entry);
    REQUIRE(ledger.acting(*entry, kNow));
    REQUIRE(ledger.settle(*entry, ActResult::InPart, kNow));
    const auto second = begin_reset(ledger, kNow + 23h);
    REQUIRE_FALSE(second);
    CHECK(second.error().kind == ErrorKind::Rejected);
    CHECK(begin_reset(ledger, kNow + 24h));
}

TEST_CASE("the limits hold over one ledger opened again and again") {
    const Acts acts;
    for (int i = 0; i < 3; ++i) {
        Ledger ledger = acts.open();
        const auto entry = begin_unlock(ledger);
        REQUIRE(entry);
        REQUIRE(ledger.acting(*entry, kNow));
        REQUIRE(ledger.settle(*entry, ActResult::Done, kNow));
    }
    Ledger ledger = acts.open();
    CHECK_FALSE(begin_unlock(ledger));
    CHECK(begin_reset(ledger));
    for (uid_t uid = 2000; uid < 2016; ++uid)
        REQUIRE(ledger.begin(std::to_string(uid) + ":user", uid, Act::ClearLockout, "row",
                             ActLimits{}, kNow));
    const auto too_many = ledger.begin("3000:x", 3000, Act::ClearLockout, "r", ActLimits{}, kNow);
    REQUIRE_FALSE(too_many);
    CHECK(too_many.error().kind == ErrorKind::Rejected);
    CHECK(ledger.begin("3000:x", 3000, Act::ClearLockout, "r", ActLimits{}, kNow + 1h));
}

TEST_CASE("an act left at due by a dead process is settled as not done") {
    const Acts acts;
    Forked crashed{[&] {
        Ledger ledger = acts.open();
        return begin_reset(ledger) ? ::kill(::getpid(), SIGKILL) : 1;
    }};
    REQUIRE(crashed.wait() == 128 + SIGKILL);
    CHECK(acts.state_of(1) == ActState::Due);
    Ledger ledger = acts.open();
    REQUIRE(settle_with_row(ledger, "after"));
    CHECK(acts.state_of(1) == ActState::NotDone);
    CHECK(begin_reset(ledger));
}

TEST_CASE("an act left at acting by a dead process is settled by the shadow row") {
    const std::string row_now = GENERATE("before", "after", "");
    const Acts acts;
    Forked crashed{[&] {
        Ledger ledger = acts.open();
        const auto entry = begin_reset(ledger);
        return entry && ledger.acting(*entry, kNow) ? ::kill(::getpid(), SIGKILL) : 1;
    }};
    REQUIRE(crashed.wait() == 128 + SIGKILL);
    Ledger ledger = acts.open();
    CHECK_FALSE(begin_reset(ledger));  // until it is settled it counts as done
    REQUIRE(settle_with_row(ledger, row_now));
    const bool done = row_now != "before";
    CHECK(acts.state_of(1) == (done ? ActState::Done : ActState::NotDone));
    CHECK(begin_reset(ledger).has_value() != done);
}

TEST_CASE("an unlock left at acting counts as done, since the row cannot tell") {
    const Acts acts;
    Forked crashed{[&] {
        Ledger ledger = acts.open();
        const auto entry = begin_unlock(ledger);
        return entry && ledger.acting(*entry, kNow) ? ::kill(::getpid(), SIGKILL) : 1;
    }};
    REQUIRE(crashed.wait() == 128 + SIGKILL);
    Ledger ledger = acts.open();
    REQUIRE(settle_with_row(ledger, "before"));
    CHECK(acts.state_of(1) == ActState::Done);
}

TEST_CASE("an act that was settled before the crash stays as it is") {
    const Acts acts;
    Forked crashed{[&] {
        Ledger ledger = acts.open();
        const auto entry = begin_reset(ledger);
        const bool settled = entry && ledger.acting(*entry, kNow) &&
                             ledger.settle(*entry, ActResult::RefusedByPolicy, kNow);
        return settled ? ::kill(::getpid(), SIGKILL) : 1;
    }};
    REQUIRE(crashed.wait() == 128 + SIGKILL);
    const std::string before = acts.text();
    Ledger ledger = acts.open();
    REQUIRE(settle_with_row(ledger, "after"));
    CHECK(acts.text() == before);
}

TEST_CASE("an act of a living process is not settled by others, and counts as done") {
    const Acts acts;
    Signal begun;
    Signal never;
    Forked living{[&] {
        Ledger ledger = acts.open();
        const auto entry = begin_reset(ledger);
        if (!entry || !ledger.acting(*entry, kNow)) return 1;
        begun.go();
        return never.wait() ? 0 : 2;
    }};
    REQUIRE(begun.wait());
    Ledger ledger = acts.open();
    REQUIRE(settle_with_row(ledger, "after"));
    CHECK(acts.state_of(1) == ActState::Acting);
    CHECK_FALSE(begin_reset(ledger));
    CHECK(begin_unlock(ledger));
    living.kill();
    REQUIRE(settle_with_row(ledger, "before"));
    CHECK(acts.state_of(1) == ActState::NotDone);
    CHECK(acts.state_of(2) == ActState::Due);  // this process's own
}

TEST_CASE("of two processes that race for one account one gets the reset, fifty times") {
    for (int round = 0; round < 50; ++round) {
        const Acts acts;
        const auto statuses = race(2, [&](Signal& start) {
            Ledger ledger = acts.open();
            (void)start.wait();
            const auto entry = begin_reset(ledger);
            if (!entry) return entry.error().kind == ErrorKind::Rejected ? 1 : 2;
            return ledger.acting(*entry, kNow) && ledger.settle(*entry, ActResult::Done, kNow) ? 0
                                                                                               : 3;
        });
        REQUIRE(statuses == std::vector<int>{0, 1});
    }
}

TEST_CASE("a last line cut off anywhere is repaired, and nothing before it is lost") {
    const Acts whole;
    {
        Ledger ledger = whole.open();
        const auto entry = begin_reset(ledger);
        REQUIRE(ledger.acting(*entry, kNow));
        REQUIRE(ledger.settle(*entry, ActResult::Done, kNow));
    }
    const std::string text = whole.text();
    const std::size_t last_line = text.rfind('\n', text.size() - 2) + 1;
    const Acts acts;
    for (std::size_t length = last_line; length < text.size(); ++length) {
        CAPTURE(length);
        acts.write(text.substr(0, length));
        Ledger ledger = acts.open();
        REQUIRE_FALSE(begin_reset(ledger));  // acting counts as done
        REQUIRE(settle_with_row(ledger, "after"));
        REQUIRE(acts.text().starts_with(text.substr(0, last_line)));
        REQUIRE(acts.state_of(1) == ActState::Done);
    }
}

TEST_CASE("a ledger that is corrupt, too large or unreadable allows no act") {
    const Acts acts;
    const auto refused = [&] {
        Ledger ledger = acts.open();
        const auto entry = begin_reset(ledger);
        return !entry && !settle_with_row(ledger, "after");
    };
    const std::string good = "1\t1700000000\t1001\t1001:ada\tclear_lockout\tdue\tx\n";
    for (const std::string& text :
         {"junk\n" + good, good + "junk\n", good + good, std::string(4096, '\0') + "\n" + good,
          std::string(17 * 1024 * 1024, 'x')}) {
        acts.write(text);
        CHECK(refused());
        CHECK(acts.text() == text);
    }
    const std::string ledger_path = acts.directory + "/ledger";
    REQUIRE(::unlink(ledger_path.c_str()) == 0);
    REQUIRE(::symlink("/etc/passwd", ledger_path.c_str()) == 0);
    CHECK(refused());
    REQUIRE(::unlink(ledger_path.c_str()) == 0);
    REQUIRE(::mkdir(ledger_path.c_str(), 0700) == 0);
    CHECK(refused());
    REQUIRE(::rmdir(ledger_path.c_str()) == 0);
    acts.parent.write("acts/ledger", "", 0644);
    Ledger ledger = acts.open();
    CHECK_FALSE(begin_reset(ledger));
}

TEST_CASE("an act that cannot be recorded is refused and leaves no trace") {
    const Acts acts;
    acts.write("1\t1700000000\t1001\t1001:ada\tclear_lockout\tdue\tx\n");
    const std::string before = acts.text();
    Forked full{[&] {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{before.size() + 10, before.size() + 10};
        if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
        Ledger ledger = acts.open();
        const auto entry = begin_reset(ledger, TimePoint{std::chrono::seconds{1'700'000'001}});
        return !entry && entry.error().kind == ErrorKind::Unavailable ? 0 : 2;
    }};
    CHECK(full.wait() == 0);
    CHECK(acts.text() == before);
}

TEST_CASE("acts older than eight days are pruned, and numbers are not used again") {
    const Acts acts;
    {
        Ledger ledger = acts.open();
        for (int i = 0; i < 3; ++i) {
            const auto entry = begin_unlock(ledger, kNow);
            REQUIRE(entry);
            REQUIRE(ledger.settle(*entry, ActResult::NothingWasLocked, kNow));
        }
    }
    Ledger ledger = acts.open();
    const auto entry = begin_unlock(ledger, kNow + 24h * 9);
    REQUIRE(entry);
    CHECK(entry->id == 4);
    const auto left = parse_ledger(acts.text());
    REQUIRE(left);
    CHECK(left->size() == 2);
    CHECK(left->contains(3));
}

TEST_CASE("a directory that is not root's alone is not used") {
    const Acts acts;
    (void)acts.open();
    REQUIRE(::chmod(acts.directory.c_str(), 0770) == 0);
    CHECK_FALSE(Ledger::open(acts.directory));
    REQUIRE(::chmod(acts.directory.c_str(), 0700) == 0);
    REQUIRE(::chown(acts.directory.c_str(), 65534, 0) == 0);
    CHECK_FALSE(Ledger::open(acts.directory));
}
