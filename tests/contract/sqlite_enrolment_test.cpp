// SPDX-License-Identifier: MIT
//
// Many enrolments in one transaction, of which one fails in the middle.
#include <SQLiteCpp/SQLiteCpp.h>

#include "tests/contract/store_under_test.hpp"

using namespace latchkey;
using namespace latchkey::contract;

namespace {

Enrolment enrolment(int number) {
    const SubjectKey subject = std::to_string(number) + ":person";
    return {subject,
            Contact{0, "email", "email:a", "sealed", kNow, kNow},
            {kNow, "enrolment", subject, "enrolled email"}};
}

}  // namespace

TEST_CASE("an import that the disk or the file ends in its middle leaves nothing") {
    OnSqlite on;
    REQUIRE(on.store.enrol_all(std::vector{enrolment(1000)}, {}));
    SQLite::Database others{on.directory.file("store.db"), SQLite::OPEN_READWRITE};
    const std::string table = GENERATE("contact", "audit", "outbox");
    const std::string whose = table == "outbox" ? "1000:person" : "1500:person";
    others.exec("CREATE TRIGGER full_disk BEFORE INSERT ON " + table + " WHEN NEW.subject = '" +
                whose + "' BEGIN SELECT RAISE(ABORT, 'full'); END");
    std::vector<Enrolment> many;
    for (int number = 1001; number <= 2000; ++number) many.push_back(enrolment(number));
    OutboxRow notice{0, "1000:person", "email", OutboxPurpose::BulkNotice, "sealed"};
    notice.due_at = kNow;
    notice.expires_at = kNow + std::chrono::hours{1};
    CHECK_FALSE(on.store.enrol_all(many, std::vector{notice}));
    CHECK_FALSE(on.store.oldest_due(kNow).value());
    CHECK(on.store.enrolled_subjects().value() == std::vector<SubjectKey>{"1000:person"});
    CHECK(on.store.audit_trail(0, 5000).value().rows.size() == 1);
    // And it is as good as before.
    others.exec("DROP TRIGGER full_disk");
    REQUIRE(on.store.enrol_all(many, {}));
    CHECK(on.store.enrolled_subjects().value().size() == 1001);
    const auto trail = on.store.audit_trail(0, 5000).value();
    CHECK(trail.rows.size() == 1001);
    for (const TrailRow& row : trail.rows) REQUIRE(row.is_linked);
}
