// SPDX-License-Identifier: MIT
//
// The words of account recovery that every process shares.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace latchkey {

using TimePoint = std::chrono::sys_seconds;

// Where the conversation is held. At a console the menu is personal; over a
// remote service nothing before the first proof may depend on an answer's
// content, because sshd replaces the answers of unknown and denied names.
enum class Surface : std::uint8_t { Console, Remote };

// What the claimant answered to "Why are you having trouble signing in?".
// ChangeSecurityInfo is no answer: whoever is signed in proves one way before the ways are changed.
enum class Reason : std::uint8_t { ForgotPassword, KnowsPassword, ChangeSecurityInfo };

// The two acts of the root side. There is no third.
enum class Act : std::uint8_t { ChangePassword, ClearLockout };

enum class ActResult : std::uint8_t {
    Done,
    NothingWasLocked,     // ClearLockout found no lockout by failed attempts
    HeldByAdministrator,  // the lockout is one that only an administrator releases
    RefusedByPolicy,      // the host's password stack or the floor said no, three times
    NotEligible,          // the account changed while the conversation was open
    InPart,               // a later back end refused although shadow changed
    LedgerFull,           // the limits of acts are reached
    Declined,             // the person was told what it costs, and did not want it
    Failed,
};

// What became of the time step of an OTP that matched. Used comes first: a value nobody
// set proves nothing.
enum class StepResult : std::uint8_t {
    Used,        // not larger than every step spent before
    Fresh,       // spent now
    OutOfReach,  // so far ahead that no app's clock can have come to it
};

// What the root side has seen to be changed in an account in the day before a recovery: a thief may
// have left something that opens it again. No text of the account's, only whether.
struct RecentlyChanged {
    bool keys = false;     // authorized_keys, or what stands in their place
    bool crontab = false;  // of the account
    bool ways = false;     // the ways back in: addresses, apps, recovery codes
    [[nodiscard]] bool is_empty() const { return !keys && !crontab && !ways; }
};
inline constexpr std::chrono::hours kRecently{24};

// How a conversation ends. Refused comes first: a value nobody set is a refusal.
enum class Outcome : std::uint8_t {
    Refused,
    Recovered,         // the password was changed; the host's stack goes on with it
    Unlocked,          // the lockout was cleared; the claimant is asked for the password
    NothingWasLocked,  // the same, and the claimant is told that nothing was locked
    Back,              // the claimant stepped back from the first question
    ResumeUnknown,     // no recovery can be resumed with that code here
    WhomToAsk,         // the claimant has read whom to ask
    Proven,            // ChangeSecurityInfo: one way was proven, and nothing was done
};

// What became of a veto code that somebody typed.
enum class VetoEnd : std::uint8_t {
    None,            // it is none, or its time is over
    Undone,          // the change that it was told with has ended
    Administrators,  // the change is the administrator's to decide
    Denied,          // what it was told with was no change: a recovery, or a pass
};

// One way to prove an identity, as the configuration names it: "email", "totp",
// "saved". Its kind decides how it is proven.
enum class MethodKind : std::uint8_t {
    Delivery,      // a code is sent to a validated address
    Approval,      // a number on the screen is chosen on another device; never the first proof
    Verification,  // an OTP is checked against an authenticator's key
    SavedCode,     // a saved recovery code, compared by the monitor
};

// What carries a code, and so what its address looks like and what it is called.
enum class Medium : std::uint8_t {
    Email,
    Text,   // a text message to a telephone
    Call,   // the code spoken on a telephone
    Other,  // of the host's own choice, with addresses of any shape
};

[[nodiscard]] inline bool is_telephone(Medium medium) {
    return medium == Medium::Text || medium == Medium::Call;
}

// What moves the codes of a verification method on: the clock of an app (RFC 6238), or the
// counter of a token (RFC 4226).
enum class OtpKind : std::uint8_t { Time, Counter };

// What is held: an app that shows codes, by the clock or by a counter, and the device that is
// asked for an approval are in the same pocket.
inline constexpr const char* kDevicePossession = "app";

struct Method {
    std::string name;  // the configuration's [method.NAME]; "saved" for saved codes
    MethodKind kind = MethodKind::Delivery;
    std::string possession;          // what is held: "email:example.org", "app", "saved"
    std::string masked_destination;  // "a...e at e....org"; empty unless Delivery
    std::int64_t contact_id = 0;     // the store's row of the address; 0 if it has none
};

// Whom a recovery is about, as the store records it: "1001:ada" for an account
// of this host, "#0042" for one of the 4,096 buckets that unknown names fall into.
using SubjectKey = std::string;

}  // namespace latchkey
