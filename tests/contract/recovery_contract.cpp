// SPDX-License-Identifier: MIT
//
// What every Store promises about recoveries, proofs, grants and the outbox, on
// the real one and the fake.
#include <array>

#include "tests/contract/store_under_test.hpp"

using namespace latchkey;
using namespace latchkey::contract;

using Kind = AttemptKind;

namespace {

ResumeRequest resume_request(std::uint8_t code_byte = 9, TimePoint at = kNow) {
    return {"1001:ada", "login", "console:tty1", digest_of(code_byte), "second", at};
}

bool can_resume(Store& store, const ResumeRequest& request) {
    const auto found = store.resume(request);
    REQUIRE(found);
    return found->has_value();
}

// A recovery with one open gate and a resume code, held by "mine".
RecoveryId proven_recovery(Store& store, std::uint32_t gates = 1) {
    const RecoveryId id = store.start_recovery(new_recovery(gates), "mine", {}).value().id;
    REQUIRE(store.issue_code(code(id)));
    REQUIRE(enter(store, id, 7) == Verdict::Right);
    REQUIRE(store.set_resume_code(id, digest_of(9), digest_of(19)));
    return id;
}

Verdict enter_otp(Store& store, RecoveryId recovery, std::uint64_t step, TimePoint at = kNow) {
    const AttemptId id = charge(store, guess(recovery, Kind::Otp, "totp"), at);
    return store.settle_otp(id, recovery, {"1001:ada", step, "sealed"}, {"app", at}).value();
}

}  // namespace

TEMPLATE_TEST_CASE("a right code opens its gate and works once", "", OnSqlite, InMemory) {
    TestType on;
    const RecoveryId id = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    CHECK(on.store.open_gates(id).value().empty());
    REQUIRE(on.store.issue_code(code(id)));
    CHECK(enter(on.store, id, 6) == Verdict::Wrong);
    CHECK(on.store.open_gates(id).value().empty());
    CHECK(enter(on.store, id, 7) == Verdict::Right);
    CHECK(on.store.open_gates(id).value() == std::vector<std::string>{"email:example.org"});
    CHECK(enter(on.store, id, 7) == Verdict::Expired);
}

TEMPLATE_TEST_CASE("a code is dead from the second on in which it expires", "", OnSqlite,
                   InMemory) {
    TestType on;
    const RecoveryId id = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    REQUIRE(on.store.issue_code(code(id)));
    CHECK(enter(on.store, id, 7, kNow + 10min) == Verdict::Expired);
    CHECK(enter(on.store, id, 6, kNow + 10min) == Verdict::Expired);
    CHECK(enter(on.store, id, 7, kNow + 10min - 1s) == Verdict::Right);
}

TEMPLATE_TEST_CASE("a code that outlives its recovery is taken up by a later one, guesses and all",
                   "", OnSqlite, InMemory) {
    TestType on;
    const RecoveryId first = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    IssuedCode lasting = code(first);
    lasting.expires_at = kNow + 24h;
    REQUIRE(on.store.issue_code(lasting));
    for (int i = 0; i < 3; ++i) CHECK(enter(on.store, first, 6) == Verdict::Wrong);
    const RecoveryId other = begin_later(on.store, kNow + 5min);
    CHECK_FALSE(take_up(on.store, other, kNow + 5min));  // a connection waits for it still
    REQUIRE(on.store.prune(kNow + 20h));
    const RecoveryId later = begin_later(on.store, kNow + 20h);
    CHECK(take_up(on.store, later, kNow + 20h) == kNow);
    CHECK(take_up(on.store, later, kNow + 20h) == kNow);  // its own
    CHECK(enter(on.store, later, 6, kNow + 20h) == Verdict::Wrong);
    CHECK(enter(on.store, later, 7, kNow + 20h) == Verdict::Right);
    CHECK_FALSE(take_up(on.store, later, kNow + 20h));
}

TEMPLATE_TEST_CASE("the guess that uses up a code that was taken up is counted from the first", "",
                   OnSqlite, InMemory) {
    TestType on;
    const RecoveryId first = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    IssuedCode lasting = code(first);
    lasting.expires_at = kNow + 24h;
    REQUIRE(on.store.issue_code(lasting));
    for (int i = 0; i < 3; ++i) CHECK(enter(on.store, first, 6) == Verdict::Wrong);
    const RecoveryId later = begin_later(on.store, kNow + 1h);
    REQUIRE(take_up(on.store, later, kNow + 1h));
    CHECK(enter(on.store, later, 6, kNow + 1h) == Verdict::Wrong);
    CHECK(enter(on.store, later, 6, kNow + 1h) == Verdict::Exhausted);
    CHECK(enter(on.store, later, 7, kNow + 1h) == Verdict::Exhausted);
}

TEMPLATE_TEST_CASE("no other code is taken up", "", OnSqlite, InMemory) {
    TestType on;
    const RecoveryId first = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    IssuedCode lasting = code(first);
    lasting.expires_at = kNow + 24h;
    REQUIRE(on.store.issue_code(lasting));
    const TimePoint later = kNow + 1h;
    SECTION("of another method") {
        CHECK_FALSE(take_up(on.store, begin_later(on.store, later), later, "sms"));
    }
    SECTION("to another address") {
        CHECK_FALSE(take_up(on.store, begin_later(on.store, later), later, "email", 98));
    }
    SECTION("of another account") {
        CHECK_FALSE(take_up(on.store, begin_later(on.store, later, "1002:ben"), later));
    }
    SECTION("that has expired") {
        CHECK_FALSE(take_up(on.store, begin_later(on.store, kNow + 24h), kNow + 24h));
    }
    SECTION("that was used up") {
        for (int i = 0; i < 5; ++i) (void)enter(on.store, first, 6);
        CHECK_FALSE(take_up(on.store, begin_later(on.store, later), later));
    }
    SECTION("after a denial") {
        REQUIRE(on.store.end_recoveries(guess(first, Kind::Denial, "push"),
                                        {later, "denied", "1001:ada", "by its owner"}));
        CHECK_FALSE(take_up(on.store, begin_later(on.store, later), later));
    }
    SECTION("after the account was recovered, at once") {
        REQUIRE(on.store.release(first, "mine"));
        const RecoveryId spent = begin_later(on.store, kNow + 1min);
        const AttemptId saved =
            charge(on.store, guess(spent, Kind::SavedCode, "saved"), kNow + 1min);
        REQUIRE(on.store.settle_saved_code(saved, spent, {"saved", kNow + 1min}));
        REQUIRE(on.store.spend_grant(grant(spent, "later", kNow + 1min)).value());
        CHECK_FALSE(take_up(on.store, begin_later(on.store, kNow + 2min), kNow + 2min));
    }
    SECTION("after the account was recovered") {
        const RecoveryId spent = begin_later(on.store, later);
        const AttemptId saved = charge(on.store, guess(spent, Kind::SavedCode, "saved"), later);
        REQUIRE(on.store.settle_saved_code(saved, spent, {"saved", later}));
        REQUIRE(on.store.spend_grant(grant(spent, "later", later)).value());
        CHECK_FALSE(take_up(on.store, begin_later(on.store, later), later));
    }
}

TEMPLATE_TEST_CASE("no code is right in a recovery that is over", "", OnSqlite, InMemory) {
    TestType on;
    const RecoveryId id = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    REQUIRE(on.store.issue_code(code(id, 7, kNow + 10min)));
    CHECK(enter(on.store, id, 7, kNow + 15min) == Verdict::Expired);
    CHECK(on.store.open_gates(id).value().empty());
    CHECK(enter(on.store, id + 1, 7) == Verdict::Expired);
}

TEMPLATE_TEST_CASE("the wrong entry that uses a code up says so, and it stays dead", "", OnSqlite,
                   InMemory) {
    TestType on;
    const RecoveryId id = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    REQUIRE(on.store.issue_code(code(id)));
    for (int i = 0; i < 4; ++i) CHECK(enter(on.store, id, 6) == Verdict::Wrong);
    CHECK(enter(on.store, id, 6) == Verdict::Exhausted);
    CHECK(enter(on.store, id, 7) == Verdict::Exhausted);
    REQUIRE(on.store.issue_code(code(id, 8)));
    for (int i = 0; i < 4; ++i) CHECK(enter(on.store, id, 7) == Verdict::Wrong);
    CHECK(enter(on.store, id, 8) == Verdict::Right);
}

TEMPLATE_TEST_CASE("entries that are not settled yet count against a code", "", OnSqlite,
                   InMemory) {
    TestType on;
    const RecoveryId id = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    REQUIRE(on.store.issue_code(code(id)));
    std::array<AttemptId, 6> parallel{};
    for (AttemptId& attempt_id : parallel) attempt_id = charge(on.store, guess(id));
    const auto settle = [&](AttemptId attempt) {
        return on.store.settle_code(attempt, id, "email", digest_of(7), {"email:e", kNow}, 5)
            .value();
    };
    CHECK(settle(parallel[5]) == Verdict::Exhausted);
    CHECK(settle(parallel[4]) == Verdict::Right);
}

TEMPLATE_TEST_CASE("nothing opens for an attempt that is settled, foreign or of another kind", "",
                   OnSqlite, InMemory) {
    TestType on;
    const RecoveryId id = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    const RecoveryId other = on.store.start_recovery(new_recovery(), "theirs", {}).value().id;
    REQUIRE(on.store.issue_code(code(id)));
    REQUIRE(on.store.enrol_authenticator("1001:ada", {"sealed", 0, kNow}));
    const auto settle = [&](AttemptId attempt) {
        return on.store.settle_code(attempt, id, "email", digest_of(7), {"email:e", kNow}, 5)
            .value();
    };
    const AttemptId settled = charge(on.store, guess(id));
    REQUIRE(on.store.settle_attempt(settled, AttemptResult::Wrong));
    CHECK(settle(settled) == Verdict::Wrong);
    CHECK(settle(charge(on.store, guess(other))) == Verdict::Wrong);
    CHECK(settle(charge(on.store, guess(id, Kind::Code, "sms"))) == Verdict::Wrong);
    CHECK(settle(charge(on.store, guess(id, Kind::SavedCode))) == Verdict::Wrong);
    CHECK(settle(123456) == Verdict::Wrong);
    const AttemptId as_code = charge(on.store, guess(id));
    CHECK(on.store.settle_otp(as_code, id, {"1001:ada", 5, "sealed"}, {"app", kNow}).value() ==
          Verdict::Wrong);
    CHECK_FALSE(on.store.settle_saved_code(as_code, id, {"saved", kNow}));
    const AttemptId otp = charge(on.store, guess(id, Kind::Otp, "totp"));
    CHECK(on.store.settle_otp(otp, id, {"1002:bob", 5, "sealed"}, {"app", kNow}).value() ==
          Verdict::Wrong);
    CHECK(on.store.open_gates(id).value().empty());
    CHECK(settle(as_code) == Verdict::Right);
}

TEMPLATE_TEST_CASE("an authenticator's step must grow", "", OnSqlite, InMemory) {
    TestType on;
    const RecoveryId id = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    CHECK(enter_otp(on.store, id, 100) == Verdict::Wrong);
    REQUIRE(on.store.enrol_authenticator("1001:ada", {"sealed", 100, kNow}));
    CHECK(enter_otp(on.store, id, 100) == Verdict::Wrong);
    CHECK(enter_otp(on.store, id, ~std::uint64_t{0}) == Verdict::Wrong);
    const AttemptId replaced = charge(on.store, guess(id, Kind::Otp, "totp"));
    CHECK(on.store.settle_otp(replaced, id, {"1001:ada", 101, "another key"}, {"app", kNow})
              .value() == Verdict::Wrong);
    CHECK(on.store.open_gates(id).value().empty());
    CHECK(enter_otp(on.store, id, 101) == Verdict::Right);
    CHECK(enter_otp(on.store, id, 101) == Verdict::Wrong);
    CHECK(on.store.authenticators("1001:ada").value().at(0).last_step == 101);
    CHECK(on.store.open_gates(id).value() == std::vector<std::string>{"app"});
    CHECK(enter_otp(on.store, id, 102, kNow + 15min) == Verdict::Expired);
    CHECK(on.store.authenticators("1001:ada").value().at(0).last_step == 101);
}

TEMPLATE_TEST_CASE("an approval opens its gate once, while the recovery lasts", "", OnSqlite,
                   InMemory) {
    TestType on;
    const RecoveryId id = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    const AttemptId asked = charge(on.store, guess(id, Kind::Approval, "push"));
    CHECK_FALSE(on.store.settle_approval(asked, id, {"app", kNow + 15min}));
    CHECK_FALSE(on.store.settle_saved_code(asked, id, {"saved", kNow}));
    CHECK(on.store.open_gates(id).value().empty());
    REQUIRE(on.store.settle_approval(asked, id, {"app", kNow}));
    CHECK_FALSE(on.store.settle_approval(asked, id, {"app", kNow}));
    CHECK(on.store.open_gates(id).value() == std::vector<std::string>{"app"});
}

TEMPLATE_TEST_CASE("a recovery that was ended is over for everything", "", OnSqlite, InMemory) {
    TestType on;
    const RecoveryId id = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    REQUIRE(on.store.issue_code(code(id)));
    REQUIRE(on.store.set_resume_code(id, digest_of(9), digest_of(8)));
    const AttemptId typed = charge(on.store, guess(id));
    REQUIRE(on.store.end_recoveries(guess(id, Kind::Denial, "push"),
                                    {kNow, "denied", "1001:ada", "by its owner"}));
    CHECK(on.store.settle_code(typed, id, "email", digest_of(7), {"email:e", kNow}, 5).value() ==
          Verdict::Expired);
    const NewRecovery opened = new_recovery();
    REQUIRE(on.store.release(id, "mine"));
    CHECK_FALSE(
        on.store
            .resume({opened.subject, opened.service, opened.source, digest_of(9), "later", kNow})
            .value()
            .has_value());
    CHECK(on.store.audit("1001:ada", 1).value().at(0).event == "denied");
    CHECK(on.store
              .count_attempts(guess(id, Kind::Denial, "push"),
                              at_most(9, LimitScope::Subject, {Kind::Denial}), kNow)
              .value() == 1);
}

TEMPLATE_TEST_CASE("a denial ends every recovery of its account, and of no other", "", OnSqlite,
                   InMemory) {
    TestType on;
    NewRecovery other = new_recovery();
    other.subject = "1002:ben";
    const RecoveryId first = on.store.start_recovery(new_recovery(), "one", {}).value().id;
    const RecoveryId second = on.store.start_recovery(new_recovery(), "two", {}).value().id;
    const RecoveryId bens = on.store.start_recovery(other, "three", {}).value().id;
    REQUIRE(on.store.end_recoveries(guess(first, Kind::Denial, "push"),
                                    {kNow, "denied", "1001:ada", "by its owner"}));
    for (const RecoveryId id : {first, second}) {
        const AttemptId late = charge(on.store, guess(id, Kind::SavedCode, "saved"));
        CHECK_FALSE(on.store.settle_saved_code(late, id, {"saved", kNow}));
    }
    const AttemptId his = charge(on.store, guess(bens, Kind::SavedCode, "saved"));
    CHECK(on.store.settle_saved_code(his, bens, {"saved", kNow}));
}

TEMPLATE_TEST_CASE("a saved code opens its gate while the recovery lasts", "", OnSqlite, InMemory) {
    TestType on;
    const RecoveryId id = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    const AttemptId late = charge(on.store, guess(id, Kind::SavedCode, "saved"));
    CHECK_FALSE(on.store.settle_saved_code(late, id, {"saved", kNow + 15min}));
    CHECK(on.store.open_gates(id).value().empty());
    REQUIRE(on.store.settle_saved_code(late, id, {"saved", kNow}));
    CHECK_FALSE(on.store.settle_saved_code(late, id, {"saved", kNow}));
    CHECK(on.store.open_gates(id).value() == std::vector<std::string>{"saved"});
    const Limit wrong = at_most(9, LimitScope::Host, {Kind::SavedCode});
    CHECK(on.store.count_attempts(guess(id), wrong, kNow).value() == 0);
}

TEMPLATE_TEST_CASE("a grant is denied by the codes of its notices, and only if it was spent", "",
                   OnSqlite, InMemory) {
    TestType on;
    const RecoveryId id = proven_recovery(on.store);
    Grant told = grant(id);
    told.vetoes = {{7, digest_of(21)}, {8, digest_of(22)}};
    CHECK_FALSE(on.store.find_veto("1001:ada", digest_of(21), kNow).value());
    REQUIRE(on.store.spend_grant(told).value());
    const auto found = on.store.find_veto("1001:ada", digest_of(21), kNow).value();
    REQUIRE(found);
    CHECK(found->change.kind == ChangeKind::Recovery);
    CHECK(found->change.at == kNow);
    CHECK(found->told == 7);
    CHECK(on.store.find_veto("1001:ada", digest_of(22), kNow).value()->told == 8);
    CHECK_FALSE(on.store.find_veto("1001:ada", digest_of(22), kNow + kDeniable).value());
}

TEMPLATE_TEST_CASE("a grant is spent once, with its notices and its record", "", OnSqlite,
                   InMemory) {
    TestType on;
    const RecoveryId id = proven_recovery(on.store);
    REQUIRE(on.store.claim_due(kNow, kNow + 1h, 10).value().size() == 1);
    CHECK(on.store.spend_grant(grant(id)).value());
    CHECK_FALSE(on.store.spend_grant(grant(id)).value());
    const auto queued = on.store.claim_due(kNow, kNow + 1h, 10).value();
    REQUIRE(queued.size() == 1);
    CHECK(queued[0].purpose == OutboxPurpose::Notice);
    const auto records = on.store.audit("1001:ada", 10).value();
    REQUIRE(records.size() == 1);
    CHECK(records[0].event == "granted");
    CHECK(records[0].detail == "by email");
    CHECK_FALSE(can_resume(on.store, resume_request(9, kNow + kFirstLease)));
    CHECK_FALSE(on.store.set_resume_code(id, digest_of(9), digest_of(19)));
}

TEMPLATE_TEST_CASE("a grant is refused without gates, lease, time or a fresh proof", "", OnSqlite,
                   InMemory) {
    TestType on;
    const RecoveryId none = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    CHECK_FALSE(on.store.spend_grant(grant(none)).value());
    const RecoveryId careless = on.store.start_recovery(new_recovery(0), "mine", {}).value().id;
    CHECK_FALSE(on.store.spend_grant(grant(careless)).value());
    const RecoveryId one_of_two = proven_recovery(on.store, 2);
    CHECK_FALSE(on.store.spend_grant(grant(one_of_two)).value());
    CHECK_FALSE(on.store.spend_grant(grant(999)).value());

    const RecoveryId id = proven_recovery(on.store);
    CHECK_FALSE(on.store.spend_grant(grant(id, "theirs")).value());
    CHECK_FALSE(on.store.spend_grant(grant(id, "")).value());
    CHECK_FALSE(on.store.spend_grant(grant(id, "mine", kNow + 15min)).value());
    CHECK_FALSE(on.store.spend_grant(grant(id, "mine", kNow + 5min)).value());
    CHECK(on.store.audit("1001:ada", 10).value().empty());
    CHECK(on.store.spend_grant(grant(id, "mine", kNow + 5min - 1s)).value());
}

TEMPLATE_TEST_CASE("one possession never counts as two gates, but its proof is renewed", "",
                   OnSqlite, InMemory) {
    TestType on;
    const RecoveryId id = proven_recovery(on.store, 2);
    REQUIRE(on.store.issue_code(code(id, 8)));
    CHECK(enter(on.store, id, 8, kNow + 8min) == Verdict::Right);
    CHECK(on.store.open_gates(id).value().size() == 1);
    CHECK_FALSE(on.store.spend_grant(grant(id, "mine", kNow + 8min)).value());
    REQUIRE(on.store.enrol_authenticator("1001:ada", {"sealed", 0, kNow}));
    CHECK(enter_otp(on.store, id, 5) == Verdict::Right);
    CHECK(on.store.open_gates(id).value() == std::vector<std::string>{"email:example.org", "app"});
    CHECK(on.store.spend_grant(grant(id, "mine", kNow + 9min)).value());
}

TEMPLATE_TEST_CASE("a recovery is resumed once, with what was proven", "", OnSqlite, InMemory) {
    TestType on;
    const RecoveryId id = proven_recovery(on.store, 2);
    REQUIRE(on.store.release(id, "mine"));
    const auto found = on.store.resume(resume_request()).value();
    REQUIRE(found);
    CHECK(found->id == id);
    CHECK(found->opened.subject == "1001:ada");
    CHECK(found->opened.deliverable);
    CHECK(found->opened.reason == Reason::ForgotPassword);
    CHECK(found->opened.service == "login");
    CHECK(found->opened.source == "console:tty1");
    CHECK(found->opened.gates_needed == 2);
    CHECK(found->opened.opened_at == kNow);
    CHECK(found->opened.expires_at == kNow + 15min);
    CHECK(found->tag == digest_of(19));
    REQUIRE(found->gates.size() == 1);
    CHECK(found->gates[0].possession == "email:example.org");
    CHECK(found->gates[0].opened_at == kNow);
    CHECK(found->gates[0].tag == digest_of(27));
    REQUIRE(on.store.release(id, "second"));
    CHECK_FALSE(can_resume(on.store, resume_request()));
    CHECK_FALSE(on.store.extend_lease(id, "mine", kNow + 5min));
}

TEMPLATE_TEST_CASE("nothing is resumed for another subject, service, source, code or time", "",
                   OnSqlite, InMemory) {
    TestType on;
    const RecoveryId id = proven_recovery(on.store);
    REQUIRE(on.store.release(id, "mine"));
    const auto refused = [&](auto change) {
        ResumeRequest request = resume_request();
        change(request);
        return !can_resume(on.store, request);
    };
    CHECK(refused([](ResumeRequest& r) { r.subject = "1002:bob"; }));
    CHECK(refused([](ResumeRequest& r) { r.service = "sshd"; }));
    CHECK(refused([](ResumeRequest& r) { r.source = "console:tty2"; }));
    CHECK(refused([](ResumeRequest& r) { r.code = digest_of(8); }));
    CHECK(refused([](ResumeRequest& r) { r.now = kNow + 15min; }));
    CHECK(can_resume(on.store, resume_request(9, kNow + 15min - 1s)));
}

TEMPLATE_TEST_CASE("a recovery that another connection holds is not resumed", "", OnSqlite,
                   InMemory) {
    TestType on;
    const RecoveryId id = proven_recovery(on.store);
    CHECK_FALSE(can_resume(on.store, resume_request()));
    REQUIRE(on.store.extend_lease(id, "mine", kNow + 2min));
    CHECK_FALSE(can_resume(on.store, resume_request(9, kNow + 2min - 1s)));
    REQUIRE(on.store.release(id, "theirs"));
    CHECK_FALSE(can_resume(on.store, resume_request(9, kNow + 2min - 1s)));
    CHECK(can_resume(on.store, resume_request(9, kNow + 2min)));
    CHECK_FALSE(on.store.spend_grant(grant(id)).value());
    CHECK_FALSE(on.store.extend_lease(id, "mine", kNow + 5min));
    CHECK(on.store.spend_grant(grant(id, "second")).value());
}

TEMPLATE_TEST_CASE("a new resume code replaces the one before", "", OnSqlite, InMemory) {
    TestType on;
    const RecoveryId id = proven_recovery(on.store);
    REQUIRE(on.store.set_resume_code(id, digest_of(10), digest_of(110)));
    REQUIRE(on.store.release(id, "mine"));
    CHECK_FALSE(can_resume(on.store, resume_request(9)));
    CHECK(can_resume(on.store, resume_request(10)));
    CHECK_FALSE(on.store.set_resume_code(id + 1, digest_of(11), digest_of(111)));
}

TEMPLATE_TEST_CASE("pruning drops recoveries and codes that are past their life", "", OnSqlite,
                   InMemory) {
    TestType on;
    const RecoveryId id = proven_recovery(on.store);
    REQUIRE(on.store.prune(kNow + 15min - 1s));
    CHECK(on.store.open_gates(id).value().size() == 1);
    CHECK(enter(on.store, id, 7, kNow + 1s) == Verdict::Expired);
    REQUIRE(on.store.prune(kNow + 15min));
    CHECK(on.store.open_gates(id).value().empty());
    CHECK_FALSE(on.store.issue_code(code(id)));
}

TEMPLATE_TEST_CASE("a code's message is queued with the code", "", OnSqlite, InMemory) {
    TestType on;
    const RecoveryId id = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    CHECK_FALSE(on.store.issue_code(code(id + 1)));
    CHECK(on.store.claim_due(kNow, kNow + 1min, 10).value().empty());
    REQUIRE(on.store.issue_code(code(id)));
    const auto rows = on.store.claim_due(kNow, kNow + 1min, 10).value();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].id != 0);
    CHECK(rows[0].subject == "1001:ada");
    CHECK(rows[0].method == "email");
    CHECK(rows[0].purpose == OutboxPurpose::Code);
    CHECK(rows[0].sealed == "sealed text");
    CHECK(rows[0].due_at == kNow);
    CHECK(rows[0].expires_at == kNow + 10min);
    CHECK(rows[0].tries == 0);
    CHECK(outbox_binding(rows[0]) == outbox_binding(message()));
}

TEMPLATE_TEST_CASE("nothing of a recovery that is not deliverable carries a text", "", OnSqlite,
                   InMemory) {
    TestType on;
    NewRecovery decoy = new_recovery();
    decoy.deliverable = false;
    const RecoveryId id = on.store.start_recovery(decoy, "mine", {}).value().id;
    IssuedCode without = code(id);
    without.message.reset();
    REQUIRE(on.store.issue_code(without));
    REQUIRE(on.store.issue_code(code(id)));
    CHECK(enter(on.store, id, 7) == Verdict::Right);
    REQUIRE(on.store.spend_grant(grant(id)).value());
    const auto rows = on.store.claim_due(kNow, kNow + 1min, 10).value();
    REQUIRE(rows.size() == 3);
    for (const OutboxRow& row : rows) {
        CHECK(row.sealed.empty());
        CHECK(row.subject == "1001:ada");
        CHECK(row.method == "email");
        CHECK(row.expires_at == kNow + 10min);
        REQUIRE(on.store.finish_delivery(row.id, "nothing to send", kNow));
    }
    CHECK(on.store.claim_due(kNow + 1h, kNow + 2h, 10).value().empty());
}
