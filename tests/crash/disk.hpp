// SPDX-License-Identifier: MIT
//
// What lies on the machine's disk between two flows: kept, put back, looked at.
#pragma once

#include <string>

namespace latchkey::crash {

// Store, ledger, saved codes, messages, shadow and the tally, as they are now.
class Kept {
public:
    Kept();
    void put_back() const;
};

// A look at the store and the ledger. Throws if the store does not open whole.
struct Disk {
    Disk();
    int codes = 0;          // attempts at codes that were sent
    int otps = 0;           // at authenticator apps
    int saved_codes = 0;    // at saved codes
    int confirmations = 0;  // codes typed back that were sent to an address to be enrolled
    int sends = 0;
    int granted = 0;  // grants in the audit trail
    int waiting = 0;  // rows of the outbox
    int contacts = 0;
    int tellings = 0;    // of ways that root added, in the audit trail
    int enrolments = 0;  // likewise
    int passes = 0;      // likewise; issued
    int unlocks = 0;     // likewise; by an administrator
    int changes = 0;     // that somebody may end
    int vetoes = 0;      // codes that end them
    int open_acts = 0;   // of the ledger: due or acting
    int done_acts = 0;
};

// Every lease and every wait of the outbox is over, as hours later.
void let_the_outbox_be_due();

// Every row of passwd and shadow can be read, and both have the same names.
[[nodiscard]] bool account_files_parse();

}  // namespace latchkey::crash
