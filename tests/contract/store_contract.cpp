// SPDX-License-Identifier: MIT
//
// What every Store promises about attempts, limits, enrolments and the audit
// trail, on the real one and the fake.
#include <array>

#include "core/channel_budget.hpp"
#include "tests/contract/store_under_test.hpp"

using namespace latchkey;
using namespace latchkey::contract;

using Kind = AttemptKind;

TEMPLATE_TEST_CASE("the attempt after the last permitted one is refused and leaves no trace", "",
                   OnSqlite, InMemory) {
    TestType on;
    const Attempt start = attempt(Kind::Start);
    const Limit limit = at_most(3, LimitScope::Subject, {Kind::Start});
    for (int i = 0; i < 3; ++i) CHECK(allowed(on.store, start, {limit}));
    CHECK_FALSE(allowed(on.store, start, {limit}));
    CHECK_FALSE(allowed(on.store, start, {limit}));
    CHECK(on.store.count_attempts(start, limit, kNow).value() == 3);
}

TEMPLATE_TEST_CASE("an attempt is refused if any one of its limits is reached", "", OnSqlite,
                   InMemory) {
    TestType on;
    const Limit wide = at_most(100, LimitScope::Subject, {Kind::Code});
    const Limit narrow = at_most(1, LimitScope::Source, {Kind::Code});
    CHECK(allowed(on.store, attempt(Kind::Code), {wide, narrow}));
    CHECK_FALSE(allowed(on.store, attempt(Kind::Code), {wide, narrow}));
    CHECK_FALSE(allowed(on.store, attempt(Kind::Code), {narrow, wide}));
    CHECK(allowed(on.store, attempt(Kind::Code), {wide}));
    CHECK_FALSE(allowed(on.store, attempt(Kind::Code, "1002:bob", "console:tty1"),
                        {at_most(0, LimitScope::Subject, {Kind::Code})}));
}

TEMPLATE_TEST_CASE("a window ends to the second", "", OnSqlite, InMemory) {
    TestType on;
    const Limit limit = at_most(1, LimitScope::Subject, {Kind::Send}, 60s);
    CHECK(allowed(on.store, attempt(Kind::Send), {limit}));
    CHECK_FALSE(allowed(on.store, attempt(Kind::Send), {limit}, kNow + 59s));
    CHECK(allowed(on.store, attempt(Kind::Send), {limit}, kNow + 60s));
    CHECK(on.store.count_attempts(attempt(Kind::Send), limit, kNow + 60s).value() == 1);
}

TEMPLATE_TEST_CASE("each scope counts what belongs to it and nothing else", "", OnSqlite,
                   InMemory) {
    TestType on;
    charge(on.store, attempt(Kind::Code, "1001:ada", "192.0.2.7", "email"));
    charge(on.store, attempt(Kind::Code, "1001:ada", "192.0.2.8", "email"));
    charge(on.store, attempt(Kind::Otp, "1001:ada", "192.0.2.7", "totp"));
    charge(on.store, attempt(Kind::Code, "1002:bob", "192.0.2.7", "email"));
    charge(on.store, attempt(Kind::Code, "1003:eve", "192.0.2.9", "email"));
    charge(on.store, attempt(Kind::Code, "#0042", "192.0.2.9", "email"));
    charge(on.store, attempt(Kind::Code, "#1001:ada", "192.0.2.9", "email"));
    charge(on.store, attempt(Kind::Start, "1001:ada", "192.0.2.7"));
    const Attempt like = attempt(Kind::Code, "1001:ada", "192.0.2.7", "email");
    const auto counted = [&](LimitScope scope) {
        return on.store.count_attempts(like, at_most(1, scope, {Kind::Code, Kind::Otp}), kNow)
            .value();
    };
    CHECK(counted(LimitScope::Subject) == 3);
    CHECK(counted(LimitScope::SubjectAndMethod) == 2);
    CHECK(counted(LimitScope::Source) == 3);
    CHECK(counted(LimitScope::SourceAndSubject) == 2);
    CHECK(counted(LimitScope::SubjectsOfSource) == 2);
    CHECK(counted(LimitScope::Accounts) == 5);
    CHECK(counted(LimitScope::Host) == 7);
    CHECK(on.store.count_attempts(like, at_most(1, LimitScope::Host, {}), kNow).value() == 0);
}

TEMPLATE_TEST_CASE("the limit of subjects per source refuses a new one, not a known one", "",
                   OnSqlite, InMemory) {
    TestType on;
    const Limit two = at_most(2, LimitScope::SubjectsOfSource, {Kind::Start});
    CHECK(allowed(on.store, attempt(Kind::Start, "1001:ada"), {two}));
    CHECK(allowed(on.store, attempt(Kind::Start, "#0042"), {two}));
    CHECK_FALSE(allowed(on.store, attempt(Kind::Start, "1003:eve"), {two}));
    CHECK(allowed(on.store, attempt(Kind::Start, "1001:ada"), {two}));
    CHECK(allowed(on.store, attempt(Kind::Start, "#0042"), {two}));
    CHECK(allowed(on.store, attempt(Kind::Start, "1003:eve", "192.0.2.8"), {two}));
}

TEMPLATE_TEST_CASE("pending attempts count as wrong, right ones only where they are asked for", "",
                   OnSqlite, InMemory) {
    TestType on;
    const AttemptId pending = charge(on.store, attempt(Kind::SavedCode));
    const AttemptId wrong = charge(on.store, attempt(Kind::SavedCode));
    const AttemptId right = charge(on.store, attempt(Kind::SavedCode));
    REQUIRE(on.store.settle_attempt(wrong, AttemptResult::Wrong));
    REQUIRE(on.store.settle_attempt(right, AttemptResult::Right));
    Limit limit = at_most(9, LimitScope::Subject, {Kind::SavedCode});
    CHECK(on.store.count_attempts(attempt(Kind::SavedCode), limit, kNow).value() == 2);
    limit.count_right = true;
    CHECK(on.store.count_attempts(attempt(Kind::SavedCode), limit, kNow).value() == 3);
    REQUIRE(on.store.settle_attempt(pending, AttemptResult::Right));
    limit.count_right = false;
    CHECK(on.store.count_attempts(attempt(Kind::SavedCode), limit, kNow).value() == 1);
}

TEMPLATE_TEST_CASE("an attempt is settled once", "", OnSqlite, InMemory) {
    TestType on;
    const AttemptId id = charge(on.store, attempt(Kind::Address));
    REQUIRE(on.store.settle_attempt(id, AttemptResult::Wrong));
    const auto again = on.store.settle_attempt(id, AttemptResult::Right);
    REQUIRE_FALSE(again);
    CHECK(again.error().kind == ErrorKind::NotFound);
    CHECK_FALSE(on.store.settle_attempt(id + 1000, AttemptResult::Right));
    const Limit limit = at_most(9, LimitScope::Subject, {Kind::Address});
    CHECK(on.store.count_attempts(attempt(Kind::Address), limit, kNow).value() == 1);
}

TEMPLATE_TEST_CASE("an attempt that is withdrawn was never made, and only a pending one can be", "",
                   OnSqlite, InMemory) {
    TestType on;
    const Limit limit = at_most(9, LimitScope::Subject, {Kind::Otp});
    const AttemptId wrong = charge(on.store, attempt(Kind::Otp));
    const AttemptId withdrawn = charge(on.store, attempt(Kind::Otp));
    REQUIRE(on.store.settle_attempt(wrong, AttemptResult::Wrong));
    REQUIRE(on.store.withdraw_attempt(withdrawn));
    CHECK(on.store.count_attempts(attempt(Kind::Otp), limit, kNow).value() == 1);
    for (const AttemptId id : {wrong, withdrawn, withdrawn + 1000}) {
        const auto again = on.store.withdraw_attempt(id);
        REQUIRE_FALSE(again);
        CHECK(again.error().kind == ErrorKind::NotFound);
    }
    CHECK_FALSE(on.store.settle_attempt(withdrawn, AttemptResult::Right));
    CHECK(on.store.count_attempts(attempt(Kind::Otp), limit, kNow).value() == 1);
    CHECK(charge(on.store, attempt(Kind::Otp)) > withdrawn);  // no id is used twice
}

TEMPLATE_TEST_CASE("consecutive wrong attempts begin anew after a right one of the same scope", "",
                   OnSqlite, InMemory) {
    TestType on;
    const Attempt email = attempt(Kind::Code, "1001:ada", "192.0.2.7", "email");
    const Attempt phone = attempt(Kind::Code, "1001:ada", "192.0.2.7", "sms");
    Limit limit = at_most(2, LimitScope::SubjectAndMethod, {Kind::Code}, 168h);
    limit.since_last_right = true;
    charge(on.store, email);
    charge(on.store, email);
    CHECK_FALSE(allowed(on.store, email, {limit}));
    REQUIRE(on.store.settle_attempt(charge(on.store, phone), AttemptResult::Right));
    CHECK_FALSE(allowed(on.store, email, {limit}));
    REQUIRE(on.store.settle_attempt(charge(on.store, email), AttemptResult::Right));
    CHECK(on.store.count_attempts(email, limit, kNow).value() == 0);
    CHECK(allowed(on.store, email, {limit}));
    CHECK(allowed(on.store, email, {limit}));
    CHECK_FALSE(allowed(on.store, email, {limit}));
}

TEMPLATE_TEST_CASE("a limit of one surface counts what was tried there and binds there alone", "",
                   OnSqlite, InMemory) {
    TestType on;
    const Attempt tty = attempt(Kind::Code, "1001:ada", "console:tty1");
    const Attempt pty = attempt(Kind::Code, "1001:ada", "console:pts/0");
    const Attempt ssh = attempt(Kind::Code);
    const Attempt unknown = attempt(Kind::Code, "1001:ada", "unknown");
    Limit at_console = at_most(2, LimitScope::Subject, {Kind::Code});
    at_console.only_at = Surface::Console;
    Limit remote = at_most(3, LimitScope::Subject, {Kind::Code});
    remote.only_at = Surface::Remote;
    for (const Attempt& each : {tty, ssh, pty, unknown, ssh})
        CHECK(allowed(on.store, each, {at_console, remote}));
    for (const Attempt& each : {tty, ssh, pty, unknown})
        CHECK_FALSE(allowed(on.store, each, {at_console, remote}));
    CHECK(allowed(on.store, ssh, {at_console}));
    CHECK(allowed(on.store, tty, {remote}));
    CHECK(on.store.count_attempts(ssh, at_console, kNow).value() == 3);
    CHECK(on.store.count_attempts(ssh, remote, kNow).value() == 4);

    // A right one ends the run of wrong ones of its own surface.
    at_console.since_last_right = remote.since_last_right = true;
    REQUIRE(on.store.settle_attempt(charge(on.store, ssh), AttemptResult::Right));
    CHECK(on.store.count_attempts(tty, at_console, kNow).value() == 3);
    CHECK(on.store.count_attempts(tty, remote, kNow).value() == 0);
}

TEMPLATE_TEST_CASE("of the attempts a start costs each is judged by its own limits", "", OnSqlite,
                   InMemory) {
    TestType on;
    const Limit once = at_most(1, LimitScope::Source, {Kind::Start});
    const auto both = [&] {
        const std::array attempts{LimitedAttempt{attempt(Kind::Start, "1001:ada", "one"), {once}},
                                  LimitedAttempt{attempt(Kind::Start, "#0042", "other"), {}}};
        return on.store.start_recovery(new_recovery(), "mine", attempts).value().charges;
    };
    const auto first = both();
    REQUIRE(first.size() == 2);
    CHECK(first[0].allowed);
    CHECK(first[1].allowed);
    CHECK(first[0].id < first[1].id);
    const auto second = both();
    CHECK_FALSE(second[0].allowed);
    CHECK(second[1].allowed);
    CHECK(on.store.count_attempts(attempt(Kind::Start, "1001:ada", "one"), once, kNow).value() ==
          1);
    CHECK(on.store.count_attempts(attempt(Kind::Start, "#0042", "other"), once, kNow).value() == 2);
}

TEMPLATE_TEST_CASE("the attempts a start costs are judged in their order", "", OnSqlite, InMemory) {
    TestType on;
    const Limit once = at_most(1, LimitScope::Source, {Kind::Start});
    const LimitedAttempt start{attempt(Kind::Start), {once}};
    const auto charges =
        on.store.start_recovery(new_recovery(), "mine", std::array{start, start}).value().charges;
    CHECK(charges[0].allowed);
    CHECK_FALSE(charges[1].allowed);
}

TEMPLATE_TEST_CASE("guesses at a code are counted since that code was issued", "", OnSqlite,
                   InMemory) {
    TestType on;
    const RecoveryId recovery = on.store.start_recovery(new_recovery(), "mine", {}).value().id;
    const Limit limit = at_most(2, LimitScope::Recovery, {Kind::Code}, 24h);
    const Limit hour = at_most(3, LimitScope::Subject, {Kind::Code});
    REQUIRE(on.store.issue_code(code(recovery)));
    CHECK(allowed(on.store, guess(recovery), {limit, hour}));
    CHECK(allowed(on.store, guess(recovery), {limit, hour}));
    CHECK_FALSE(allowed(on.store, guess(recovery), {limit, hour}));
    CHECK(allowed(on.store, guess(recovery, Kind::Code, "sms"), {limit}));
    // In the same second: a new code is a new code, and resets no other limit.
    REQUIRE(on.store.issue_code(code(recovery, 8)));
    CHECK(on.store.count_attempts(guess(recovery), limit, kNow).value() == 0);
    CHECK(on.store.count_attempts(guess(recovery), hour, kNow).value() == 3);
    CHECK_FALSE(allowed(on.store, guess(recovery), {limit, hour}));
    CHECK(allowed(on.store, guess(recovery), {limit}));
}

TEMPLATE_TEST_CASE("a bucket keeps its newest 64 attempts, an account keeps all", "", OnSqlite,
                   InMemory) {
    TestType on;
    const Limit limit = at_most(1000, LimitScope::Subject, {Kind::Start}, 24h);
    for (std::uint32_t i = 0; i < kAttemptsPerBucket + 6; ++i) {
        charge(on.store, attempt(Kind::Start, "#0042"), kNow + std::chrono::seconds{i});
        charge(on.store, attempt(Kind::Start, "1001:ada"), kNow + std::chrono::seconds{i});
    }
    charge(on.store, attempt(Kind::Start, "#0043"));
    const auto count = [&](const SubjectKey& subject, std::chrono::seconds window) {
        Limit wanted = limit;
        wanted.window = window;
        return on.store.count_attempts(attempt(Kind::Start, subject), wanted, kNow + 69s).value();
    };
    CHECK(count("#0042", 24h) == kAttemptsPerBucket);
    CHECK(count("#0042", 64s) == kAttemptsPerBucket);
    CHECK(count("#0043", 24h) == 1);
    CHECK(count("1001:ada", 24h) == kAttemptsPerBucket + 6);
}

TEMPLATE_TEST_CASE("of guesses at saved codes an account keeps the newest 1,000", "", OnSqlite,
                   InMemory) {
    TestType on;
    charge(on.store, attempt(Kind::Code));
    const std::vector<LimitedAttempt> guesses(kSavedCodeAttemptsKept + 3,
                                              {attempt(Kind::SavedCode), {}});
    const auto charges = on.store.start_recovery(new_recovery(), "mine", guesses).value().charges;
    charge(on.store, attempt(Kind::SavedCode, "1002:bob"));
    const auto count = [&](Kind kind, const SubjectKey& subject) {
        const Limit limit = at_most(5000, LimitScope::Subject, {kind}, 24h);
        return on.store.count_attempts(attempt(kind, subject), limit, kNow).value();
    };
    CHECK(count(Kind::SavedCode, "1001:ada") == kSavedCodeAttemptsKept);
    CHECK(count(Kind::SavedCode, "1002:bob") == 1);
    CHECK(count(Kind::Code, "1001:ada") == 1);
    CHECK_FALSE(on.store.settle_attempt(charges.at(2).id, AttemptResult::Wrong));
    CHECK(on.store.settle_attempt(charges.at(3).id, AttemptResult::Wrong));
    CHECK(on.store.settle_attempt(charges.back().id, AttemptResult::Wrong));
}

TEMPLATE_TEST_CASE("what a channel has carried is counted of the channel, and of no account", "",
                   OnSqlite, InMemory) {
    TestType on;
    const LimitedAttempt message = carrying("sms", {2, 3});
    const auto carry = [&](TimePoint at) {
        const auto charge = on.store.charge_attempt(message.attempt, message.limits, at);
        REQUIRE(charge);
        return std::pair{charge->id, charge->refused_by};
    };
    for (int i = 0; i < 2; ++i) CHECK(carry(kNow).second.empty());
    CHECK(carry(kNow).second == "per_hour");
    CHECK(carrying("smsx", {2, 3}).attempt.subject != message.attempt.subject);
    const auto third = carry(kNow + 1h);
    CHECK(third.second.empty());
    CHECK(carry(kNow + 1h).second == "per_day");
    // What did not leave gives its room back.
    REQUIRE(on.store.settle_attempt(third.first, AttemptResult::Right));
    CHECK(use_of(on.store, "sms", kNow + 1h).value().last_day == 2);
    CHECK(carry(kNow + 2h).second.empty());

    const Limit of_accounts = at_most(9, LimitScope::Accounts, {AttemptKind::Carry}, 24h);
    CHECK(on.store.count_attempts(attempt(AttemptKind::Carry), of_accounts, kNow + 2h).value() ==
          0);
    CHECK(on.store.enrolled_subjects().value().empty());
    REQUIRE(on.store.prune(kNow + 2h));
    CHECK(use_of(on.store, "sms", kNow + 2h).value().last_day == 3);
    REQUIRE(on.store.prune(kNow + 2h + kAttemptsKept));
    const Limit ever = at_most(9, LimitScope::Subject, {AttemptKind::Carry}, 24h * 365);
    CHECK(on.store.count_attempts(message.attempt, ever, kNow + 24h).value() == 0);
}

TEMPLATE_TEST_CASE("a channel's alarm is due once a day", "", OnSqlite, InMemory) {
    TestType on;
    const auto is_due = [&on](const std::string& channel, TimePoint at) {
        const LimitedAttempt alarm = budget_alarm(channel);
        return allowed(on.store, alarm.attempt, alarm.limits, at);
    };
    CHECK(is_due("sms", kNow));
    CHECK_FALSE(is_due("sms", kNow + 24h - 1s));
    CHECK(is_due("voice", kNow));
    CHECK(is_due("sms", kNow + 24h));
    CHECK(use_of(on.store, "sms", kNow).value().last_day == 0);
}

TEMPLATE_TEST_CASE("pruning drops attempts older than eight days", "", OnSqlite, InMemory) {
    TestType on;
    charge(on.store, attempt(Kind::Code), kNow);
    charge(on.store, attempt(Kind::Code), kNow + 1s);
    REQUIRE(on.store.prune(kNow + kAttemptsKept));
    const Limit limit = at_most(9, LimitScope::Subject, {Kind::Code}, 20 * 24h);
    CHECK(on.store.count_attempts(attempt(Kind::Code), limit, kNow + kAttemptsKept).value() == 1);
}

TEMPLATE_TEST_CASE("a contact is added, or takes the place of the one it names", "", OnSqlite,
                   InMemory) {
    TestType on;
    CHECK(on.store.contacts("1001:ada").value().empty());
    REQUIRE(on.store.enrol_contact("1001:ada",
                                   {0, "email", "email:example.org", "sealed 1", kNow, kNow + 1h}));
    REQUIRE(on.store.enrol_contact("1001:ada",
                                   {0, "email", "email:example.net", "sealed 2", kNow, kNow}));
    const auto before = on.store.contacts("1001:ada").value();
    const std::int64_t first = before.at(0).id;
    REQUIRE(on.store.enrol_contact("1001:ada", {first, "email", "email:example.org",
                                                std::string{"sealed\0 3", 9}, kNow + 1s, kNow}));
    const auto after = on.store.contacts("1001:ada").value();
    REQUIRE(before.size() == 2);
    REQUIRE(after.size() == 2);
    CHECK(before[0].id != before[1].id);
    CHECK(before[0].usable_from == kNow + 1h);
    CHECK(after[0].sealed_address == "sealed 2");
    CHECK(after[0].method == "email");
    CHECK(after[0].possession == "email:example.net");
    CHECK(after[1].sealed_address == std::string{"sealed\0 3", 9});
    CHECK(after[1].confirmed_at == kNow + 1s);
    CHECK(after[1].usable_from == kNow);
    CHECK(on.store.contacts("1002:bob").value().empty());
}

TEMPLATE_TEST_CASE("two addresses of one domain stand side by side", "", OnSqlite, InMemory) {
    TestType on;
    for (const char* sealed : {"sealed 1", "sealed 2"})
        REQUIRE(on.store.enrol_contact("1001:ada",
                                       {0, "email", "email:example.org", sealed, kNow, kNow}));
    CHECK(on.store.contacts("1001:ada").value().size() == 2);
}

TEMPLATE_TEST_CASE("nobody's contact is replaced by naming another subject's row", "", OnSqlite,
                   InMemory) {
    TestType on;
    REQUIRE(on.store.enrol_contact("1001:ada", {0, "email", "email:a", "sealed", kNow, kNow}));
    const std::int64_t of_ada = on.store.contacts("1001:ada").value().at(0).id;
    REQUIRE(on.store.enrol_contact("1002:bob", {of_ada, "email", "email:b", "sealed", kNow, kNow}));
    CHECK(on.store.contacts("1001:ada").value().size() == 1);
}

TEMPLATE_TEST_CASE("an authenticator is kept whole and replaced whole", "", OnSqlite, InMemory) {
    TestType on;
    CHECK(on.store.authenticators("1001:ada").value().empty());
    REQUIRE(on.store.enrol_authenticator("1001:ada", {"sealed", 58, kNow}));
    CHECK(on.store.authenticators("1001:ada").value().at(0).method == "totp");
    REQUIRE(on.store.enrol_authenticator("1001:ada", {"sealed anew", 0, kNow + 1s, "hotp"}));
    const auto found = on.store.authenticators("1001:ada").value();
    REQUIRE(found.size() == 1);
    CHECK(found[0].sealed_key == "sealed anew");
    CHECK(found[0].last_step == 0);
    CHECK(found[0].confirmed_at == kNow + 1s);
    CHECK(found[0].method == "hotp");
    CHECK_FALSE(on.store.enrol_authenticator("1001:ada", {"x", ~std::uint64_t{0}, kNow}));
}

TEMPLATE_TEST_CASE("many enrolments are kept together with what the trail says of each", "",
                   OnSqlite, InMemory) {
    TestType on;
    const auto record = [](const SubjectKey& subject, const std::string& detail) {
        return AuditRecord{kNow, "enrolment", subject, detail};
    };
    REQUIRE(on.store.enrol_all({}, {}));
    const std::vector<Enrolment> all{
        {"1001:ada", Contact{0, "email", "email:a", "sealed 1", kNow, kNow},
         record("1001:ada", "1")},
        {"1001:ada", Contact{0, "sms", "phone:1", "sealed 2", kNow, kNow}, record("1001:ada", "2")},
        {"1001:ada", Authenticator{"sealed 3", 7, kNow, "hotp"}, record("1001:ada", "3")},
        {"1002:ben", Authenticator{"sealed 4", 0, kNow}, record("1002:ben", "4")}};
    OutboxRow notice{0, "1001:ada", "email", OutboxPurpose::Notice, "sealed 5"};
    notice.due_at = kNow;
    notice.expires_at = kNow + 1h;
    REQUIRE(on.store.enrol_all(all, std::vector{notice}));
    const auto contacts = on.store.contacts("1001:ada").value();
    REQUIRE(contacts.size() == 2);
    CHECK(contacts[0].sealed_address == "sealed 1");
    CHECK(contacts[1].method == "sms");
    CHECK(on.store.authenticators("1001:ada").value().at(0).last_step == 7);
    CHECK(on.store.authenticators("1002:ben").value().at(0).sealed_key == "sealed 4");
    const auto waiting = on.store.claim_due(kNow, kNow + 1min, 10).value();
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].sealed == "sealed 5");
    const auto trail = on.store.audit_trail(0, 10).value();
    REQUIRE(trail.rows.size() == 4);
    for (const TrailRow& row : trail.rows) {
        CHECK(row.is_linked);
        CHECK(row.record.detail == std::to_string(row.id));
    }
}

TEMPLATE_TEST_CASE("an address that is enrolled again among many stays in its place", "", OnSqlite,
                   InMemory) {
    TestType on;
    for (const char* sealed : {"sealed 1", "sealed 2"})
        REQUIRE(on.store.enrol_contact("1001:ada", {0, "email", "email:a", sealed, kNow, kNow}));
    const auto before = on.store.contacts("1001:ada").value();
    const AuditRecord record{kNow, "enrolment", "1001:ada", "again"};
    REQUIRE(on.store.enrol_all(
        std::vector<Enrolment>{
            {"1001:ada", Contact{before[0].id, "email", "email:b", "sealed anew", kNow + 1s, kNow},
             record},
            // A row of another account, and one that is gone, are nobody's.
            {"1002:ben", Contact{before[1].id, "email", "email:c", "bens", kNow, kNow}, record}},
        {}));
    const auto after = on.store.contacts("1001:ada").value();
    REQUIRE(after.size() == 2);
    CHECK(after[0].id == before[0].id);
    CHECK(after[0].sealed_address == "sealed anew");
    CHECK(after[0].possession == "email:b");
    CHECK(after[0].confirmed_at == kNow + 1s);
    CHECK(after[1].sealed_address == "sealed 2");
    const auto bens = on.store.contacts("1002:ben").value();
    REQUIRE(bens.size() == 1);
    CHECK(bens[0].id != before[1].id);
}

TEMPLATE_TEST_CASE("an authenticator among many takes the place of one that waits, or leaves it",
                   "", OnSqlite, InMemory) {
    TestType on;
    REQUIRE(on.store.enrol_authenticator("1001:ada", {"sealed 1", 0, kNow}));
    RecordedChange change;
    change.subject = "1001:ada";
    change.change.kind = ChangeKind::AddedAuthenticator;
    change.change.at = kNow;
    change.change.final_at = kNow + 1h;
    change.added_authenticator = Authenticator{"sealed 2", 0, kNow, "totp", kNow + 1h};
    REQUIRE(on.store.record_change(change));
    const AuditRecord record{kNow, "enrolment", "1001:ada", "again"};
    const auto keys = [&] {
        std::vector<std::string> found;
        const auto apps = on.store.authenticators("1001:ada").value();
        for (const Authenticator& app : apps) found.push_back(app.sealed_key);
        return found;
    };
    Enrolment enrolment{"1001:ada", Authenticator{"sealed 3", 0, kNow}, record, true};
    REQUIRE(on.store.enrol_all(std::vector{enrolment}, {}));
    CHECK(keys() == std::vector<std::string>{"sealed 3", "sealed 2"});
    enrolment.keeps_waiting = false;
    REQUIRE(on.store.enrol_all(std::vector{enrolment}, {}));
    CHECK(keys() == std::vector<std::string>{"sealed 3"});
}

TEMPLATE_TEST_CASE("one enrolment of many that cannot be kept, and none is", "", OnSqlite,
                   InMemory) {
    TestType on;
    const AuditRecord record{kNow, "enrolment", "1001:ada", "never"};
    CHECK_FALSE(on.store.enrol_all(
        std::vector<Enrolment>{
            {"1001:ada", Contact{0, "email", "email:a", "sealed", kNow, kNow}, record},
            {"1001:ada", Authenticator{"sealed", ~std::uint64_t{0}, kNow}, record}},
        std::vector{OutboxRow{0, "1001:ada", "email", OutboxPurpose::Notice, "sealed"}}));
    CHECK_FALSE(on.store.oldest_due(kNow).value());
    CHECK(on.store.contacts("1001:ada").value().empty());
    CHECK(on.store.authenticators("1001:ada").value().empty());
    CHECK(on.store.audit_trail(0, 10).value().rows.empty());
}

TEMPLATE_TEST_CASE("enrolled subjects are listed once, in order", "", OnSqlite, InMemory) {
    TestType on;
    CHECK(on.store.enrolled_subjects().value().empty());
    REQUIRE(on.store.enrol_authenticator("1003:eve", {"sealed", 0, kNow}));
    REQUIRE(on.store.enrol_contact("1001:ada", {0, "email", "email:a", "sealed", kNow, kNow}));
    REQUIRE(on.store.enrol_contact("1001:ada", {0, "email", "email:b", "sealed", kNow, kNow}));
    REQUIRE(on.store.enrol_authenticator("1001:ada", {"sealed", 0, kNow}));
    CHECK(on.store.enrolled_subjects().value() == std::vector<SubjectKey>{"1001:ada", "1003:eve"});
}

TEMPLATE_TEST_CASE("the audit trail gives a subject's newest records, newest first", "", OnSqlite,
                   InMemory) {
    TestType on;
    for (int i = 0; i < 5; ++i) {
        REQUIRE(on.store.append_audit(
            {kNow + std::chrono::seconds{i}, "event", "1001:ada", std::to_string(i)}));
        REQUIRE(on.store.append_audit({kNow, "event", "1002:bob", "other"}));
    }
    const auto records = on.store.audit("1001:ada", 2).value();
    REQUIRE(records.size() == 2);
    CHECK(records[0].detail == "4");
    CHECK(records[0].at == kNow + 4s);
    CHECK(records[0].event == "event");
    CHECK(records[0].subject == "1001:ada");
    CHECK(records[1].detail == "3");
    CHECK(on.store.audit("1001:ada", 100).value().size() == 5);
}

TEMPLATE_TEST_CASE("the audit trail is read page by page, everybody's rows, oldest first", "",
                   OnSqlite, InMemory) {
    TestType on;
    CHECK(on.store.audit_trail(0, 10).value().rows.empty());
    CHECK(on.store.audit_trail(0, 10).value().last_id == 0);
    for (const char* subject : {"1001:ada", "1002:bob", "1001:ada"})
        REQUIRE(on.store.append_audit({kNow, "event", subject, "detail"}));
    const auto first = on.store.audit_trail(0, 2).value();
    REQUIRE(first.rows.size() == 2);
    CHECK(first.last_id == 3);
    CHECK(first.rows[0].id == 1);
    CHECK(first.rows[1].record.subject == "1002:bob");
    const auto second = on.store.audit_trail(first.rows[1].id, 2).value();
    REQUIRE(second.rows.size() == 1);
    CHECK(second.rows[0].id == 3);
    CHECK(second.rows[0].is_linked);
    CHECK(on.store.audit_trail(3, 2).value().rows.empty());
}

TEMPLATE_TEST_CASE("hostile bytes are kept as they are and select nothing else", "", OnSqlite,
                   InMemory) {
    TestType on;
    charge(on.store, attempt(Kind::Start, "1001:ada", "192.0.2.7"));
    for (const std::string& bytes : {std::string{"' OR 1=1 --"}, std::string{"a\0b", 3},
                                     std::string{"\xff\xfe%n\r\n"}, std::string(70000, 'x')}) {
        const Attempt hostile = attempt(Kind::Start, bytes, bytes, bytes);
        charge(on.store, hostile);
        for (const LimitScope scope : {LimitScope::Subject, LimitScope::SubjectAndMethod,
                                       LimitScope::Source, LimitScope::SourceAndSubject}) {
            const Limit limit = at_most(1, scope, {Kind::Start});
            CHECK(on.store.count_attempts(hostile, limit, kNow).value() == 1);
        }
        REQUIRE(on.store.append_audit({kNow, bytes, bytes, bytes}));
        CHECK(on.store.audit(bytes, 9).value().at(0).detail == bytes);
    }
}
