// SPDX-License-Identifier: MIT
#include "tests/crash/disk.hpp"

#include <stdexcept>

#include <SQLiteCpp/SQLiteCpp.h>

#include "monitor/ledger_rows.hpp"
#include "tests/support/command.hpp"
#include "tests/system/machine.hpp"
#include "tests/system/processes.hpp"

namespace latchkey::crash {
namespace {

constexpr const char* store = "/var/lib/latchkey/store.db";
// Whatever a flow may change.
constexpr const char* places =
    "var/lib/latchkey var/lib/latchkey-acts var/spool/latchkey-messages etc/shadow etc/.pwd.lock "
    "run/faillock etc/nshadow etc/security/opasswd";

int number(SQLite::Database& database, const std::string& sql) {
    return database.execAndGet(sql).getInt();
}

}  // namespace

Kept::Kept() {
    must_run({"sh", "-c",
              std::string("rm -rf /root/kept && mkdir /root/kept && cd / && for place in ") +
                  places + "; do [ ! -e $place ] || cp -a --parents $place /root/kept/; done"});
}

void Kept::put_back() const {
    must_run({"sh", "-c",
              std::string("cd / && rm -rf ") + places +
                  " && cd /root/kept && cp -a --no-target-directory . /"});
}

Disk::Disk() {
    // A delivery that was left behind takes the log of the store away as it ends.
    if (!latchkey_comes_to_rest()) throw std::runtime_error("a program of latchkey goes on");
    // On a copy: looking moves nothing from the log into the database.
    must_run({"sh", "-c", "rm -rf /root/look && cp -a /var/lib/latchkey /root/look"});
    SQLite::Database database{"/root/look/store.db", SQLite::OPEN_READWRITE};
    if (database.execAndGet("PRAGMA integrity_check").getString() != "ok")
        throw std::runtime_error("the store is damaged");
    const std::string attempts = "SELECT count(*) FROM attempt WHERE kind = ";
    codes = number(database, attempts + "2");
    otps = number(database, attempts + "3");
    saved_codes = number(database, attempts + "4");
    sends = number(database, attempts + "6");
    confirmations = number(database, attempts + "11");
    const std::string records = "SELECT count(*) FROM audit WHERE event = ";
    granted = number(database, records + "'granted'");
    tellings = number(database, records + "'told'");
    enrolments = number(database, records + "'enrolment'");
    passes = number(database, records + "'pass'");
    unlocks = number(database, records + "'unlock'");
    changes = number(database, "SELECT count(*) FROM change");
    vetoes = number(database, "SELECT count(*) FROM veto");
    waiting = number(database, "SELECT count(*) FROM outbox");
    contacts = number(database, "SELECT count(*) FROM contact");
    std::string ledger = file_text("/var/lib/latchkey-acts/ledger");
    ledger.erase(ledger.rfind('\n') + 1);  // half a line is a crash's; the next start cuts it off
    const auto acts = parse_ledger(ledger);
    if (!acts) throw std::runtime_error(acts.error().detail);
    for (const auto& [id, act] : *acts) {
        const ActState state = act.last.state;
        open_acts += state == ActState::Due || state == ActState::Acting ? 1 : 0;
        done_acts += state == ActState::Done ? 1 : 0;
    }
}

void let_the_outbox_be_due() {
    SQLite::Database database{store, SQLite::OPEN_READWRITE, 5000};
    database.exec("UPDATE outbox SET lease_until = 0, due_at = queued_for");
}

bool account_files_parse() {
    return run_command({"pwck", "-r", "-q"}).status != 3 &&
           run_command({"sh", "-c",
                        "[ \"$(cut -d: -f1 /etc/passwd | sort)\" = \"$(cut -d: -f1 /etc/shadow | "
                        "sort)\" ] && ! grep -qvE '^[^:]+(:[^:]*){8}$' /etc/shadow"})
                   .status == 0;
}

}  // namespace latchkey::crash
