// SPDX-License-Identifier: MIT
//
// Counting through real logins, under the limits that are shipped: eight people, or one
// eight times, at the same question of the same account, and one over hours and days.
#include <algorithm>
#include <memory>

#include "core/ports/store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/one_time_codes.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

constexpr const char* one_more = "One more proof is needed";
constexpr const char* not_right = "That was not right.";
constexpr int logins_at_once = 8;
constexpr int rounds_through_logins = 20;

// Two gates, so that a right code leads to another question and to no act.
struct Town {
    Machine machine;
    Town() {
        machine.set_up();
        machine.configure(
            "[gates]\nconsole = 2\n[limits]\nwrong_per_hour = 5\nwrong_per_day = 10\n"
            "wrong_at_console_per_day = 5\nconsecutive_wrong = 20\nsaved_code_interval = 2\n");
    }
    std::string new_person() {
        const std::string name = "ada" + std::to_string(++people_);
        machine.add_account(name, old_password);
        return name;
    }

private:
    int people_ = 0;
};

using Logins = std::vector<std::unique_ptr<Terminal>>;

// So many logins of `name` that stand at the question behind the menu's line `way`.
Logins logins_at(Machine& machine, const std::string& name, const std::string& way) {
    Logins logins;
    for (int i = 0; i < logins_at_once; ++i)
        logins.push_back(std::make_unique<Terminal>(machine.console(name)));
    for (auto& login : logins) {
        ask_for_recovery(*login);
        choose(*login, way);
    }
    for (auto& login : logins) login->expect_any({"Code: ", "code: "});
    return logins;
}

// All type it at once; how many were right. They are gone afterwards.
int type_at_once(Logins logins, const std::string& code) {
    for (auto& login : logins) login->send_line(code);
    int right = 0;
    for (auto& login : logins) right += login->expect_any({one_more, not_right}) == 0 ? 1 : 0;
    for (auto& login : logins) login->hang_up();
    logins.clear();
    REQUIRE(latchkey_comes_to_rest());
    return right;
}

std::string subject_of(const std::string& name) {
    std::string uid = must_run({"id", "-u", name});
    uid.pop_back();
    return uid + ':' + name;
}

// What `sql` gives first, if it gives anything, with these in place of its "?".
std::string in_store(const std::string& sql, std::vector<std::string> values) {
    std::vector<std::string> command{
        "python3", "-c",
        "import sqlite3,sys\n"
        "store = sqlite3.connect('/var/lib/latchkey/store.db', timeout=20)\n"
        "row = store.execute(sys.argv[1], sys.argv[2:]).fetchone()\n"
        "store.commit()\n"
        "print(row[0] if row else '')",
        sql};
    command.insert(command.end(), values.begin(), values.end());
    return must_run(command);
}

// Attempts of that kind charged to the account, as they stand in the store.
int on_disk(const std::string& name, AttemptKind kind) {
    return std::stoi(in_store("SELECT count(*) FROM attempt WHERE subject = ? AND kind = ?",
                              {subject_of(name), std::to_string(static_cast<int>(kind))}));
}

// What the account has tried so far is that much longer ago.
void let_pass(const std::string& name, std::chrono::seconds time) {
    in_store("UPDATE attempt SET at = at - ? WHERE subject = ?",
             {std::to_string(time.count()), subject_of(name)});
}

// A connection over ssh that stands at the question for the code; the message with it.
DeliveredMessage go_to_code_over_ssh(Machine& machine, Terminal& client, const std::string& name) {
    ask_for_recovery(client);
    type_address(client, name + "@example.org");
    return machine.next_message();
}

void guess_over_ssh(Machine& machine, SshServer& server, const std::string& name, int guesses) {
    Terminal client = server.connect(name);
    const DeliveredMessage message = go_to_code_over_ssh(machine, client, name);
    for (int guess = 0; guess < guesses; ++guess) {
        type_code(client, wrong_code(message));
        client.expect(not_right);
    }
    client.hang_up();
    REQUIRE(latchkey_comes_to_rest());
}

bool right_code_opens_over_ssh(Machine& machine, SshServer& server, const std::string& name) {
    Terminal client = server.connect(name);
    type_code(client, go_to_code_over_ssh(machine, client, name).code());
    const bool is_open = client.expect_any({one_more, not_right}) == 0;
    client.hang_up();
    REQUIRE(latchkey_comes_to_rest());
    return is_open;
}

}  // namespace

TEST_CASE("a right number of an app typed into eight logins at once is accepted in one of them") {
    Town town;
    for (int round = 0; round < rounds_through_logins; ++round) {
        CAPTURE(round);
        const std::string name = town.new_person();
        const std::string key = town.machine.enroll_app(name);
        Logins logins = logins_at(town.machine, name, "authenticator app");
        CHECK(type_at_once(std::move(logins), authenticator_shows(key)) == 1);
    }
    evidence("G7 a right code at once, TOTP, real logins",
             "8 logins with one right number, 20 rounds", "accepted once in each");
}

TEST_CASE("a saved code typed into eight logins at once is accepted in one of them") {
    Town town;
    std::string name;
    std::vector<std::string> codes;
    for (int round = 0; round < rounds_through_logins; ++round) {
        CAPTURE(round);
        if (codes.empty()) {
            name = town.new_person();
            codes = town.machine.new_saved_codes(name);
        }
        // A terminal has one guess in two seconds, and the next round may find it used up.
        int accepted = 0;
        const auto opens = [&] {
            accepted += type_at_once(logins_at(town.machine, name, "recovery codes"), codes.back());
            return accepted > 0;
        };
        CHECK(comes_true(opens));
        CHECK(accepted == 1);
        codes.pop_back();
    }
    evidence("G7 a right code at once, saved codes, real logins",
             "8 logins with one right code, 20 rounds", "accepted once in each");
}

TEST_CASE("of guesses typed into eight logins at once five are compared, and not one more later") {
    Town town;
    int most = 0;
    for (int round = 0; round < rounds_through_logins; ++round) {
        CAPTURE(round);
        const std::string name = town.new_person();
        const std::string key = town.machine.enroll_app(name);
        CHECK(type_at_once(logins_at(town.machine, name, "authenticator app"), "000000") == 0);
        CHECK(on_disk(name, AttemptKind::Otp) == 5);
        // Not even the right number is looked at now, in whatever connection.
        Terminal login = town.machine.console(name);
        ask_for_recovery(login);
        choose(login, "authenticator app");
        type_code(login, authenticator_shows(key));
        login.expect(not_right);
        login.hang_up();
        REQUIRE(latchkey_comes_to_rest());
        most = std::max(most, on_disk(name, AttemptKind::Otp));
    }
    CHECK(most == 5);
    evidence("G7, T3 counting, real logins",
             "8 logins guess at one account at once, then another login, 20 rounds",
             "at most " + std::to_string(most) + " compared");
}

TEST_CASE("over ssh five guesses an hour are compared and ten a day, and not the right code then") {
    Town town;
    SshServer server;
    const int rounds_of_days = rounds(5, rounds_through_logins);
    int most = 0;
    for (int round = 0; round < rounds_of_days; ++round) {
        CAPTURE(round);
        const std::string name = town.new_person();
        town.machine.enroll_email(name, name + "@example.org");
        for (const int compared : {5, 10}) {
            // The fifth in one connection would end it.
            guess_over_ssh(town.machine, server, name, 4);
            guess_over_ssh(town.machine, server, name, 1);
            CHECK(on_disk(name, AttemptKind::Code) == compared);
            let_pass(name, std::chrono::seconds{3601});
        }
        CHECK_FALSE(right_code_opens_over_ssh(town.machine, server, name));
        most = std::max(most, on_disk(name, AttemptKind::Code));
        let_pass(name, std::chrono::hours{24});
        CHECK(right_code_opens_over_ssh(town.machine, server, name));
    }
    CHECK(most == 10);
    evidence("G7, T2 ten a day, over ssh",
             "5 guesses, an hour later 5 more, an hour later the right code, " +
                 std::to_string(rounds_of_days) + " rounds",
             "at most " + std::to_string(most) + " compared, the right one a day later");
}

TEST_CASE("asking for a new code at a real login refills no guesses") {
    Town town;
    const int rounds_of_codes = rounds(4, rounds_through_logins);
    for (int round = 0; round < rounds_of_codes; ++round) {
        CAPTURE(round);
        const std::string name = town.new_person();
        town.machine.enroll_email(name, name + "@example.org");
        // The fifth in one connection would end it: four here, the others in the next.
        for (const int guesses : {4, 1}) {
            Terminal login = town.machine.console(name);
            ask_for_recovery(login);
            choose(login, "E-mail");
            DeliveredMessage newest = town.machine.next_message();
            for (int guess = 0; guess < guesses; ++guess) {
                type_code(login, wrong_code(newest));
                login.expect(not_right);
                login.expect("Code: ");
                login.send_line("r");
                newest = town.machine.next_message();
            }
            if (guesses == 1) {
                type_code(login, newest.code());
                login.expect(not_right);
            }
            login.hang_up();
            REQUIRE(latchkey_comes_to_rest());
        }
        CHECK(on_disk(name, AttemptKind::Code) == 5);
    }
    evidence("T2 asking for a new code, real logins",
             "5 guesses, a new code after each, " + std::to_string(rounds_of_codes) + " rounds",
             "the right one of the newest message is not looked at");
}

}  // namespace latchkey
