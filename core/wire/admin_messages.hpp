// SPDX-License-Identifier: MIT
//
// Between the command, the monitor and a verifier that serves it.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "core/recovery.hpp"
#include "core/secret.hpp"
#include "core/wire/message_type.hpp"
#include "core/wire/packet.hpp"

namespace latchkey::wire {

enum class AdminVerb : std::uint8_t {
    Status,
    EnrolContact,
    EnrolAuthenticator,
    NewCodes,
    Unlock,
    Audit,
    AuditVerify,
    Budgets,
    Import,
    PassIssue,
    PassList,
    PassRevoke,
    Export,  // of an owner who has shown that it is them; to the verifier alone
    Remove,
    Purge,
    Reset,
    Deliver,  // what is due in the outbox; of nobody
    Explain,
};

struct AdminRequest {
    static constexpr Type kType = Type::AdminRequest;
    std::uint32_t version = kVersion;
    AdminVerb verb = AdminVerb::Status;
    // Empty: everybody (Status, Audit, PassList and Deliver only). Purge: also the uid of an
    // account that is gone.
    std::string user;
    std::string method;      // EnrolContact: a delivery method; Remove; Reset: may be empty
    std::string address;     // EnrolContact; Remove: may be empty
    std::int64_t since = 0;  // Audit: seconds since 1970
    std::string head;    // AuditVerify: "NUMBER:CHAIN" of a record that must be there; may be empty
    std::string reason;  // PassIssue
    std::uint32_t lifetime = 0;  // PassIssue: seconds
    bool many = false;           // PassIssue: until it ends, not once
    std::uint32_t pass = 0;      // PassRevoke: its id; 0: all of the account
    bool dry_run = false;        // Remove, Purge: say what would be done, and do nothing
    bool show = false;           // Status of one account, by root: addresses in full
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.version, s.verb, s.user, s.method, s.address, s.since, s.head, s.reason,
                        s.lifetime, s.many, s.pass, s.dry_run, s.show);
    }
};

inline constexpr std::uint32_t kTrailPage = 500;  // rows of an answer to AuditVerify

struct AdminHello {  // monitor to verifier: the request with what the root side resolved
    static constexpr Type kType = Type::AdminHello;
    AdminVerb verb = AdminVerb::Status;
    SubjectKey subject;
    std::string method;        // EnrolContact, Remove, Reset
    std::string address;       // EnrolContact, Remove
    std::string account_name;  // Purge without a subject: the name, or the uid, that is looked for
    std::string host_name;
    Secret subkey;
    std::int64_t after = 0;   // AuditVerify: the trail's rows behind this one
    std::int64_t ends = 0;    // PassIssue: when the pass ends, seconds since 1970
    bool dry_run = false;     // Remove, Purge
    bool show = false;        // Status: addresses in full
    std::string by = "root";  // who acts, for the audit trail: root, or a helper's name
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.verb, s.subject, s.method, s.address, s.account_name, s.host_name,
                        s.subkey, s.after, s.ends, s.dry_run, s.show, s.by);
    }
};

// Any number of replies, `last` on the final one. A row is a JSON object that
// the command prints as a table line or as it is.
struct AdminReply {
    static constexpr Type kType = Type::AdminReply;
    bool last = false;
    std::uint8_t exit_status = 0;  // of the command, on the last reply (latchkey(1), EXIT STATUS)
    Secret json;                   // may hold codes or a key that are shown once
    std::string error;             // what, why and what to do; empty on success
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.last, s.exit_status, s.json, s.error);
    }
};

// An import, once the answer to its AdminRequest has said that it may begin: rows in as many
// messages as they need, then one that is `last`, then the answer.
inline constexpr std::uint32_t kMostImportRows = 100'000;

struct ImportRow {
    std::uint32_t line = 0;  // of the file it stands in
    std::string user;
    std::string method;         // as EnrolContact has it; of a key "totp" or "hotp"
    std::string address;        // empty if there is a key
    Secret key;                 // raw
    std::uint64_t counter = 0;  // of a token: that of the first code which is not used up
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.line, s.user, s.method, s.address, s.key, s.counter);
    }
};

struct ImportRows {  // command to monitor
    static constexpr Type kType = Type::ImportRows;
    std::vector<ImportRow> rows;
    bool last = false;
    bool write = false;  // on the last one: false checks everything and keeps nothing
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.rows, s.last, s.write);
    }
};

struct ImportEntry {  // a row with what the root side resolved
    std::uint32_t line = 0;
    SubjectKey subject;
    std::string account_name;
    Secret subkey;  // of this one subject
    std::string method;
    std::string address;
    Secret key;
    std::uint64_t counter = 0;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.line, s.subject, s.account_name, s.subkey, s.method, s.address, s.key,
                        s.counter);
    }
};

struct ImportEntries {  // monitor to verifier
    static constexpr Type kType = Type::ImportEntries;
    std::vector<ImportEntry> rows;
    bool last = false;
    bool write = false;
    std::string import;  // on the last one: what the audit trail calls this import
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.rows, s.last, s.write, s.import);
    }
};

template <>
struct EnumLast<AdminVerb> {
    static constexpr AdminVerb value = AdminVerb::Explain;
};

}  // namespace latchkey::wire
