// SPDX-License-Identifier: MIT
//
// What every Store promises about changes that owners make, and vetoes, on the real one and
// the fake.
#include "tests/contract/store_under_test.hpp"

using namespace latchkey;
using namespace latchkey::contract;

namespace {

const SubjectKey kAda = "1001:ada";

Contact contact_of(std::int64_t id, const std::string& sealed, TimePoint gone_from = {}) {
    return {id, "email", "email:example.org", sealed, kNow, kNow + 24h, gone_from};
}

// An address that is added, with a veto that the address `told` has.
RecordedChange addition(std::int64_t told = 7, TimePoint at = kNow) {
    RecordedChange recorded;
    recorded.subject = kAda;
    recorded.change = {0, ChangeKind::AddedContact, "email", 0, at, at + 24h, {}};
    recorded.added_contact = contact_of(0, "new");
    recorded.vetoes = {{told, digest_of(1)}};
    recorded.notices = {message(OutboxPurpose::Notice)};
    recorded.audit_event = "enrolment";
    recorded.audit_detail = "enrolled email by owner";
    return recorded;
}

UsedVeto use_of(const FoundVeto& found, TimePoint now = kNow) {
    UsedVeto used;
    used.subject = kAda;
    used.change = found.change;
    used.told = found.told;
    used.now = now;
    used.freezes = true;
    used.audit_detail = "undone";
    return used;
}

}  // namespace

TEMPLATE_TEST_CASE("a change, its rows, its notices and its record are there together", "",
                   OnSqlite, InMemory) {
    TestType on;
    REQUIRE(on.store.record_change(addition()));
    const auto contacts = on.store.contacts(kAda).value();
    REQUIRE(contacts.size() == 1);
    CHECK(contacts[0].sealed_address == "new");
    CHECK(contacts[0].gone_from == TimePoint{});
    const auto changes = on.store.changes(kAda, kNow - 1s).value();
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].kind == ChangeKind::AddedContact);
    CHECK(changes[0].contact == contacts[0].id);
    CHECK(changes[0].final_at == kNow + 24h);
    CHECK(on.store.claim_due(kNow, kNow + 60s, 10).value().size() == 1);
    const auto records = on.store.audit(kAda, 1).value();
    REQUIRE(records.size() == 1);
    CHECK(records[0].event == "enrolment");
    CHECK(on.store.changes(kAda, kNow).value().empty());
    CHECK(on.store.changes("1002:bob", {}).value().empty());
}

TEMPLATE_TEST_CASE("nothing of a change is kept if one of its rows is gone", "", OnSqlite,
                   InMemory) {
    TestType on;
    RecordedChange recorded = addition();
    recorded.contacts = {{contact_of(4711, "of nobody"), "before"}};
    CHECK_FALSE(on.store.record_change(recorded));
    CHECK(on.store.contacts(kAda).value().empty());
    CHECK(on.store.changes(kAda, {}).value().empty());
    CHECK(on.store.claim_due(kNow, kNow + 60s, 10).value().empty());
    CHECK(on.store.audit(kAda, 10).value().empty());
}

TEMPLATE_TEST_CASE("nobody's address is written by a change of another subject", "", OnSqlite,
                   InMemory) {
    TestType on;
    REQUIRE(on.store.record_change(addition()));
    const auto of_ada = on.store.contacts(kAda).value().at(0).id;
    RecordedChange recorded = addition();
    recorded.subject = "1002:bob";
    recorded.added_contact.reset();
    recorded.contacts = {{contact_of(of_ada, "bob's"), "new"}};
    CHECK_FALSE(on.store.record_change(recorded));
    CHECK(on.store.contacts(kAda).value().at(0).sealed_address == "new");
}

TEMPLATE_TEST_CASE("a veto is found by its code alone, until it is used or the change is final", "",
                   OnSqlite, InMemory) {
    TestType on;
    REQUIRE(on.store.record_change(addition()));
    const auto found = on.store.find_veto(kAda, digest_of(1), kNow).value();
    REQUIRE(found);
    CHECK(found->told == 7);
    CHECK_FALSE(found->used_lately);
    CHECK_FALSE(on.store.find_veto(kAda, digest_of(2), kNow).value());
    CHECK_FALSE(on.store.find_veto("1002:bob", digest_of(1), kNow).value());
    CHECK(on.store.find_veto(kAda, digest_of(1), kNow + 24h - 1s).value());
    CHECK_FALSE(on.store.find_veto(kAda, digest_of(1), kNow + 24h).value());
    CHECK(on.store.use_veto(use_of(*found)).value());
    CHECK_FALSE(on.store.find_veto(kAda, digest_of(1), kNow).value());
}

TEMPLATE_TEST_CASE("a veto is good once, and takes away what was added", "", OnSqlite, InMemory) {
    TestType on;
    REQUIRE(on.store.record_change(addition()));
    const FoundVeto found = *on.store.find_veto(kAda, digest_of(1), kNow).value();
    SECTION("by whoever was told") {
        CHECK(on.store.use_veto(use_of(found)).value());
        CHECK_FALSE(on.store.use_veto(use_of(found)).value());
        CHECK(on.store.contacts(kAda).value().empty());
        CHECK(on.store.changes(kAda, {}).value().at(1).ended_at == kNow);
        CHECK(on.store.changes(kAda, {}).value().at(0).kind == ChangeKind::Frozen);
        CHECK(on.store.audit(kAda, 1).value().at(0).event == "vetoed");
    }
    SECTION("not when the change is final") {
        CHECK_FALSE(on.store.use_veto(use_of(found, kNow + 24h)).value());
        CHECK(on.store.contacts(kAda).value().size() == 1);
    }
    SECTION("not by who was told nothing") {
        UsedVeto used = use_of(found);
        used.told = 8;
        CHECK_FALSE(on.store.use_veto(used).value());
        CHECK(on.store.contacts(kAda).value().size() == 1);
    }
    SECTION("not in the name of another subject") {
        UsedVeto used = use_of(found);
        used.subject = "1002:bob";
        CHECK_FALSE(on.store.use_veto(used).value());
        CHECK(on.store.contacts(kAda).value().size() == 1);
    }
    SECTION("and one that is only heard ends nothing") {
        UsedVeto used = use_of(found);
        used.ends_change = false;
        used.freezes = false;
        CHECK(on.store.use_veto(used).value());
        CHECK(on.store.contacts(kAda).value().size() == 1);
        CHECK(on.store.changes(kAda, {}).value().at(0).ended_at == TimePoint{});
        CHECK_FALSE(on.store.use_veto(used).value());
    }
}

TEMPLATE_TEST_CASE("a veto of the same address within 30 days is told", "", OnSqlite, InMemory) {
    TestType on;
    REQUIRE(on.store.record_change(addition()));
    REQUIRE(on.store.use_veto(use_of(*on.store.find_veto(kAda, digest_of(1), kNow).value())));
    const auto later = [&](TimePoint at, std::int64_t told) {
        REQUIRE(on.store.record_change(addition(told, at)));
        return on.store.find_veto(kAda, digest_of(1), at).value()->used_lately;
    };
    CHECK(later(kNow + 24h * 30 - 1s, 7));
}

TEMPLATE_TEST_CASE("a veto of another address, or 30 days before, is none of it", "", OnSqlite,
                   InMemory) {
    TestType on;
    REQUIRE(on.store.record_change(addition()));
    REQUIRE(on.store.use_veto(use_of(*on.store.find_veto(kAda, digest_of(1), kNow).value())));
    const bool same_address = GENERATE(true, false);
    const TimePoint at = same_address ? kNow + 24h * 30 : kNow + 25h;
    REQUIRE(on.store.record_change(addition(same_address ? 7 : 8, at)));
    CHECK_FALSE(on.store.find_veto(kAda, digest_of(1), at).value()->used_lately);
}

TEMPLATE_TEST_CASE("an authenticator that was added waits beside the present one", "", OnSqlite,
                   InMemory) {
    TestType on;
    REQUIRE(on.store.enrol_authenticator(kAda, {"present", 5, kNow}));
    RecordedChange recorded;
    recorded.subject = kAda;
    recorded.change = {0, ChangeKind::AddedAuthenticator, "totp", 0, kNow, kNow + 24h, {}};
    recorded.added_authenticator = Authenticator{"waiting", 9, kNow, "totp", kNow + 24h, {}};
    recorded.vetoes = {{7, digest_of(1)}};
    REQUIRE(on.store.record_change(recorded));
    auto apps = on.store.authenticators(kAda).value();
    REQUIRE(apps.size() == 2);
    CHECK(apps[0].sealed_key == "present");
    CHECK(apps[1].sealed_key == "waiting");
    CHECK(apps[1].usable_from == kNow + 24h);
    SECTION("and goes with a veto") {
        REQUIRE(on.store.use_veto(use_of(*on.store.find_veto(kAda, digest_of(1), kNow).value())));
        CHECK(on.store.authenticators(kAda).value().size() == 1);
    }
    SECTION("another one takes its place while it waits") {
        recorded.added_authenticator->sealed_key = "another";
        REQUIRE(on.store.record_change(recorded));
        apps = on.store.authenticators(kAda).value();
        REQUIRE(apps.size() == 2);
        CHECK(apps[0].sealed_key == "present");
        CHECK(apps[1].sealed_key == "another");
    }
    SECTION("and is the present one for the next, when it counts") {
        recorded.change.at = kNow + 24h;
        recorded.added_authenticator->sealed_key = "another";
        REQUIRE(on.store.record_change(recorded));
        apps = on.store.authenticators(kAda).value();
        REQUIRE(apps.size() == 2);
        CHECK(apps[0].sealed_key == "waiting");
        CHECK(apps[1].sealed_key == "another");
    }
    SECTION("and both go where root enrols one") {
        REQUIRE(on.store.enrol_authenticator(kAda, {"root's", 0, kNow}));
        apps = on.store.authenticators(kAda).value();
        REQUIRE(apps.size() == 1);
        CHECK(apps[0].sealed_key == "root's");
    }
}

TEMPLATE_TEST_CASE("a removed address is pruned when its time is over, a change long after", "",
                   OnSqlite, InMemory) {
    TestType on;
    REQUIRE(on.store.record_change(addition()));
    const auto id = on.store.contacts(kAda).value().at(0).id;
    RecordedChange removal = addition();
    removal.change = {0, ChangeKind::RemovedContact, "email", id, kNow, kNow + 24h, {}};
    removal.added_contact.reset();
    removal.contacts = {{contact_of(id, "goes", kNow + 24h), "new"}};
    removal.vetoes.clear();
    REQUIRE(on.store.record_change(removal));
    REQUIRE(on.store.prune(kNow + 24h - 1s));
    CHECK(on.store.contacts(kAda).value().at(0).gone_from == kNow + 24h);
    REQUIRE(on.store.prune(kNow + 24h));
    CHECK(on.store.contacts(kAda).value().empty());
    CHECK(on.store.changes(kAda, {}).value().size() == 2);
    REQUIRE(on.store.prune(kNow + 24h + kChangesKept));
    CHECK(on.store.changes(kAda, {}).value().empty());
}

TEMPLATE_TEST_CASE("messages are queued with the record of why", "", OnSqlite, InMemory) {
    TestType on;
    REQUIRE(on.store.queue_messages({message(), message()}, {kNow, "confirming", kAda, "email"}));
    CHECK(on.store.claim_due(kNow, kNow + 60s, 10).value().size() == 2);
    CHECK(on.store.audit(kAda, 1).value().at(0).event == "confirming");
}

TEMPLATE_TEST_CASE("who was slower than another change writes nothing over it", "", OnSqlite,
                   InMemory) {
    TestType on;
    REQUIRE(on.store.record_change(addition()));
    REQUIRE(on.store.enrol_authenticator(kAda, {"present", 5, kNow}));
    const auto id = on.store.contacts(kAda).value().at(0).id;
    RecordedChange late;
    late.subject = kAda;
    late.change = {0, ChangeKind::RemovedContact, "email", id, kNow, kNow + 24h, {}};
    SECTION("of an address") {
        late.contacts = {{contact_of(id, "late"), "as it was"}};
    }
    SECTION("of an app") {
        late.authenticators = {{Authenticator{"late", 5, kNow, "totp", {}, kNow}, "as it was"}};
    }
    CHECK_FALSE(on.store.record_change(late));
    CHECK(on.store.contacts(kAda).value().at(0).sealed_address == "new");
    CHECK(on.store.authenticators(kAda).value().at(0).sealed_key == "present");
    CHECK(on.store.changes(kAda, {}).value().size() == 1);
}

TEMPLATE_TEST_CASE("an app is removed by its key, and a waiting one stays what it is", "", OnSqlite,
                   InMemory) {
    TestType on;
    REQUIRE(on.store.enrol_authenticator(kAda, {"present", 5, kNow}));
    RecordedChange added;
    added.subject = kAda;
    added.change = {0, ChangeKind::AddedAuthenticator, "totp", 0, kNow, kNow + 24h, {}};
    added.added_authenticator = Authenticator{"waiting", 9, kNow, "totp", kNow + 24h, {}};
    REQUIRE(on.store.record_change(added));
    RecordedChange removal;
    removal.subject = kAda;
    removal.change = {0, ChangeKind::RemovedAuthenticator, "totp", 0, kNow, kNow + 24h, {}};
    removal.authenticators = {{Authenticator{"goes", 5, kNow, "totp", {}, kNow + 24h}, "present"}};
    REQUIRE(on.store.record_change(removal));
    auto apps = on.store.authenticators(kAda).value();
    REQUIRE(apps.size() == 2);
    CHECK(apps[0].sealed_key == "goes");
    CHECK(apps[0].gone_from == kNow + 24h);
    CHECK(apps[0].last_step == 5);
    CHECK(apps[1].sealed_key == "waiting");
    REQUIRE(on.store.prune(kNow + 24h));
    apps = on.store.authenticators(kAda).value();
    REQUIRE(apps.size() == 1);
    CHECK(apps[0].sealed_key == "waiting");
}

TEMPLATE_TEST_CASE("that everything goes is one change, which a veto ends", "", OnSqlite,
                   InMemory) {
    TestType on;
    REQUIRE(on.store.enrol_authenticator(kAda, {"present", 5, kNow}));
    RecordedChange all;
    all.subject = kAda;
    all.change = {0, ChangeKind::Forgotten, "", 0, kNow, kNow + 24h, {}};
    all.authenticators = {{Authenticator{"goes", 5, kNow, "totp", {}, kNow + 24h}, "present"}};
    all.vetoes = {{7, digest_of(1)}};
    REQUIRE(on.store.record_change(all));
    const FoundVeto found = *on.store.find_veto(kAda, digest_of(1), kNow).value();
    CHECK(found.change.kind == ChangeKind::Forgotten);
    SECTION("before it is final") {
        UsedVeto used = use_of(found);
        used.authenticators = {{Authenticator{"stays", 5, kNow, "totp", {}, {}}, "goes"}};
        REQUIRE(on.store.use_veto(used).value());
        REQUIRE(on.store.prune(kNow + 24h));
        CHECK(on.store.authenticators(kAda).value().at(0).sealed_key == "stays");
    }
    SECTION("and without one nothing is left") {
        REQUIRE(on.store.prune(kNow + 24h));
        CHECK(on.store.authenticators(kAda).value().empty());
    }
}

TEMPLATE_TEST_CASE("a code that was told to an address is no good when the address is gone", "",
                   OnSqlite, InMemory) {
    TestType on;
    REQUIRE(on.store.enrol_contact(kAda, contact_of(0, "goes", kNow + 1h)));
    REQUIRE(on.store.record_change(addition(on.store.contacts(kAda).value().at(0).id)));
    REQUIRE(on.store.prune(kNow + 1h - 1s));
    CHECK(on.store.find_veto(kAda, digest_of(1), kNow).value());
    REQUIRE(on.store.prune(kNow + 1h));
    CHECK_FALSE(on.store.find_veto(kAda, digest_of(1), kNow).value());
}

TEMPLATE_TEST_CASE("what an ended change had added goes, also where its row is written again", "",
                   OnSqlite, InMemory) {
    TestType on;
    REQUIRE(on.store.record_change(addition()));
    RecordedChange app;
    app.subject = kAda;
    app.change = {0, ChangeKind::AddedAuthenticator, "totp", 0, kNow, kNow + 24h, {}};
    app.added_authenticator = Authenticator{"waiting", 9, kNow, "totp", kNow + 24h, {}};
    REQUIRE(on.store.record_change(app));
    const Contact added = on.store.contacts(kAda).value().at(0);
    EndedChanges ended;
    ended.subject = kAda;
    ended.now = kNow;
    ended.changes = on.store.changes(kAda, {}).value();
    ended.contacts = {{contact_of(added.id, "again"), "new"}};
    ended.authenticators = {{Authenticator{"anew", 9, kNow, "totp", kNow + 24h, {}}, "waiting"}};
    REQUIRE(on.store.end_changes(ended));
    CHECK(on.store.contacts(kAda).value().empty());
    CHECK(on.store.authenticators(kAda).value().empty());
    const std::vector<Change> changes = on.store.changes(kAda, {}).value();
    CHECK(changes.size() == 2);
    for (const Change& each : changes) CHECK(each.ended_at == kNow);
}

TEMPLATE_TEST_CASE("nothing is changed within a day of a veto, not even by who began before", "",
                   OnSqlite, InMemory) {
    TestType on;
    REQUIRE(on.store.record_change(addition()));
    REQUIRE(on.store.use_veto(use_of(*on.store.find_veto(kAda, digest_of(1), kNow).value())));
    CHECK_FALSE(on.store.record_change(addition(7, kNow + 24h - 1s)));
    CHECK(on.store.record_change(addition(7, kNow + 24h)));
}

TEMPLATE_TEST_CASE("no two who come at once have more addresses than an account may have", "",
                   OnSqlite, InMemory) {
    TestType on;
    RecordedChange one = addition();
    one.most_contacts = 2;
    REQUIRE(on.store.record_change(one));
    REQUIRE(on.store.record_change(one));
    CHECK_FALSE(on.store.record_change(one));
    CHECK(on.store.contacts(kAda).value().size() == 2);
}

TEMPLATE_TEST_CASE("a veto ends other changes with its own, and recoveries that are open", "",
                   OnSqlite, InMemory) {
    TestType on;
    REQUIRE(on.store.record_change(addition()));
    REQUIRE(on.store.record_change(addition(8)));
    const auto found = on.store.find_veto(kAda, digest_of(1), kNow).value();
    REQUIRE(found);
    UsedVeto used = use_of(*found);
    used.changes = on.store.changes(kAda, {}).value();
    used.ends_change = false;
    const bool ends_recoveries = GENERATE(true, false);
    used.ends_recoveries = ends_recoveries;
    const NewRecovery open{kAda, true,       Reason::ForgotPassword, "login", "console:tty1", 1,
                           kNow, kNow + 900s};
    const auto started = on.store.start_recovery(open, "lease", {}).value();
    REQUIRE(on.store.set_resume_code(started.id, digest_of(9), digest_of(9)));
    REQUIRE(on.store.release(started.id, "lease"));
    REQUIRE(on.store.use_veto(used).value());
    CHECK(on.store.contacts(kAda).value().empty());
    const auto resumed =
        on.store.resume({kAda, "login", "console:tty1", digest_of(9), "other", kNow}).value();
    CHECK(resumed.has_value() != ends_recoveries);
}

TEMPLATE_TEST_CASE("changes are ended without a veto, all of them or none", "", OnSqlite,
                   InMemory) {
    TestType on;
    REQUIRE(on.store.record_change(addition()));
    const Contact added = on.store.contacts(kAda).value().at(0);
    EndedChanges ended;
    ended.subject = kAda;
    ended.now = kNow;
    ended.audit_event = "kept";
    ended.audit_detail = "old_way_used";
    ended.notices = {message(OutboxPurpose::Notice)};
    ended.changes = on.store.changes(kAda, {}).value();
    SECTION("all") {
        REQUIRE(on.store.end_changes(ended));
        CHECK(on.store.contacts(kAda).value().empty());
        CHECK(on.store.changes(kAda, {}).value().at(0).ended_at == kNow);
        CHECK(on.store.audit(kAda, 1).value().at(0).event == "kept");
        CHECK_FALSE(on.store.find_veto(kAda, digest_of(1), kNow).value());
        CHECK(on.store.record_change(addition(8)));  // nothing is frozen
    }
    SECTION("none, where a row is another by now") {
        ended.contacts = {{added, "another"}};
        CHECK_FALSE(on.store.end_changes(ended));
        CHECK(on.store.contacts(kAda).value().size() == 1);
        CHECK(on.store.changes(kAda, {}).value().at(0).ended_at == TimePoint{});
    }
    SECTION("none of another subject") {
        ended.subject = "1002:bob";
        REQUIRE(on.store.end_changes(ended));
        CHECK(on.store.contacts(kAda).value().size() == 1);
        CHECK(on.store.changes(kAda, {}).value().at(0).ended_at == TimePoint{});
    }
}

TEMPLATE_TEST_CASE("what happened is told with codes like a change, also while all is frozen", "",
                   OnSqlite, InMemory) {
    TestType on;
    REQUIRE(on.store.record_change(addition()));
    REQUIRE(on.store.use_veto(use_of(*on.store.find_veto(kAda, digest_of(1), kNow).value())));
    RecordedChange pass;
    pass.subject = kAda;
    pass.change = {0, ChangeKind::Pass, {}, 0, kNow, kNow + kDeniable, {}};
    pass.vetoes = {{7, digest_of(2)}, {8, digest_of(3)}};
    pass.audit_event = "pass";
    REQUIRE(on.store.record_change(pass));
    const auto found = on.store.find_veto(kAda, digest_of(2), kNow).value();
    REQUIRE(found);
    CHECK(found->change.kind == ChangeKind::Pass);
    CHECK(found->used_lately);
    CHECK_FALSE(on.store.find_veto(kAda, digest_of(2), kNow + kDeniable).value());
    UsedVeto used = use_of(*found);
    used.ends_change = false;
    REQUIRE(on.store.use_veto(used).value());
    CHECK_FALSE(on.store.find_veto(kAda, digest_of(2), kNow).value());
    CHECK(on.store.find_veto(kAda, digest_of(3), kNow).value());
}

TEMPLATE_TEST_CASE("who denies the end of a lockout has denied no change", "", OnSqlite, InMemory) {
    TestType on;
    RecordedChange unlock;
    unlock.subject = kAda;
    unlock.change = {0, ChangeKind::Unlock, {}, 0, kNow, kNow + kDeniable, {}};
    unlock.vetoes = {{7, digest_of(2)}};
    unlock.audit_event = "unlock";
    REQUIRE(on.store.record_change(unlock));
    UsedVeto used = use_of(*on.store.find_veto(kAda, digest_of(2), kNow).value());
    used.ends_change = false;
    REQUIRE(on.store.use_veto(used).value());
    RecordedChange pass = unlock;
    pass.change.kind = ChangeKind::Pass;
    for (const std::uint8_t number : {std::uint8_t{3}, std::uint8_t{4}}) {
        pass.vetoes = {{7, digest_of(number)}};
        REQUIRE(on.store.record_change(pass));
    }
    CHECK_FALSE(on.store.find_veto(kAda, digest_of(3), kNow).value()->used_lately);
    used = use_of(*on.store.find_veto(kAda, digest_of(3), kNow).value());
    used.ends_change = false;
    REQUIRE(on.store.use_veto(used).value());
    CHECK(on.store.find_veto(kAda, digest_of(4), kNow).value()->used_lately);
}

TEMPLATE_TEST_CASE("a denial ends what is open in the transaction that tells of it", "", OnSqlite,
                   InMemory) {
    TestType on;
    const RecoveryId id = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    RecordedChange recorded;
    recorded.subject = kAda;
    recorded.change = {0, ChangeKind::Denied, {}, 0, kNow, kNow, kNow};
    recorded.denied_from = "console:tty1";
    recorded.notices = {message(OutboxPurpose::Notice)};
    recorded.audit_event = "denied";
    const auto denials = [&on, id] {
        return on.store
            .count_attempts(guess(id, AttemptKind::Denial, ""),
                            at_most(9, LimitScope::Subject, {AttemptKind::Denial}), kNow)
            .value();
    };
    SECTION("nothing ends where nobody can be told") {
        recorded.contacts = {{contact_of(4711, "of nobody"), "before"}};
        CHECK_FALSE(on.store.record_change(recorded));
        CHECK(on.store.extend_lease(id, "mine", kNow + 60s));
        CHECK(denials() == 0);
        CHECK(on.store.claim_due(kNow, kNow + 60s, 10).value().empty());
    }
    SECTION("all of it") {
        const AttemptId typed = charge(on.store, guess(id));
        REQUIRE(on.store.record_change(recorded));
        CHECK_FALSE(on.store.settle_saved_code(typed, id, {"saved", kNow}));
        CHECK(denials() == 1);
        CHECK(on.store.claim_due(kNow, kNow + 60s, 10).value().size() == 1);
        CHECK(on.store.audit(kAda, 1).value().at(0).event == "denied");
    }
}
