// SPDX-License-Identifier: MIT
//
// Security info as the store keeps it: addresses, an app or a token, what was changed of
// them, and who may veto that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ports/outbox.hpp"
#include "core/ports/vault.hpp"
#include "core/recovery.hpp"

namespace latchkey {

struct Contact {
    std::int64_t id = 0;
    std::string method;
    std::string possession;
    std::string sealed_address;  // bound to contact_binding()
    TimePoint confirmed_at;
    TimePoint usable_from;
    TimePoint gone_from{};  // it was removed, and counts until then; 1970: it stays
};
// Everything of a contact but its id and its address, so that a row in which anything
// was changed does not open.
[[nodiscard]] std::string contact_binding(const SubjectKey& subject, const Contact& contact);

// An account has one: an app, or a token. Another one that was enrolled in its place waits
// beside it.
struct Authenticator {
    std::string sealed_key;  // bound to authenticator_binding()
    // Moves with every use: an app's newest time step; of a token how far its counter is.
    std::uint64_t last_step = 0;
    TimePoint confirmed_at;
    std::string method = "totp";
    TimePoint usable_from{};
    TimePoint gone_from{};  // as of a contact
};
// Everything but the key and last_step.
[[nodiscard]] std::string authenticator_binding(const SubjectKey& subject,
                                                const Authenticator& authenticator);

// Whether it proves something now.
template <class Enrolled>
[[nodiscard]] bool counts(const Enrolled& enrolled, TimePoint now) {
    return enrolled.confirmed_at != TimePoint{} && enrolled.usable_from <= now &&
           (enrolled.gone_from == TimePoint{} || now < enrolled.gone_from);
}
// Whether it is there at all: also while it waits.
template <class Enrolled>
[[nodiscard]] bool is_there(const Enrolled& enrolled, TimePoint now) {
    return enrolled.gone_from == TimePoint{} || now < enrolled.gone_from;
}

// Numbers are the store's.
enum class ChangeKind : std::uint8_t {
    AddedContact,
    RemovedContact,
    AddedAuthenticator,
    RemovedAuthenticator,
    NewSavedCodes,
    Forgotten,  // everything that was there goes
    Denied,     // no change: its owner said "that was not me", and named none
    Recovery,   // no change: somebody got back in, or had the lockout ended
    Pass,       // no change: root issued a temporary pass
    Frozen,     // no change is made until it is final
    Unlock,     // no change: root or a helper ended a lockout
};
// What is told with a code like a change, and takes nothing away or in.
[[nodiscard]] inline bool is_event(ChangeKind kind) {
    return kind == ChangeKind::Recovery || kind == ChangeKind::Pass || kind == ChangeKind::Unlock;
}
[[nodiscard]] inline bool is_removal(ChangeKind kind) {
    // Not that everything goes: who has to be rid of one address removes it, where it has no veto.
    return kind == ChangeKind::RemovedContact || kind == ChangeKind::RemovedAuthenticator;
}
// Of the ways back in, by their owner.
[[nodiscard]] inline bool is_of_ways(ChangeKind kind) {
    return kind < ChangeKind::Denied;
}

struct Change {
    std::int64_t id = 0;
    ChangeKind kind = ChangeKind::Frozen;
    std::string method;
    std::int64_t contact = 0;  // the row it is about; 0 if it is none
    TimePoint at;
    TimePoint final_at;    // no veto from then on
    TimePoint ended_at{};  // it was vetoed then; 1970: it stands
};
[[nodiscard]] inline bool stands(const Change& change, TimePoint now) {
    return change.ended_at == TimePoint{} && change.final_at > now;
}

// Who was told may end the change.
struct Veto {
    std::int64_t told = 0;  // the row of the address; 0: the mailbox of the account on this host
    Digest code{};
};

// A row as it is written again. `sealed_before` is what it held when it was read: where it
// holds something else by now, somebody was quicker, and nothing is written.
struct ChangedContact {
    Contact row;
    std::string sealed_before;
};
struct ChangedAuthenticator {
    Authenticator row;
    std::string sealed_before;
};

struct RecordedChange {
    SubjectKey subject;
    Change change;  // its id, and of an added contact the row's, are the store's
    std::optional<Contact> added_contact;
    std::optional<Authenticator> added_authenticator;  // waits beside the present one
    std::vector<ChangedContact> contacts;
    std::vector<ChangedAuthenticator> authenticators;
    std::size_t most_contacts = 10;  // of the subject, the added one among them
    std::vector<Veto> vetoes;
    std::vector<OutboxRow> notices;
    // The source of a denial: recoveries that are open end, as Store::end_recoveries() does it.
    std::optional<std::string> denied_from{};
    std::string audit_event = "changed";
    std::string audit_detail;
};

struct FoundVeto {
    Change change;
    std::int64_t told = 0;
    bool used_lately =
        false;  // a veto that the same address was told, within kVetoesRemembered; not of an
                // Unlock, which whoever is locked out by a stranger may deny
};
inline constexpr std::chrono::days kVetoesRemembered{30};
// After a veto nothing is changed for so long; once within kVetoesRemembered, so that nobody who
// was told keeps the owner from changing anything for good.
inline constexpr std::chrono::hours kFrozen{24};
// So long may an event be said not to have been the owner's: as long as what is new waits.
inline constexpr std::chrono::days kDeniable{7};
// Changes are kept that long after they are final.
inline constexpr std::chrono::days kChangesKept{60};

struct EndedChanges {
    SubjectKey subject;
    std::vector<Change> changes;           // what they added goes; those that have ended stay so
    std::vector<ChangedContact> contacts;  // as they were before the changes
    std::vector<ChangedAuthenticator> authenticators;
    std::vector<OutboxRow> notices;
    std::string audit_event = "vetoed";
    std::string audit_detail;
    TimePoint now;
    bool freezes = false;  // the subject's changes, for kFrozen
};

struct UsedVeto : EndedChanges {
    Change change;
    std::int64_t told = 0;
    bool ends_change = true;       // false: it was heard, and the change stands
    bool ends_recoveries = false;  // those that are open, as Store::end_recoveries() does
};

}  // namespace latchkey
