// SPDX-License-Identifier: MIT
//
// How often a helper acts, and what a purge takes of the root side's files, on files as root
// has them.
#include <chrono>
#include <string>

#include "monitor/announcements.hpp"
#include "monitor/help_desk.hpp"
#include "monitor/kept_files.hpp"
#include "monitor/saved_codes.hpp"
#include "monitor/temporary_passes.hpp"
#include "monitor/used_steps.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint kNow{1'800'000'000s};

Secret key() {
    return Secret{std::string(Vault::kKeyBytes, 'k')};
}

// Everything that the root side keeps of an account.
void keep_all(const std::string& acts, const SubjectKey& subject, uid_t uid) {
    SavedCodes codes{acts, subject, uid, key()};
    REQUIRE(codes.issue(3));
    REQUIRE(codes.issue_for(3, kNow + 24h));
    REQUIRE(TemporaryPasses{acts, subject, uid, key()}.issue(1h, true, "ticket", kNow));
    REQUIRE(UsedSteps{acts, subject, uid}.begin(OtpKind::Counter));
    REQUIRE(AccountAnnouncements{acts, subject, uid}.announce(kNow, kNow + 24h, "told"));
}

std::size_t files_of(const std::string& acts, const SubjectKey& subject, KeptFiles which) {
    const auto found = subjects_of_files(
        acts, [&](const SubjectKey& each) { return each == subject; }, which);
    REQUIRE(found);
    return found->size();
}

}  // namespace

TEST_CASE("a helper begins twenty acts within an hour, and no more") {
    TemporaryDirectory directory;
    const std::string acts = directory.file("acts");
    HelpDeskActs helen{acts, 1001};
    for (std::size_t i = 0; i < HelpDeskActs::kMostPerHour; ++i) CHECK(helen.begin(kNow));
    const auto refused = helen.begin(kNow + 59min);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::Rejected);
    CHECK(HelpDeskActs{acts, 1002}.begin(kNow));
    CHECK_FALSE(HelpDeskActs{acts, 1001}.begin(kNow + 1h - 1s));
    CHECK(HelpDeskActs{acts, 1001}.begin(kNow + 1h));
}

TEST_CASE("a clock that is set back gives a helper nothing") {
    TemporaryDirectory directory;
    HelpDeskActs helen{directory.file("acts"), 1001};
    for (std::size_t i = 0; i < HelpDeskActs::kMostPerHour; ++i) CHECK(helen.begin(kNow));
    CHECK_FALSE(helen.begin(kNow - 24h * 30));
}

TEST_CASE("a purge finds an account's files by its subject, and leaves those of others") {
    TemporaryDirectory directory;
    const std::string acts = directory.file("acts");
    keep_all(acts, "1001:ada", 1001);
    keep_all(acts, "1002:bob", 1002);
    CHECK(files_of(acts, "1001:ada", KeptFiles::All) == 5);
    CHECK(files_of(acts, "1001:ada", KeptFiles::NotAnnouncements) == 4);
    CHECK(files_of(acts, "1001:eve", KeptFiles::All) == 0);
    REQUIRE(remove_files_of(acts, "1001:ada", KeptFiles::NotAnnouncements));
    CHECK(files_of(acts, "1001:ada", KeptFiles::All) == 1);
    REQUIRE(remove_files_of(acts, "1001:ada", KeptFiles::All));
    CHECK(files_of(acts, "1001:ada", KeptFiles::All) == 0);
    CHECK(files_of(acts, "1002:bob", KeptFiles::All) == 5);
    CHECK(SavedCodes{acts, "1002:bob", 1002, key()}.left() == 3);
}

TEST_CASE("saved codes that are forgotten are gone, those that wait too") {
    TemporaryDirectory directory;
    SavedCodes codes{directory.file("acts"), "1001:ada", 1001, key()};
    REQUIRE(codes.issue(3));
    REQUIRE(codes.issue_for(3, kNow));
    REQUIRE(codes.forget());
    CHECK(codes.left() == 0);
    CHECK_FALSE(codes.waiting_from());
    REQUIRE(codes.settle(kNow + 1s));
    CHECK(codes.left() == 0);
    CHECK(codes.forget());
}
