// SPDX-License-Identifier: MIT
//
// What a verifier that was taken over is worth: nothing without an answer that was
// relayed to it, one act with one, and no account that can become root at all.
#include "tests/system/hostile_verifier.hpp"

#include <set>

#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

constexpr const char* ledger = "/var/lib/latchkey-acts/ledger";
constexpr const char* tally_of_ada = "/var/run/faillock/ada";
constexpr const char* elsewhere = "192.0.2.7";  // over ssh, as the module would say

const wire::Proof by_mail{"email:example.org"};
const wire::Proof by_app{"app"};
const wire::Proof by_saved_code{"saved"};

Misdeeds served() {
    return Misdeeds{}.hear();  // the monitor's greeting
}

// Everything but an answer to a question for a code, then "do it".
std::vector<Misdeeds> without_relayed_proof(Act act) {
    const wire::Perform perform{act};
    std::vector<Misdeeds> stories{
        served().say(perform).hear(),
        served().say(by_mail).say(perform).hear(),
        served().say(by_saved_code).say(perform).hear(),
        served().say(wire::CheckSavedCode{}).hear().say(by_saved_code).say(perform).hear(),
        // Answered, but the answer was for another screen by then.
        served().ask(ScreenKind::Code).ask(ScreenKind::Menu).say(by_mail).say(perform).hear(),
        // Answered, and no proof said.
        served().ask(ScreenKind::Code).say(perform).hear(),
        served()
            .ask(ScreenKind::SavedCode)
            .say(wire::CheckSavedCode{})
            .hear()
            .say(by_saved_code)
            .say(perform)
            .hear(),
        served().ask(ScreenKind::Code).say(by_saved_code).say(perform).hear(),
    };
    for (const ScreenKind kind :
         {ScreenKind::Menu, ScreenKind::FullAddress, ScreenKind::AddressOrSavedCode,
          ScreenKind::SavedCode, ScreenKind::WhomToAsk, ScreenKind::HumanCheck})
        stories.push_back(served().ask(kind).say(by_mail).say(perform).hear());
    for (const Outcome outcome :
         {Outcome::Recovered, Outcome::Unlocked, Outcome::NothingWasLocked}) {
        stories.push_back(served().say(wire::RecoveryFinish{outcome}).hear());
        stories.push_back(
            served().ask(ScreenKind::Code).say(by_mail).say(wire::RecoveryFinish{outcome}).hear());
    }
    return stories;
}

// A code that is junk, relayed, and everything the verifier can make of it.
Misdeeds says_yes(Act act) {
    return served().ask(ScreenKind::Code).say(by_mail).say(wire::Perform{act}).hear();
}

void check_refused(const Talk& talk, const HostileVerifier& thief) {
    CHECK(talk.finished);
    CHECK(talk.finish.outcome == Outcome::Refused);
    CHECK(talk.finish.password.empty());
    CHECK(talk.hidden.empty());
    CHECK(thief.acted().empty());
}

void lock_out(Machine& machine, const std::string& user) {
    for (int i = 0; i < 3; ++i) CHECK(is_refused_at_console(machine, user, "not my password"));
}

// One conversation with a verifier that says yes; how the act ended.
ActResult one_act(HostileVerifier& thief, const Person& person, Act act = Act::ChangePassword) {
    thief.will(says_yes(act));
    static_cast<void>(talk(person));
    const std::vector<ActResult> results = thief.acted();
    REQUIRE(results.size() == 1);
    return results.front();
}

}  // namespace

TEST_CASE("a verifier that says yes at once gets no act without a relayed answer to a code") {
    Enrolled host;
    host.machine.use_faillock();
    lock_out(host.machine, "ada");
    const std::string shadow = file_text("/etc/shadow");
    const std::string tally = file_text(tally_of_ada);
    REQUIRE_FALSE(tally.empty());
    HostileVerifier thief;
    int tried = 0;
    for (const Act act : {Act::ChangePassword, Act::ClearLockout}) {
        for (const Misdeeds& deeds : without_relayed_proof(act)) {
            for (const char* source : {"", elsewhere}) {
                INFO(deeds.script() << source);
                thief.will(deeds);
                Person person;
                person.source = source;
                check_refused(talk(person), thief);
                ++tried;
            }
        }
        // An empty answer is none.
        thief.will(says_yes(act));
        Person silent;
        silent.otherwise = "";
        check_refused(talk(silent), thief);
        ++tried;
    }
    CHECK(file_text("/etc/shadow") == shadow);
    CHECK(file_text(tally_of_ada) == tally);
    CHECK(file_text(ledger).empty());  // not even begun
    evidence("C2 a verifier that says yes",
             std::to_string(tried) + " talks in which nothing was proven", "0 acts begun");
}

TEST_CASE("at a real login and over ssh a verifier that says yes at once lets nobody in") {
    Enrolled host;
    const std::string shadow = file_text("/etc/shadow");
    SshServer server;
    HostileVerifier thief;
    thief.will(served().say(by_mail).say(wire::Perform{Act::ChangePassword}).hear());
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    login.expect("Press Enter to continue: ");
    login.send_line("");
    login.expect("Login incorrect");
    thief.will(served()
                   .ask(ScreenKind::AddressOrSavedCode)
                   .say(by_mail)
                   .say(wire::RecoveryFinish{Outcome::Recovered}));
    Terminal client = server.connect("ada");
    ask_for_recovery(client);
    type_address(client, "ada@example.org");
    client.expect("Press Enter to continue: ");
    for (Terminal* terminal : {&login, &client})
        CHECK(terminal->transcript().find("New password") == std::string::npos);
    CHECK(file_text("/etc/shadow") == shadow);
    CHECK(signs_in_at_console(host.machine, "ada", old_password));
}

TEST_CASE("with a relayed answer a verifier that says yes gets one act, and the ledger counts it") {
    Enrolled host;
    HostileVerifier thief;
    thief.will(says_yes(Act::ChangePassword).say(wire::Perform{Act::ChangePassword}).hear());
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    type_code(login, "00000000");
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(host.machine.password_is("ada", new_password));
    CHECK(thief.acted() == std::vector<ActResult>{ActResult::Done});  // it had asked twice
    const std::string shadow = file_text("/etc/shadow");
    int refused = 0;
    for (const char* source : {"", elsewhere, "198.51.100.9", "2001:db8::1"}) {
        Person person;
        person.source = source;
        CHECK(one_act(thief, person) == ActResult::LedgerFull);
        ++refused;
    }
    CHECK(file_text("/etc/shadow") == shadow);
    CHECK(signs_in_at_console(host.machine, "ada", new_password));
    evidence("C2 second reset within a day",
             std::to_string(refused) + " more connections with a relayed junk code", "0 resets");
}

TEST_CASE("the sixth begun act of an account and the 21st of the host are refused") {
    Enrolled host;
    const std::vector<std::string> people{"ada", "ben", "cleo", "dan", "eve"};
    for (std::size_t i = 1; i < people.size(); ++i)
        host.machine.add_account(people[i], old_password);
    const std::string shadow = file_text("/etc/shadow");
    HostileVerifier thief;
    std::vector<std::string> refused;
    int begun = 0;
    for (const std::string& name : people) {
        for (int i = 0; i < 6; ++i) {
            INFO(name << ' ' << i);
            thief.will(says_yes(Act::ChangePassword));
            Person person;
            person.name = name;
            person.leaves_at_password = true;
            const Talk conversation = talk(person);
            REQUIRE(latchkey_comes_to_rest());
            // Refused: nothing was asked, and the verifier was told why.
            const bool is_begun = !conversation.hidden.empty();
            begun += is_begun ? 1 : 0;
            if (is_begun) continue;
            CHECK(thief.acted() == std::vector<ActResult>{ActResult::LedgerFull});
            refused.push_back(name + std::to_string(i));
        }
    }
    CHECK(begun == 20);
    // Each one's sixth; and of eve, the fifth of them, every one.
    CHECK(refused == std::vector<std::string>{"ada5", "ben5", "cleo5", "dan5", "eve0", "eve1",
                                              "eve2", "eve3", "eve4", "eve5"});
    CHECK(file_text("/etc/shadow") == shadow);
    evidence("C2 limits of the ledger", "30 acts begun by a verifier that says yes, 5 accounts",
             std::to_string(begun) + " begun, at most 5 of an account");
}

TEST_CASE("the fourth unlock of a day is refused whatever the verifier says") {
    Enrolled host;
    host.machine.use_faillock();
    HostileVerifier thief;
    Person person;
    person.reason = Reason::KnowsPassword;
    lock_out(host.machine, "ada");
    const std::string tally = file_text(tally_of_ada);
    for (int i = 0; i < 3; ++i) {
        CHECK(one_act(thief, person, Act::ClearLockout) == ActResult::Done);
        CHECK(file_text(tally_of_ada).empty());
        write_file(tally_of_ada, tally, 0600);  // as after three more wrong ones
    }
    CHECK(one_act(thief, person, Act::ClearLockout) == ActResult::LedgerFull);
    CHECK(file_text(tally_of_ada) == tally);
}

TEST_CASE("no verifier opens an account that can become root") {
    Enrolled host({"sudo"});
    const std::string shadow = file_text("/etc/shadow");
    HostileVerifier thief;
    const wire::Perform change{Act::ChangePassword};
    const wire::Perform unlock{Act::ClearLockout};
    const auto two_codes = [] {
        return served().ask(ScreenKind::Code).say(by_mail).ask(ScreenKind::OtpCode).say(by_app);
    };
    const std::vector<Misdeeds> stories{
        says_yes(Act::ChangePassword),
        says_yes(Act::ClearLockout),
        two_codes().say(change).hear(),
        two_codes().say(unlock).hear(),
        two_codes().ask(ScreenKind::Code).say(wire::Proof{"saved "}).say(change).hear(),
        two_codes().ask(ScreenKind::Code).say(by_saved_code).say(change).hear(),
        two_codes()
            .ask(ScreenKind::SavedCode)
            .say(wire::CheckSavedCode{})
            .hear()
            .say(by_saved_code)
            .say(change)
            .hear(),
        two_codes().ask(ScreenKind::SavedCode).say(by_saved_code).say(change).hear(),
        two_codes().say(wire::CheckSavedCode{}).hear().say(by_saved_code).say(change).hear(),
    };
    int tried = 0;
    for (const Misdeeds& deeds : stories) {
        for (const char* answer : {"12345678", "ABCD-EFGH-JKLM-NPQR"}) {
            INFO(deeds.script());
            thief.will(deeds);
            Person person;
            person.otherwise = answer;
            check_refused(talk(person), thief);
            ++tried;
        }
    }
    CHECK(file_text("/etc/shadow") == shadow);
    CHECK(file_text(ledger).empty());
    evidence("C2 accounts that can become root",
             std::to_string(tried) + " talks of a verifier that says yes", "0 acts begun");
}

}  // namespace latchkey
