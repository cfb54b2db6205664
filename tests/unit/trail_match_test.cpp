// SPDX-License-Identifier: MIT
//
// The root side's log beside the store's trail: what must correspond, what a crash may
// leave, and what a verifier that was taken over may send.
#include "monitor/trail_match.hpp"

#include <string>
#include <vector>

#include "core/printable.hpp"
#include "core/wire/message.hpp"
#include "monitor/import_digest.hpp"
#include "monitor/stored_texts.hpp"
#include "tests/support/catch.hpp"

using namespace latchkey;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

const TimePoint kNow{std::chrono::seconds{1'800'000'000}};

// A host's evening: each line is written where it is written in truth.
class Evening {
public:
    void logged(TimePoint at, const std::string& event, const std::string& who,
                const std::string& what) {
        AuditRow row;
        row.head.number = ++records_;
        row.entry = {at, event, who, "sshd", "192.0.2.7", "2/2", "email,app", "begun", what};
        if (event.find("enrol") != std::string::npos) row.entry.outcome = what;
        log.take(row);
    }
    void stored(TimePoint at, const std::string& event, const std::string& detail,
                const std::string& subject = "1001:ada") {
        rows.push_back({{"id", ++row_},
                        {"at", at.time_since_epoch().count()},
                        {"event", event},
                        {"subject", subject},
                        {"detail", detail},
                        {"linked", true}});
    }
    void enrolled(TimePoint at) {
        logged(at, "enrolling", "ada", "email");
        stored(at, "enrolment", "enrolled email a...a at e....org by root");
        logged(at + 1s, "enrolled", "ada", "email");
    }
    // Two rows of one import, and its records.
    void imported(TimePoint at, const std::string& name = "0123456789abcdef") {
        recorded_import(at, name, "importing");
        imported_rows(at, name);
        recorded_import(at + 1s, name);
    }
    void imported_rows(TimePoint at, const std::string& name = "0123456789abcdef") {
        stored(at, "enrolment", "enrolled email a...a at e....org by import " + name);
        stored(at, "enrolment", "enrolled totp by import " + name, "1002:ben");
    }
    void recorded_import(TimePoint at, const std::string& name,
                         const std::string& event = "imported") {
        ImportDigest digest;
        digest.add(whose_enrolment("ada", "email"));
        digest.add(whose_enrolment("ben", "totp"));
        logged(at, event, "", rule_of_import({name, digest.text()}));
        log.entries.back().entry.outcome = "2 enrolments";
    }
    void granted(TimePoint at, int recovery, const std::string& act = "change_password") {
        stored(at, "granted", "act=" + act + rest(recovery));
    }
    void begun(TimePoint at, const std::string& act = "change_password") {
        logged(at, "act", "ada", act);
    }
    void acted(TimePoint at, int recovery, const std::string& result = "done",
               const std::string& act = "change_password") {
        stored(at, "acted", "act=" + act + " result=" + result + rest(recovery));
    }
    void recovered(TimePoint at, int recovery) {
        granted(at, recovery);
        begun(at);
        acted(at + 40s, recovery);
    }
    void take_out(std::size_t index) {
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(index));
    }

    // Nothing was written since unless it is said.
    [[nodiscard]] Findings verify(TimePoint asked_at = kNow + 24h,
                                  std::uint64_t newest_record = 1'000'000) const {
        StoreTrail trail;
        for (std::size_t from = 0; !trail.is_complete(); from += wire::kTrailPage) {
            std::vector<json> page;
            for (std::size_t i = from; i < rows.size() && page.size() < wire::kTrailPage; ++i)
                page.push_back(rows[i]);
            page.push_back({{"last_id", row_}});
            REQUIRE(trail.take(page));
        }
        Findings findings = trail.findings();
        findings.take(compare_trails(log, trail, {asked_at, newest_record}));
        return findings;
    }

    std::vector<json> rows;
    LoggedSide log;

private:
    static std::string rest(int recovery) {
        return " recovery=" + std::to_string(recovery) + " service=sshd source=192.0.2.7";
    }
    std::int64_t row_ = 0;
    std::uint64_t records_ = 0;
};

bool holds(const std::vector<std::string>& sentences, std::string_view part) {
    for (const std::string& sentence : sentences)
        if (sentence.find(part) != std::string::npos) return true;
    return false;
}

// An evening in which nothing went wrong: rows 1 to 6 of the store.
Evening quiet() {
    Evening evening;
    evening.enrolled(kNow);
    evening.recovered(kNow + 1h, 1);
    evening.stored(kNow + 1h + 50s, "delivery", "notice by email: accepted");
    evening.granted(kNow + 2h, 2, "clear_lockout");
    evening.begun(kNow + 2h, "clear_lockout");
    evening.acted(kNow + 2h, 2, "nothing_was_locked", "clear_lockout");
    return evening;
}

}  // namespace

TEST_CASE("a denial is the store's own to tell, and no fault") {
    Evening evening = quiet();
    evening.stored(kNow + 3h, "denied", "recovery=7 method=push source=console:tty1");
    CHECK(evening.verify().faults().empty());
}

TEST_CASE("a log and a store that tell of the same are found to be so, without a note") {
    const Findings findings = quiet().verify();
    CHECK(findings.faults().empty());
    CHECK(findings.notes().empty());
}

TEST_CASE("a row that was changed, taken out or cut off is named") {
    Evening changed = quiet();
    changed.rows[1]["linked"] = false;
    CHECK(changed.verify().faults().front() ==
          "row 2 of the store was changed, or put in the place of another");
    Evening cut = quiet();
    cut.take_out(3);
    CHECK(cut.verify().faults().front() == "row 4 of the store is missing: taken out of the trail");
    Evening shortened = quiet();
    shortened.take_out(5);
    shortened.take_out(4);
    CHECK(holds(shortened.verify().faults(),
                "rows 5 to 6 of the store are missing at the end: cut off"));
    CHECK(holds(shortened.verify().faults(), "record 4 (act of \"ada\") has no grant"));
}

TEST_CASE("an act of the log without a grant of the store is a fault") {
    Evening evening = quiet();
    evening.begun(kNow + 3h);
    const Findings findings = evening.verify();
    REQUIRE(findings.faults().size() == 1);
    CHECK(holds(findings.faults(),
                "record 5 (act of \"ada\") has no grant in the store: a verifier"
                " asked for the act without one"));
    // Nor does a grant of another act, person or place stand for it.
    for (const auto& [subject, detail] : std::vector<std::pair<std::string, std::string>>{
             {"1001:ada", "act=clear_lockout recovery=9 service=sshd source=192.0.2.7"},
             {"1002:ben", "act=change_password recovery=9 service=sshd source=192.0.2.7"},
             {"1001:ada", "act=change_password recovery=9 service=login source=192.0.2.7"},
             {"1001:ada", "act=change_password recovery=9 service=sshd source=192.0.2.8"}}) {
        Evening other = evening;
        other.stored(kNow + 3h, "granted", detail, subject);
        CHECK(holds(other.verify().faults(), "has no grant"));
    }
    evening.granted(kNow + 3h, 9);
    CHECK(evening.verify().faults().empty());
}

TEST_CASE("an act that the store made up is a fault") {
    Evening evening = quiet();
    evening.granted(kNow + 3h, 3);
    evening.acted(kNow + 3h, 3);
    CHECK(
        holds(evening.verify().faults(), "the audit log knows of no such act: the row is forged"));
    Evening end_alone = quiet();
    end_alone.acted(kNow + 3h, 7);
    CHECK(holds(end_alone.verify().faults(), "ended, and no row grants it"));
    Evening twice = quiet();
    twice.acted(kNow + 1h, 1);
    CHECK(holds(twice.verify().faults(), "has more than one end"));
    Evening copied = quiet();
    copied.granted(kNow + 1h, 1);
    CHECK(holds(copied.verify().faults(), "grants a recovery for the second time"));
    Evening invented = quiet();
    invented.stored(kNow + 3h, "absolved", "");
    CHECK(holds(invented.verify().faults(), "tells of \"absolved\", which latchkey never writes"));
    for (const char* event : {"removed", "purged", "reset", "told", "unlock"}) {
        Evening cared_for = quiet();
        cared_for.stored(kNow + 3h, event, "by root");
        CHECK(cared_for.verify().faults().empty());
    }
    Evening garbled = quiet();
    garbled.stored(kNow + 3h, "granted", "act=change_password");
    CHECK(holds(garbled.verify().faults(), "(granted) is not as latchkey writes it"));
}

TEST_CASE("what a kill between grant, act and record leaves is a note and no fault") {
    Evening before_act = quiet();
    before_act.granted(kNow + 3h, 3);
    CHECK(before_act.verify().faults().empty());
    CHECK(holds(before_act.verify().notes(), "grants an act that the root side did not begin"));
    before_act.acted(kNow + 3h, 3, "unknown");  // the monitor was killed
    CHECK(before_act.verify().faults().empty());

    Evening before_end = quiet();
    before_end.granted(kNow + 3h, 3);
    before_end.begun(kNow + 3h);
    CHECK(before_end.verify().faults().empty());
    CHECK(holds(before_end.verify().notes(), "has no row that tells how it ended"));
    // The next conversation is another one.
    before_end.recovered(kNow + 3h + 10min, 4);
    CHECK(before_end.verify().faults().empty());
    CHECK(before_end.verify().notes().size() == 1);
}

TEST_CASE("an act that failed is asked for again under the same grant") {
    Evening evening = quiet();
    evening.granted(kNow + 3h, 3);
    for (int i = 0; i < 3; ++i) {
        evening.begun(kNow + 3h + 5s * i);
        evening.acted(kNow + 3h + 5s * i, 3, i < 2 ? "failed" : "done");
    }
    CHECK(evening.verify().faults().empty());
    CHECK(evening.verify().notes().empty());
    evening.begun(kNow + 3h + 20s);  // never a fourth time
    CHECK(holds(evening.verify().faults(), "has no grant"));
}

TEST_CASE("two conversations of one person at once are not taken for a forgery") {
    Evening evening = quiet();
    evening.granted(kNow + 3h, 3);
    evening.granted(kNow + 3h, 4);
    evening.begun(kNow + 3h);
    evening.begun(kNow + 3h);
    evening.acted(kNow + 3h + 1min, 4);
    evening.acted(kNow + 3h + 2min, 3);
    CHECK(evening.verify().faults().empty());
    CHECK(evening.verify().notes().empty());
}

TEST_CASE("an enrolment that only one of the two knows is a fault") {
    Evening planted = quiet();
    planted.stored(kNow + 3h, "enrolment", "enrolled email e...e at e....net by root");
    CHECK(holds(planted.verify().faults(), "is not in the audit log, where it is written before"));
    Evening taken_out = quiet();
    taken_out.logged(kNow + 3h, "enrolled", "ada", "totp");
    CHECK(holds(taken_out.verify().faults(), "record 5 (enrolled of \"ada\") has no row"));
    Evening another_method = taken_out;
    another_method.stored(kNow + 3h, "enrolment", "enrolled email a at b by root");
    CHECK(another_method.verify().faults().size() == 2);
}

TEST_CASE(
    "an enrolment that was killed behind its row is a note, since the log says that it came") {
    Evening killed = quiet();
    killed.logged(kNow + 3h, "enrolling", "ada", "totp");
    killed.stored(kNow + 3h + 1s, "enrolment", "enrolled totp by owner");
    CHECK(killed.verify().faults().empty());
    CHECK(holds(killed.verify().notes(), "as about to be enrolled and not as enrolled"));
    Evening before_its_row = quiet();
    before_its_row.logged(kNow + 3h, "enrolling", "ada", "totp");
    CHECK(before_its_row.verify().faults().empty());
    CHECK(before_its_row.verify().notes().empty());
}

TEST_CASE("an enrolment that was to come excuses one row of its account and method") {
    Evening two = quiet();
    two.logged(kNow + 3h, "enrolling", "ada", "totp");
    two.stored(kNow + 3h, "enrolment", "enrolled totp by owner");
    two.stored(kNow + 3h + 1s, "enrolment", "enrolled totp by owner");
    CHECK(two.verify().faults().size() == 1);
    CHECK(two.verify().notes().size() == 1);
    Evening other_method = quiet();
    other_method.logged(kNow + 3h, "enrolling", "ada", "totp");
    other_method.stored(kNow + 3h, "enrolment", "enrolled email a at b by owner");
    CHECK(other_method.verify().faults().size() == 1);
    Evening other_account = quiet();
    other_account.logged(kNow + 3h, "enrolling", "ada", "totp");
    other_account.stored(kNow + 3h, "enrolment", "enrolled totp by owner", "1002:ben");
    CHECK(other_account.verify().faults().size() == 1);
    Evening too_late = quiet();
    too_late.logged(kNow + 3h, "enrolling", "ada", "totp");
    too_late.stored(kNow + 3h + 121s, "enrolment", "enrolled totp by owner");
    CHECK(too_late.verify().faults().size() == 1);
    Evening too_early = quiet();
    too_early.stored(kNow + 3h - 61s, "enrolment", "enrolled totp by owner");
    too_early.logged(kNow + 3h, "enrolling", "ada", "totp");
    CHECK(too_early.verify().faults().size() == 1);
}

TEST_CASE("an enrolment that came to an end excuses nothing more") {
    Evening done = quiet();
    done.enrolled(kNow + 3h);
    done.stored(kNow + 3h + 2s, "enrolment", "enrolled email e...e at e....net by owner");
    CHECK(done.verify().faults().size() == 1);
    Evening refused = quiet();
    refused.logged(kNow + 3h, "enrolling", "ada", "email");
    refused.logged(kNow + 3h + 1s, "not_enrolled", "ada", "email");
    refused.stored(kNow + 3h + 2s, "enrolment", "enrolled email e...e at e....net by owner");
    CHECK(refused.verify().faults().size() == 1);
    // Another one begun behind it is not ended by it.
    refused.logged(kNow + 3h + 2s, "enrolling", "ada", "email");
    CHECK(refused.verify().faults().empty());
}

TEST_CASE(
    "an import that was killed behind its rows is a note, if they are those that were to come") {
    Evening killed = quiet();
    killed.recorded_import(kNow + 3h, "0123456789abcdef", "importing");
    CHECK(killed.verify().faults().empty());
    killed.imported_rows(kNow + 3h);
    CHECK(killed.verify().faults().empty());
    CHECK(holds(killed.verify().notes(), "as about to be enrolled and not as enrolled"));
    Evening one_more = killed;
    one_more.stored(kNow + 3h, "enrolment", "enrolled totp by import 0123456789abcdef");
    CHECK(one_more.verify().faults().size() == 1);
    Evening refused = killed;
    refused.recorded_import(kNow + 3h + 1s, "0123456789abcdef", "not_imported");
    CHECK(refused.verify().faults().size() == 1);
    Evening of_another_name = quiet();
    of_another_name.recorded_import(kNow + 3h, "0123456789abcdef", "importing");
    of_another_name.imported_rows(kNow + 3h, "fedcba9876543210");
    CHECK(of_another_name.verify().faults().size() == 1);
}

TEST_CASE("a forged row that is dated back does not pass as older than the log") {
    Evening evening = quiet();
    evening.stored(kNow - 240h, "enrolment", "enrolled email a at b by root");
    evening.granted(kNow - 240h, 9);
    evening.acted(kNow - 240h, 9);
    CHECK(evening.verify().faults().size() == 2);
}

TEST_CASE("a store or a log that was made anew is told in one note each") {
    Evening evening = quiet();
    evening.rows.clear();
    Evening anew;
    anew.log = evening.log;
    Findings findings = anew.verify();
    CHECK(findings.faults().empty());
    REQUIRE(findings.notes().size() == 1);
    CHECK(holds(findings.notes(), "because its trail is empty: 3. The store was made anew by you"));
    anew.logged(kNow + 5h, "enrolled", "ada", "email");
    anew.stored(kNow + 5h, "enrolment", "enrolled email a at b by root");
    findings = anew.verify();
    CHECK(findings.faults().empty());
    CHECK(holds(findings.notes(), "begins later (2027-01-15T13:00:00Z): 3."));

    Evening log_anew = quiet();
    log_anew.log = {};
    CHECK(log_anew.verify().faults().empty());
    CHECK(holds(log_anew.verify().notes(), "The log was begun anew by you, or taken away"));
}

TEST_CASE("an enrolment of before the store was made anew does not take the row of the next one") {
    Evening evening;
    evening.logged(kNow, "enrolled", "ada", "totp");
    evening.stored(kNow + 1s, "enrolment", "enrolled totp by root");
    evening.logged(kNow + 1s, "enrolled", "ada", "totp");
    const Findings findings = evening.verify();
    CHECK(findings.faults().empty());
    CHECK(holds(findings.notes(), "The store was made anew by you, or taken away by somebody"));
}

TEST_CASE("what was written in the very second of the question counts") {
    Evening evening = quiet();
    evening.logged(kNow + 5h, "enrolled", "ada", "totp");
    CHECK(holds(evening.verify(kNow + 5h, evening.log.entries.back().record).faults(),
                "has no row in the store"));
}

TEST_CASE("what is being written while the two are read is no fault") {
    Evening evening = quiet();
    const std::uint64_t newest = evening.log.entries.back().record;
    evening.begun(kNow + 5h);  // its grant was written after the store was read
    evening.logged(kNow + 5h, "enrolled", "ada", "totp");
    evening.stored(kNow + 5h - 1s, "enrolment", "enrolled email a at b by root");
    const Findings findings = evening.verify(kNow + 5h, newest);
    CHECK(findings.faults().empty());
    CHECK(holds(findings.notes(), "it is just being enrolled, or the row is forged"));
    CHECK(evening.verify(kNow + 6h).faults().size() == 3);
}

TEST_CASE("a trail of many pages is read to its end") {
    Evening evening;
    for (int i = 0; i < 700; ++i) evening.recovered(kNow + 1h * i, i);
    CHECK(evening.verify(kNow + 10000h).faults().empty());
    CHECK(evening.verify(kNow + 10000h).notes().empty());
    evening.take_out(1001);
    CHECK(holds(evening.verify(kNow + 10000h).faults(), "row 1002 of the store is missing"));
}

TEST_CASE("an answer that is no page of the trail is refused, and ends the comparison") {
    const json row = quiet().rows[0];
    const json end{{"last_id", 1}};
    const auto with = [&row](const char* key, const json& value) {
        json changed = row;
        changed[key] = value;
        return changed;
    };
    const std::vector<std::vector<json>> hostile{{},
                                                 {row},
                                                 {{{"last_id", "1"}}},
                                                 {{{"last_id", 18446744073709551615ULL}}},
                                                 {row, row, end},
                                                 {with("id", 0), end},
                                                 {with("id", -1), end},
                                                 {with("id", "1"), end},
                                                 {with("id", 1.5), end},
                                                 {with("id", 9223372036854775808ULL), end},
                                                 {with("at", nullptr), end},
                                                 {with("event", 1), end},
                                                 {with("subject", json::array()), end},
                                                 {with("detail", std::string(4000, 'a')), end},
                                                 {with("linked", 1), end},
                                                 {json::object(), end},
                                                 std::vector<json>(wire::kTrailPage + 2, end)};
    for (const std::vector<json>& page : hostile) {
        StoreTrail trail;
        CAPTURE(json(page).dump().substr(0, 200));
        const auto taken = trail.take(page);
        REQUIRE_FALSE(taken);
        CHECK(taken.error().kind == ErrorKind::Corrupt);
        CHECK_FALSE(trail.is_complete());
    }
    StoreTrail again;  // a page that gives the same rows once more would have no end
    std::vector<json> full;
    for (std::size_t i = 1; i <= wire::kTrailPage; ++i) full.push_back(with("id", i));
    full.push_back(end);
    REQUIRE(again.take(full));
    CHECK_FALSE(again.is_complete());
    CHECK_FALSE(again.take(full));
}

TEST_CASE("hostile rows give sentences that are short, few and printable") {
    Evening evening = quiet();
    const std::string hostile = "\x1b[2J\n  note: all is well\xff\" 0 records, intact";
    for (const char* event : {"granted", "acted", "enrolment", "\x1b]0;\x07"})
        for (int i = 0; i < 100; ++i) {
            evening.stored(TimePoint::max(), event, hostile + std::string(400, '\n'), hostile);
            evening.stored(TimePoint::min(), event,
                           "act=" + hostile.substr(0, 6) +
                               " result=done recovery=" + std::to_string(i) + " service= source=",
                           ":" + hostile);
            evening.stored(kNow, event, "enrolled " + hostile, ":" + hostile);
        }
    const Findings findings = evening.verify();
    CHECK(findings.faults().size() == 21);  // the last says that there are more
    CHECK(findings.faults().back().size() < 600);
    for (const auto* sentences : {&findings.faults(), &findings.notes()})
        for (const std::string& sentence : *sentences) {
            CHECK(is_printable(sentence));
            CHECK(sentence.size() < 600);
        }
}

TEST_CASE("an import is one record and a row for each enrolment, and no fault") {
    Evening evening = quiet();
    evening.imported(kNow + 3h);
    evening.imported(kNow + 4h, "fedcba9876543210");
    const Findings findings = evening.verify();
    CHECK(findings.faults().empty());
    CHECK(findings.notes().empty());
}

TEST_CASE("a row that is passed off as one of an import, taken out of it or altered is a fault") {
    const std::string by = " by import 0123456789abcdef";
    Evening added = quiet();
    added.imported(kNow + 3h);
    added.stored(kNow + 3h, "enrolment", "enrolled email e...e at e....net" + by);
    CHECK(holds(added.verify().faults(),
                "(imported) is of 2 enrolments, and 3 rows of the store say that they are of it"));
    Evening shorter = quiet();
    shorter.stored(kNow + 3h, "enrolment", "enrolled email a...a at e....org" + by);
    shorter.recorded_import(kNow + 3h, "0123456789abcdef");
    CHECK(holds(shorter.verify().faults(), "and 1 rows of the store"));
    for (const auto& [subject, method] : std::vector<std::pair<std::string, std::string>>{
             {"1003:eve", "totp"}, {"1002:ben", "hotp"}}) {
        Evening altered = quiet();
        altered.stored(kNow + 3h, "enrolment", "enrolled email a...a at e....org" + by);
        altered.stored(kNow + 3h, "enrolment", "enrolled " + method + by, subject);
        altered.recorded_import(kNow + 3h, "0123456789abcdef");
        CHECK(holds(altered.verify().faults(), "some were added, taken out or altered"));
    }
}

TEST_CASE("an import that only one of the two knows is a fault, told once") {
    Evening planted = quiet();
    for (int i = 0; i < 50; ++i)
        planted.stored(kNow + 3h, "enrolment", "enrolled email a at b by import 0123456789abcdef");
    REQUIRE(planted.verify().faults().size() == 1);
    CHECK(holds(planted.verify().faults(), "the first of 50 of the import"));
    CHECK(holds(planted.verify().faults(), "is not in the audit log, where it is written before"));
    CHECK(planted.verify(kNow + 3h).faults().empty());  // it is just being written
    Evening taken_out = quiet();
    taken_out.recorded_import(kNow + 3h, "0123456789abcdef");
    CHECK(holds(taken_out.verify().faults(), "(imported of \"\") has no row in the store"));
    Evening log_anew;
    log_anew.imported(kNow);
    log_anew.log = {};
    CHECK(log_anew.verify().faults().empty());
    CHECK(holds(log_anew.verify().notes(), "The log was begun anew by you, or taken away"));
}
