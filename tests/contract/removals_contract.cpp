// SPDX-License-Identifier: MIT
//
// What every Store promises about what administrators take away, on the real one and the fake.
#include "tests/contract/store_under_test.hpp"

using namespace latchkey;
using namespace latchkey::contract;

namespace {

const SubjectKey kAda = "1001:ada";
const SubjectKey kBob = "1002:bob";

Contact contact_of(const std::string& sealed) {
    return {0, "email", "email:example.org", sealed, kNow, kNow, {}};
}

Authenticator app_of(const std::string& sealed) {
    Authenticator app;
    app.sealed_key = sealed;
    app.confirmed_at = kNow;
    return app;
}

AuditRecord record_of(const SubjectKey& subject, const std::string& event) {
    return {kNow, event, subject, "by root"};
}

// An address that is added by its owner, and that whoever was told may end.
RecordedChange addition(const SubjectKey& subject) {
    RecordedChange recorded;
    recorded.subject = subject;
    recorded.change = {0, ChangeKind::AddedContact, "email", 0, kNow, kNow + 24h, {}};
    recorded.added_contact = contact_of("new");
    recorded.vetoes = {{7, digest_of(1)}, {8, digest_of(2)}};
    return recorded;
}

Removal removal_of(const std::vector<Contact>& contacts) {
    Removal removal;
    removal.subject = kAda;
    removal.contacts = contacts;
    removal.notices = {message(OutboxPurpose::Notice)};
    removal.record = record_of(kAda, "removed");
    return removal;
}

}  // namespace

TEMPLATE_TEST_CASE("what root removes is gone at once, with its notices and its record", "",
                   OnSqlite, InMemory) {
    TestType on;
    REQUIRE(on.store.enrol_contact(kAda, contact_of("first")));
    REQUIRE(on.store.enrol_contact(kAda, contact_of("second")));
    REQUIRE(on.store.enrol_authenticator(kAda, app_of("key")));
    Removal removal = removal_of({on.store.contacts(kAda).value().at(0)});
    removal.authenticators = on.store.authenticators(kAda).value();
    REQUIRE(on.store.remove_enrolled(removal));
    const auto left = on.store.contacts(kAda).value();
    REQUIRE(left.size() == 1);
    CHECK(left[0].sealed_address == "second");
    CHECK(on.store.authenticators(kAda).value().empty());
    CHECK(on.store.claim_due(kNow, kNow + 60s, 10).value().size() == 1);
    CHECK(on.store.audit(kAda, 1).value().at(0).event == "removed");
}

TEMPLATE_TEST_CASE("nothing is removed if one row is gone, another by now, or somebody else's", "",
                   OnSqlite, InMemory) {
    TestType on;
    REQUIRE(on.store.enrol_contact(kAda, contact_of("first")));
    REQUIRE(on.store.enrol_contact(kBob, contact_of("bob's")));
    const Contact there = on.store.contacts(kAda).value().at(0);
    Contact other = there;
    other.sealed_address = "as it was once";
    const Contact of_bob = on.store.contacts(kBob).value().at(0);
    for (const Contact& wrong : {other, of_bob}) {
        CHECK_FALSE(on.store.remove_enrolled(removal_of({there, wrong})));
        CHECK(on.store.contacts(kAda).value().size() == 1);
        CHECK(on.store.contacts(kBob).value().size() == 1);
        CHECK(on.store.claim_due(kNow, kNow + 60s, 10).value().empty());
        CHECK(on.store.audit(kAda, 1).value().empty());
    }
}

TEMPLATE_TEST_CASE("a veto that has frozen the changes of the owner does not bind root", "",
                   OnSqlite, InMemory) {
    TestType on;
    REQUIRE(on.store.enrol_contact(kAda, contact_of("first")));
    REQUIRE(on.store.record_change(addition(kAda)));
    UsedVeto used;
    used.subject = kAda;
    used.now = kNow;
    used.change = on.store.find_veto(kAda, digest_of(1), kNow).value()->change;
    used.told = 7;
    REQUIRE(on.store.use_veto(used).value());
    CHECK(on.store.remove_enrolled(removal_of(on.store.contacts(kAda).value())));
    CHECK(on.store.contacts(kAda).value().empty());
}

TEMPLATE_TEST_CASE("a removal ends what is under way, and the vetoes of who is removed", "",
                   OnSqlite, InMemory) {
    TestType on;
    REQUIRE(on.store.enrol_contact(kAda, contact_of("first")));
    REQUIRE(on.store.enrol_contact(kAda, contact_of("second")));
    const auto contacts = on.store.contacts(kAda).value();
    RecordedChange recorded = addition(kAda);
    recorded.vetoes = {{contacts[0].id, digest_of(1)}, {contacts[1].id, digest_of(2)}};
    REQUIRE(on.store.record_change(recorded));
    const RecoveryId recovery = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    REQUIRE(on.store.issue_code(code(recovery)));
    REQUIRE(enter(on.store, recovery, 7) == Verdict::Right);
    IssuedCode of_bob = code(begin_later(on.store, kNow, kBob));
    of_bob.message->subject = kBob;
    REQUIRE(on.store.issue_code(of_bob));
    SECTION("of an address") {
        REQUIRE(on.store.remove_enrolled(removal_of({contacts[0]})));
        CHECK_FALSE(on.store.find_veto(kAda, digest_of(1), kNow).value());
    }
    SECTION("of saved codes, which are no row here") {
        REQUIRE(on.store.remove_enrolled(removal_of({})));
        CHECK(on.store.find_veto(kAda, digest_of(1), kNow).value());
    }
    CHECK(on.store.find_veto(kAda, digest_of(2), kNow).value());
    CHECK_FALSE(on.store.spend_grant(grant(recovery)).value());
    const auto due = on.store.claim_due(kNow, kNow + 60s, 10).value();
    REQUIRE(due.size() == 2);
    for (const OutboxRow& row : due)
        CHECK((row.purpose == OutboxPurpose::Notice || row.subject == kBob));
}

TEMPLATE_TEST_CASE("a purge takes all of one account, and nothing of another", "", OnSqlite,
                   InMemory) {
    TestType on;
    for (const SubjectKey& subject : {kAda, kBob}) {
        REQUIRE(on.store.enrol_contact(subject, contact_of("first")));
        REQUIRE(on.store.enrol_authenticator(subject, app_of("key")));
        REQUIRE(on.store.record_change(addition(subject)));
    }
    CHECK(on.store.kept_subjects().value() == std::vector<SubjectKey>{kAda, kBob});
    const KeptRows before = on.store.kept_of(kAda).value();
    CHECK(before.contacts == 2);
    CHECK(before.authenticators == 1);
    CHECK(before.vetoes == 2);
    REQUIRE(on.store.purge({message(OutboxPurpose::Notice)}, record_of(kAda, "purged")));
    CHECK(on.store.kept_of(kAda).value().is_empty());
    CHECK(on.store.kept_subjects().value() == std::vector<SubjectKey>{kBob});
    CHECK(on.store.contacts(kAda).value().empty());
    CHECK_FALSE(on.store.find_veto(kAda, digest_of(1), kNow).value());
    CHECK(on.store.contacts(kBob).value().size() == 2);
    CHECK(on.store.authenticators(kBob).value().size() == 1);
    CHECK(on.store.claim_due(kNow, kNow + 60s, 10).value().size() == 1);
    CHECK(on.store.audit(kAda, 1).value().at(0).event == "purged");
}

TEMPLATE_TEST_CASE("a purge ends recoveries and codes, and keeps what limits count", "", OnSqlite,
                   InMemory) {
    TestType on;
    const RecoveryId recovery = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    REQUIRE(on.store.issue_code(code(recovery)));
    REQUIRE(on.store.record_change(addition(kAda)));
    (void)charge(on.store, guess(recovery));
    REQUIRE(on.store.purge({}, record_of(kAda, "purged")));
    CHECK(on.store.claim_due(kNow, kNow + 60s, 10).value().empty());
    const Limit limit = at_most(5, LimitScope::Subject, {AttemptKind::Code});
    CHECK(on.store.count_attempts(guess(recovery), limit, kNow).value() == 1);
    CHECK(on.store.changes(kAda, {}).value().size() == 1);
    CHECK(enter(on.store, recovery, 7) == Verdict::Expired);
}
