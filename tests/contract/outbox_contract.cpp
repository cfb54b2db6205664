// SPDX-License-Identifier: MIT
//
// What every Store promises about claiming and finishing messages, on the real
// one and the fake.
#include "tests/contract/store_under_test.hpp"

using namespace latchkey;
using namespace latchkey::contract;

namespace {

// Queues one message for each time, as codes of different methods.
void queue(Store& store, const std::vector<TimePoint>& due, const SubjectKey& subject) {
    NewRecovery recovery = new_recovery();
    recovery.subject = subject;
    const RecoveryId id = store.start_recovery(recovery, "mine", {}).value().id;
    for (const TimePoint at : due) {
        IssuedCode issued = code(id);
        issued.message->subject = subject;
        issued.message->due_at = at;
        REQUIRE(store.issue_code(issued));
    }
}

std::vector<OutboxRow> claim(Store& store, TimePoint at, std::uint32_t most = 64) {
    return store.claim_due(at, at + 30s, most).value();
}

}  // namespace

TEMPLATE_TEST_CASE("due rows are claimed oldest first and not two times", "", OnSqlite, InMemory) {
    TestType on;
    queue(on.store, {kNow + 2s, kNow + 1s, kNow + 1s, kNow + 90s}, "1001:ada");
    CHECK(claim(on.store, kNow).empty());
    const auto first = claim(on.store, kNow + 2s, 2);
    REQUIRE(first.size() == 2);
    CHECK(first[0].due_at == kNow + 1s);
    CHECK(first[1].due_at == kNow + 1s);
    CHECK(first[0].id < first[1].id);
    const auto rest = claim(on.store, kNow + 2s);
    REQUIRE(rest.size() == 1);
    CHECK(rest[0].due_at == kNow + 2s);
    CHECK(claim(on.store, kNow + 2s).empty());
    CHECK(claim(on.store, kNow + 1h, 0).empty());
}

TEMPLATE_TEST_CASE("what was not tried before is claimed first, and a code before a notice", "",
                   OnSqlite, InMemory) {
    TestType on;
    const RecoveryId id = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    REQUIRE(on.store.issue_code(code(id)));
    REQUIRE(enter(on.store, id, 7) == Verdict::Right);
    const auto tried = claim(on.store, kNow);
    REQUIRE(tried.size() == 1);
    REQUIRE(on.store.spend_grant(grant(id)).value());  // its notice is due before ben's code
    queue(on.store, {kNow + 1s}, "1002:ben");
    const auto due = claim(on.store, kNow + 1min);
    REQUIRE(due.size() == 3);
    CHECK(due[0].purpose == OutboxPurpose::Code);
    CHECK(due[0].tries == 0);
    CHECK(due[1].purpose == OutboxPurpose::Notice);
    CHECK(due[2].id == tried[0].id);
}

TEMPLATE_TEST_CASE("what is one of very many is claimed behind everything else, tried or not", "",
                   OnSqlite, InMemory) {
    TestType on;
    OutboxRow bulk{0, "1002:ben", "email", OutboxPurpose::BulkNotice, "sealed"};
    bulk.due_at = kNow;
    bulk.expires_at = kNow + 1h;
    REQUIRE(on.store.enrol_all({}, std::vector{bulk, bulk}));
    const RecoveryId id = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    REQUIRE(on.store.issue_code(code(id)));
    const auto first = claim(on.store, kNow, 1);
    REQUIRE(first.size() == 1);
    CHECK(first[0].purpose == OutboxPurpose::Code);
    const auto again = claim(on.store, kNow + 1min);
    REQUIRE(again.size() == 3);
    CHECK(again[0].id == first[0].id);
    CHECK(again[0].tries == 1);
    CHECK(again[1].purpose == OutboxPurpose::BulkNotice);
    REQUIRE(on.store.finish_delivery(again[1].id, "accepted", kNow));
    CHECK(on.store.audit("1002:ben", 1).value().at(0).detail == "notice by email: accepted");
}

TEMPLATE_TEST_CASE("a claimed row comes back when its lease is over", "", OnSqlite, InMemory) {
    TestType on;
    queue(on.store, {kNow}, "1001:ada");
    REQUIRE(claim(on.store, kNow).size() == 1);
    CHECK(claim(on.store, kNow + 29s).empty());
    const auto again = claim(on.store, kNow + 30s);
    REQUIRE(again.size() == 1);
    CHECK(again[0].tries == 1);
    CHECK(again[0].sealed == "sealed text");
}

TEMPLATE_TEST_CASE("a postponed row is due again at its new time", "", OnSqlite, InMemory) {
    TestType on;
    queue(on.store, {kNow}, "1001:ada");
    const auto row = claim(on.store, kNow).at(0);
    REQUIRE(on.store.postpone_delivery(row.id, kNow + 5s));
    CHECK(claim(on.store, kNow + 4s).empty());
    const auto again = claim(on.store, kNow + 5s);
    REQUIRE(again.size() == 1);
    CHECK(again[0].id == row.id);
    CHECK(again[0].tries == 1);
    CHECK(again[0].expires_at == row.expires_at);
    CHECK_FALSE(on.store.postpone_delivery(row.id + 100, kNow));
}

TEMPLATE_TEST_CASE("a row past its life is handed out to be given up", "", OnSqlite, InMemory) {
    TestType on;
    queue(on.store, {kNow}, "1001:ada");
    REQUIRE(on.store.prune(kNow + 1h));
    const auto rows = claim(on.store, kNow + 1h);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].expires_at <= kNow + 1h);
}

TEMPLATE_TEST_CASE("a finished row is gone and its result stays in the audit trail", "", OnSqlite,
                   InMemory) {
    TestType on;
    queue(on.store, {kNow}, "1001:ada");
    const auto row = claim(on.store, kNow).at(0);
    REQUIRE(on.store.finish_delivery(row.id, "accepted", kNow + 1s));
    CHECK(claim(on.store, kNow + 1h).empty());
    const auto twice = on.store.finish_delivery(row.id, "accepted", kNow + 1s);
    REQUIRE_FALSE(twice);
    CHECK(twice.error().kind == ErrorKind::NotFound);
    const auto records = on.store.audit("1001:ada", 10).value();
    REQUIRE(records.size() == 1);
    CHECK(records[0].event == "delivery");
    CHECK(records[0].detail == "code by email: accepted");
    CHECK(records[0].at == kNow + 1s);
}

TEMPLATE_TEST_CASE("a bucket's row is finished like others and leaves nothing", "", OnSqlite,
                   InMemory) {
    TestType on;
    queue(on.store, {kNow}, "#0042");
    const auto row = claim(on.store, kNow).at(0);
    REQUIRE(on.store.finish_delivery(row.id, "nothing to send", kNow));
    CHECK(claim(on.store, kNow + 1h).empty());
    CHECK(on.store.audit("#0042", 10).value().empty());
}

TEMPLATE_TEST_CASE("notices of root's doing are queued with their audit record, and due at once",
                   "", OnSqlite, InMemory) {
    TestType on;
    OutboxRow notice;
    notice.subject = "1001:ada";
    notice.method = "email";
    notice.purpose = OutboxPurpose::Notice;
    notice.sealed = "sealed text";
    notice.due_at = kNow;
    notice.expires_at = kNow + 72h;
    OutboxRow other = notice;
    other.method = "sms";
    REQUIRE(on.store.queue_messages({notice, other}, {kNow, "pass", "1001:ada", "issued"}));
    REQUIRE(on.store.queue_messages({}, {kNow, "pass", "1002:ben", "issued"}));
    const auto due = claim(on.store, kNow);
    REQUIRE(due.size() == 2);
    CHECK(due[0].method == "email");
    CHECK(due[1].method == "sms");
    for (const OutboxRow& row : due) {
        CHECK(row.subject == "1001:ada");
        CHECK(row.purpose == OutboxPurpose::Notice);
        CHECK(row.sealed == "sealed text");
        CHECK(row.expires_at == kNow + 72h);
        CHECK(row.tries == 0);
    }
    CHECK(on.store.audit("1001:ada", 10).value().at(0).event == "pass");
    CHECK(on.store.audit("1002:ben", 10).value().at(0).detail == "issued");
}

TEMPLATE_TEST_CASE("the oldest due row is told, leased or not", "", OnSqlite, InMemory) {
    TestType on;
    CHECK_FALSE(on.store.oldest_due(kNow + 1h).value().has_value());
    queue(on.store, {kNow + 5s, kNow + 3s}, "1001:ada");
    CHECK_FALSE(on.store.oldest_due(kNow + 2s).value().has_value());
    CHECK(on.store.oldest_due(kNow + 9s).value() == kNow + 3s);
    const auto row = claim(on.store, kNow + 3s).at(0);
    CHECK(on.store.oldest_due(kNow + 9s).value() == kNow + 3s);
    REQUIRE(on.store.postpone_delivery(row.id, kNow + 1h));
    CHECK(on.store.oldest_due(kNow + 9s).value() == kNow + 3s);
    REQUIRE(on.store.finish_delivery(row.id, "accepted", kNow + 3s));
    CHECK(on.store.oldest_due(kNow + 9s).value() == kNow + 5s);
}
