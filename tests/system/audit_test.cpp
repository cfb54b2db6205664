// SPDX-License-Identifier: MIT
//
// `latchkey audit` after real logins: what is told of them, what is not, and what
// verify finds when somebody was at the log.
#include <filesystem>

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

constexpr const char* log_file = "/var/lib/latchkey-acts/audit";

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

Completed audit(std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), {"/usr/bin/latchkey", "audit"});
    return run_command(arguments);
}

// The newest record of that event.
nlohmann::json newest(const std::string& event, const std::string& user = {}) {
    std::vector<std::string> arguments{"--json"};
    if (!user.empty()) arguments.push_back(user);
    const auto answer = nlohmann::json::parse(audit(arguments).out);
    for (const auto& record : answer.at("records"))
        if (record.at("event") == event) return record;
    throw std::runtime_error("no record of " + event + " in " + answer.dump());
}

// A line of the log away, or another in its place.
void replace_in_log(const std::string& what, const std::string& with) {
    std::string text = file_text(log_file);
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    write_file(log_file, text.replace(at, what.size(), with), 0600);
}

// Whoever has taken over the verifier, or the file.
void change_store(const std::string& sql) {
    must_run({"python3", "-c",
              "import sqlite3,sys\n"
              "store = sqlite3.connect('/var/lib/latchkey/store.db', timeout=20)\n"
              "store.executescript(sys.argv[1])\n"
              "store.commit()\n"
              "store.execute('PRAGMA wal_checkpoint(TRUNCATE)')",
              sql});
}

// What verify finds after `sql`, which is undone afterwards.
std::string faults_after(const std::string& sql) {
    const std::string store = file_text("/var/lib/latchkey/store.db");
    change_store(sql);
    const Completed verified = audit({"verify", "--json"});
    const auto check = nlohmann::json::parse(verified.out);
    CHECK(check.at("intact") == false);
    CHECK(verified.status == 1);
    change_store("PRAGMA wal_checkpoint(TRUNCATE)");
    must_run({"sh", "-c", "rm -f /var/lib/latchkey/store.db-wal /var/lib/latchkey/store.db-shm"});
    // Written in place, so that owner and mode stay.
    write_file("/var/lib/latchkey/store.db", store, 0600);
    CHECK(audit({"verify"}).status == 0);
    return check.at("faults").dump();
}

}  // namespace

TEST_CASE("the audit log tells a recovery at the console, before the act and after it") {
    Enrolled host;
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    login.expect("New password: ");
    // The person has not chosen yet, and it is on disk that the act has begun.
    const auto begun = newest("act", "ada");
    CHECK(begun.at("outcome") == "begun");
    CHECK(begun.at("rule") == "change_password");
    CHECK(begun.at("gates") == "1/1");
    login.send_line(new_password);
    login.expect("Retype new password: ");
    login.send_line(new_password);
    REQUIRE(host.machine.signed_in(login, "ada"));

    const auto done = newest("recovery", "ada");
    CHECK(done.at("outcome") == "recovered");
    CHECK(done.at("rule") == "gates=1/1");
    CHECK(done.at("proofs") == "email");
    CHECK(done.at("service") == "login");
    CHECK(holds(done.at("source").get<std::string>(), "console:"));
    CHECK(newest("enrolled", "ada").at("source") == "root");
    CHECK(newest("codes", "ada").at("outcome") == "issued");
    CHECK(audit({"verify"}).status == 0);
    const std::string log = file_text(log_file);
    CHECK_FALSE(holds(log, "example.org"));
    CHECK_FALSE(holds(log, new_password));
}

TEST_CASE("the audit log names the rule that refused, and no screen does") {
    Enrolled host;
    host.machine.configure("[limits]\nwrong_per_hour = 2\n");
    SshServer server;
    Terminal client = server.connect("ada");
    ask_for_recovery(client);
    type_address(client, "ada@example.org");
    static_cast<void>(host.machine.next_message());
    for (int i = 0; i < 3; ++i) type_code(client, "00000000");
    client.expect("Enter goes back): ");
    client.hang_up();
    REQUIRE(latchkey_comes_to_rest());
    const auto refused = newest("recovery", "ada");
    CHECK(refused.at("rule") == "limit=wrong_per_hour");
    CHECK(refused.at("outcome") == "left");
    CHECK(refused.at("gates") == "0/2");
    CHECK(refused.at("source") == "127.0.0.1");
    CHECK_FALSE(holds(client.transcript(), "wrong_per_hour"));
}

TEST_CASE("the audit log has a keyed hash of an unknown name, and why an account is no candidate") {
    Enrolled host;
    must_run({"usermod", "-L", "ada"});
    SshServer server;
    for (const char* name : {"my-secret-typed-as-name", "ada"}) {
        Terminal client = server.connect(name);
        ask_for_recovery(client);
        type_address(client, "ada@example.org");
        client.expect("Enter goes back): ");
        client.hang_up();
        REQUIRE(latchkey_comes_to_rest());
    }
    CHECK(newest("recovery", "ada").at("rule") == "ineligible=locked by the administrator");
    const auto unknown = newest("recovery", "my-secret-typed-as-name");
    CHECK(unknown.at("rule") == "unknown_name");
    CHECK(unknown.at("who").get<std::string>().front() == '#');
    CHECK_FALSE(holds(file_text(log_file), "my-secret"));
}

TEST_CASE("audit verify finds an edit, a cut and a log put back, with status 1") {
    Enrolled host;
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    choose_password(login, new_password);
    REQUIRE(host.machine.signed_in(login, "ada"));
    const std::string whole = file_text(log_file);
    const std::string anchor = file_text("/var/lib/latchkey-acts/audit.head");
    CHECK(holds(audit({"verify"}).out, " rows of the store, intact."));

    replace_in_log("\trecovered\t", "\trefused\t");
    const Completed edited = audit({"verify"});
    CHECK(edited.status == 1);
    CHECK(holds(edited.out, "was changed"));

    write_file(log_file, whole.substr(0, whole.find('\n') + 1), 0600);
    const auto cut = nlohmann::json::parse(audit({"verify", "--json"}).out);
    CHECK(cut.at("intact") == false);
    CHECK(holds(cut.at("faults").dump(), "missing at the end"));

    // Both files put back to an earlier state: the system log knows better.
    write_file(log_file, whole, 0600);
    must_run({"/usr/bin/latchkey", "codes", "ada", "--new"});
    const auto check = nlohmann::json::parse(audit({"verify", "--json"}).out);
    const auto head = check.at("head").get<std::string>();
    host.machine.expect_log("audited event=codes head=" + head);
    CHECK(audit({"verify", "--head", head}).status == 0);
    write_file(log_file, whole, 0600);
    write_file("/var/lib/latchkey-acts/audit.head", anchor, 0600);
    CHECK(audit({"verify"}).status == 0);
    CHECK(audit({"verify", "--head", head}).status == 1);
}

TEST_CASE(
    "audit verify finds a store row that was edited or taken out, and an act that was forged") {
    Enrolled host;
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    choose_password(login, new_password);
    REQUIRE(host.machine.signed_in(login, "ada"));
    REQUIRE(latchkey_comes_to_rest());
    change_store("PRAGMA wal_checkpoint(TRUNCATE)");
    const auto untouched = nlohmann::json::parse(audit({"verify", "--json"}).out);
    CHECK(untouched.at("intact") == true);
    CHECK(untouched.at("notes").empty());
    CHECK(untouched.at("store_rows") > 3);

    CHECK(holds(faults_after("UPDATE audit SET detail = replace(detail, 'login', 'sshd')"
                             " WHERE event = 'granted'"),
                "was changed, or put in the place of another"));
    const std::string taken_out = faults_after("DELETE FROM audit WHERE event = 'granted'");
    CHECK(holds(taken_out, "missing: taken out of the trail"));
    CHECK(holds(taken_out, "has no grant in the store"));
    CHECK(holds(faults_after("DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)"),
                "missing at the end: cut off"));
    const std::string forged = faults_after(
        "INSERT INTO audit (at, event, subject, detail, chain)"
        " SELECT at, event, subject, replace(detail, 'recovery=', 'recovery=9'), chain FROM audit"
        " WHERE event IN ('granted', 'acted') ORDER BY id");
    CHECK(holds(forged, "knows of no such act: the row is forged"));
    CHECK(holds(faults_after("INSERT INTO audit (at, event, subject, detail, chain)"
                             " SELECT at - 600, event, subject, detail, chain FROM audit"
                             " WHERE event = 'enrolment' LIMIT 1"),
                "is not in the audit log"));
}

TEST_CASE("audit verify takes a store that was made anew for what it says it is, with a note") {
    Enrolled host;
    must_run({"sh", "-c", "rm -f /var/lib/latchkey/store.db*"});
    const Completed anew = audit({"verify"});
    CHECK(anew.status == 0);
    CHECK(holds(anew.out, "note: acts and enrolments in the log that the store does not know"));
}

TEST_CASE("an act that cannot be recorded in the audit log is not done, and logins go on") {
    Enrolled host;
    std::filesystem::permissions(log_file, std::filesystem::perms{0622});
    Terminal login = host.machine.console("ada");
    prove_at_console(host.machine, login);
    login.expect("Getting back into your account does not work now.");
    CHECK_FALSE(holds(login.transcript(), "New password"));
    host.machine.expect_log("cannot write audit record");
    CHECK(host.machine.password_is("ada", old_password));
    CHECK(signs_in_at_console(host.machine, "ada", old_password));
}

}  // namespace latchkey
