// SPDX-License-Identifier: MIT
//
// A thief who reads ben's mail, and a verifier that was taken over while it served ada
// and writes into the store that the rest of ben's recovery has happened.
#include "tests/contract/forgers_town.hpp"

using namespace latchkey;
using namespace latchkey::contract;

namespace {

// What the person reads who types a resume code that is none.
bool looks_like_a_wrong_code(Town& town, const std::string& resume_code) {
    const bool unknown = town.resume(resume_code, town.sent_code()) == Outcome::ResumeUnknown;
    return unknown && town.seen.empty();
}

// Ben has proven his app only, and was cut off; the resume code that he was shown.
std::string prove_app_alone(Town& town) {
    town.request.surface = Surface::Console;
    REQUIRE(town.connect("2", town.otp()) == Outcome::Refused);
    town.request.surface = Surface::Remote;
    REQUIRE(town.acts.proofs == std::vector<std::string>{"app"});
    town.acts.proofs.clear();
    return town.seen.back().resume_code;
}

}  // namespace

TEST_CASE("without forged rows ben resumes after his mail and needs his app", "[forged]") {
    Town town;
    const std::string resume_code = town.prove_mail_alone();
    CHECK(town.resume(resume_code, "1", town.otp()) == Outcome::Recovered);
    CHECK(town.log.has("gates=1"));
    CHECK_FALSE(town.log.has_alarm());
}

TEST_CASE("a gate that another account's verifier wrote brings ben's recovery no further",
          "[forged]") {
    Town town;
    const std::string resume_code = town.prove_mail_alone();
    town.forge_copy("gate", "possession = 'app'");
    town.clock.advance(130s);
    CHECK(town.resume(resume_code, "1", town.sent_code()) == Outcome::Refused);
    CHECK(town.acts.performed.empty());
    CHECK(town.log.has("gates=1"));
    CHECK(town.alarms("found a forged gate") == 1);
}

TEST_CASE("a gate of another recovery of ben's is none of this one", "[forged]") {
    Town town;
    (void)prove_app_alone(town);
    const std::string resume_code = town.prove_mail_alone();
    town.forge("UPDATE gate SET recovery = 2 WHERE possession = 'app'");
    town.clock.advance(130s);
    CHECK(town.resume(resume_code, "1", town.sent_code()) == Outcome::Refused);
    CHECK(town.acts.performed.empty());
    CHECK(town.alarms("found a forged gate") == 1);
}

TEST_CASE("a gate of an older recovery is none of one that got the same id again", "[forged]") {
    Town town;
    (void)prove_app_alone(town);
    town.forge(
        "UPDATE gate SET recovery = 1000; DELETE FROM recovery;"
        " DELETE FROM sqlite_sequence WHERE name = 'recovery'");
    town.clock.advance(1min);
    const std::string resume_code = town.prove_mail_alone();
    town.forge("UPDATE gate SET recovery = 1 WHERE recovery = 1000");
    town.clock.advance(130s);
    CHECK(town.resume(resume_code, "1", town.sent_code()) == Outcome::Refused);
    CHECK(town.acts.performed.empty());
    CHECK(town.alarms("found a forged gate") == 1);
}

TEST_CASE("a proof that was made younger in the store is none", "[forged]") {
    Town town;
    const std::string resume_code = town.prove_mail_alone();
    town.forge("UPDATE gate SET opened_at = opened_at + 60");
    CHECK(looks_like_a_wrong_code(town, resume_code));
    CHECK(town.alarms("found a forged gate") == 1);
}

TEST_CASE("a recovery is not resumed if anything was changed that decides over it", "[forged]") {
    struct Forgery {
        const char* field;
        const char* sql;
    };
    const auto [field, sql] = GENERATE(
        Forgery{"gates", "gates_needed = 1"}, Forgery{"reason", "reason = 1"},
        Forgery{"notices", "deliverable = 0"}, Forgery{"service", "service = 'thiefs'"},
        Forgery{"source", "source = '203.0.113.9'"}, Forgery{"end", "expires_at = 1900000000"},
        Forgery{"beginning", "opened_at = opened_at - 1"});
    CAPTURE(field);
    Town town;
    town.request.gates_needed = 3;
    town.request.has_saved_codes = true;
    const std::string resume_code = town.prove_mail_alone();
    town.request.gates_needed = 2;
    town.forge(std::string{"UPDATE recovery SET "} + sql);
    if (std::string_view{field} == "service") town.request.service = "thiefs";
    if (std::string_view{field} == "source") town.request.source = "203.0.113.9";
    if (std::string_view{field} == "end") town.clock.advance(1h);
    CHECK(looks_like_a_wrong_code(town, resume_code));
    CHECK(town.alarms("found a forged recovery") == 1);
}

TEST_CASE("a resume code does not open another recovery of the same account", "[forged]") {
    Town town;
    (void)prove_app_alone(town);
    const std::string resume_code = town.prove_mail_alone();
    town.forge(
        "UPDATE recovery SET resume_code = (SELECT resume_code FROM recovery WHERE id = 2)"
        " WHERE id = 1; DELETE FROM recovery WHERE id = 2");
    CHECK(looks_like_a_wrong_code(town, resume_code));
    CHECK(town.alarms("found a forged recovery") == 1);
}

TEST_CASE("a recovery of ada's does not become one of ben's", "[forged]") {
    Town town;
    const std::string resume_code = town.prove_mail_alone();
    town.forge("UPDATE recovery SET subject = '1001:ada'");
    town.request.subject = "1001:ada";
    CHECK(looks_like_a_wrong_code(town, resume_code));
    CHECK(town.alarms("found a forged recovery") == 1);
}

TEST_CASE("no field of a row can be moved over into its neighbour", "[forged]") {
    Town town;
    town.request.service = "ssh";
    town.request.source = "d192.0.2.7";
    const std::string resume_code = town.prove_mail_alone();
    town.forge("UPDATE recovery SET service = 'sshd', source = '192.0.2.7'");
    town.request.service = "sshd";
    town.request.source = "192.0.2.7";
    CHECK(looks_like_a_wrong_code(town, resume_code));
}

TEST_CASE("the end of a recovery that is going on is not put off in the store", "[forged]") {
    Town town;
    const std::string resume_code = town.prove_mail_alone();
    const auto put_off = [&](const Screen&) {
        town.forge("UPDATE recovery SET expires_at = expires_at + 3600, lease_until = 1900000000");
        town.clock.advance(10min);
        return std::string{"1"};
    };
    town.clock.advance(5min);
    CHECK(town.resume(resume_code, ScriptedConversation::Line{put_off}, town.otp()) ==
          Outcome::Refused);
    CHECK(town.acts.performed.empty());
}
