// SPDX-License-Identifier: MIT
//
// Every message that crosses a process border, in the order in which a login
// uses them. Who may send which, and when, is core/wire/permitted.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/recovery.hpp"
#include "core/screen.hpp"
#include "core/secret.hpp"
#include "core/settings.hpp"
#include "core/wire/packet.hpp"

namespace latchkey::wire {

// Another version is refused: a half-upgraded host has no recovery, and logins as before.
inline constexpr std::uint32_t kVersion = 1;

enum class Type : std::uint8_t {
    // module and monitor
    LoginHello = 1,
    Answer,
    Left,
    Ask,
    AskHidden,
    LoginFinish,
    // monitor and verifier
    RecoveryHello = 20,
    AskScreen,
    CheckSavedCode,
    SavedCodeJudged,
    StartChannel,
    ChannelStarted,
    Queued,
    Proof,
    Perform,
    Acted,
    RecoveryFinish,
    SpendStep,
    StepSpent,
    // monitor and verifier, delivering the outbox
    DeliverHello = 40,
    OutboxKey,
    OutboxKeyIs,
    DeliverFinish,
    // monitor or verifier, and channel host
    ChannelSetup = 50,
    ChannelCall,
    ChannelReply,
    // command, monitor and verifier
    AdminRequest = 60,
    AdminHello,
    AdminReply,
};

// --- module and monitor -------------------------------------------------------

struct LoginHello {
    static constexpr Type kType = Type::LoginHello;
    std::uint32_t version = kVersion;
    std::string user;     // PAM_USER as it was typed
    std::string service;  // PAM_SERVICE
    std::string rhost;    // PAM_RHOST, empty at a console
    std::string tty;      // PAM_TTY
    Reason reason = Reason::ForgotPassword;
    std::string resume_code;   // not empty: resume, `reason` does not count
    std::string faillock_dir;  // PAM argument faillock_dir=, empty for faillock.conf's
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.version, s.user, s.service, s.rhost, s.tty, s.reason, s.resume_code,
                        s.faillock_dir);
    }
};

struct Answer {
    static constexpr Type kType = Type::Answer;
    Secret text;  // at most 512 bytes (PAM_MAX_RESP_SIZE)
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.text);
    }
};

// The claimant is gone, or the conversation function refused.
struct Left {
    static constexpr Type kType = Type::Left;
    template <class S>
    static auto fields(S&) {
        return std::tie();
    }
};

struct Ask {  // visible
    static constexpr Type kType = Type::Ask;
    std::string text;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.text);
    }
};

struct AskHidden {  // only while the nested password transaction runs
    static constexpr Type kType = Type::AskHidden;
    std::string text;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.text);
    }
};

struct LoginFinish {
    static constexpr Type kType = Type::LoginFinish;
    Outcome outcome = Outcome::Refused;
    Secret password;   // empty: the host asks once more
    std::string text;  // what the claimant should still read; may be empty
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.outcome, s.password, s.text);
    }
};

// --- monitor and verifier -----------------------------------------------------

struct RecoveryHello {
    static constexpr Type kType = Type::RecoveryHello;
    std::uint32_t version = kVersion;
    SubjectKey subject;
    bool deliverable = false;  // eligible: messages may leave and acts may be asked for
    bool privileged = false;   // can become root: one gate is a saved code
    bool has_saved_codes = false;
    Secret subkey;  // of this one subject
    Surface surface = Surface::Remote;
    std::uint32_t gates_needed = 2;
    std::string account_name;  // for the text of messages; empty for a bucket
    std::string host_name;
    std::string service;
    std::string source;
    Reason reason = Reason::ForgotPassword;
    std::string resume_code;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.version, s.subject, s.deliverable, s.privileged, s.has_saved_codes,
                        s.subkey, s.surface, s.gates_needed, s.account_name, s.host_name, s.service,
                        s.source, s.reason, s.resume_code);
    }
};

struct AskScreen {
    static constexpr Type kType = Type::AskScreen;
    ScreenKind kind = ScreenKind::WhomToAsk;
    Remark remark = Remark::None;
    std::string resume_code;
    std::string method;
    std::string masked_destination;
    std::uint32_t minutes = 0;
    std::vector<std::pair<std::string, std::string>> items;  // method, masked destination
    bool has_more = false;
    std::string signs;
    bool in_words = false;
    std::vector<std::string> not_working;
    std::string number;  // of Approval
    std::uint32_t seconds = 0;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.kind, s.remark, s.resume_code, s.method, s.masked_destination, s.minutes,
                        s.items, s.has_more, s.signs, s.in_words, s.not_working, s.number,
                        s.seconds);
    }
};

struct CheckSavedCode {  // of the answer relayed last
    static constexpr Type kType = Type::CheckSavedCode;
    template <class S>
    static auto fields(S&) {
        return std::tie();
    }
};

struct SavedCodeJudged {
    static constexpr Type kType = Type::SavedCodeJudged;
    bool right = false;
    std::uint32_t left = 0;  // unused ones, told of a right code only
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.right, s.left);
    }
};

struct SpendStep {  // which the answer relayed last has matched
    static constexpr Type kType = Type::SpendStep;
    std::uint64_t step = 0;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.step);
    }
};

struct StepSpent {
    static constexpr Type kType = Type::StepSpent;
    StepResult result = StepResult::Used;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.result);
    }
};

struct StartChannel {
    static constexpr Type kType = Type::StartChannel;
    std::string channel;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.channel);
    }
};

struct ChannelStarted {  // carries the socket when started
    static constexpr Type kType = Type::ChannelStarted;
    bool started = false;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.started);
    }
};

struct Queued {
    static constexpr Type kType = Type::Queued;
    template <class S>
    static auto fields(S&) {
        return std::tie();
    }
};

struct Proof {
    static constexpr Type kType = Type::Proof;
    std::string possession;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.possession);
    }
};

struct Perform {
    static constexpr Type kType = Type::Perform;
    Act act = Act::ChangePassword;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.act);
    }
};

struct Acted {
    static constexpr Type kType = Type::Acted;
    ActResult result = ActResult::Failed;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.result);
    }
};

struct RecoveryFinish {
    static constexpr Type kType = Type::RecoveryFinish;
    Outcome outcome = Outcome::Refused;
    std::string rule;  // what decided, for the audit log; the reader cuts and escapes it
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.outcome, s.rule);
    }
};

// --- delivering the outbox, and probing channels without it ----------------------

struct DeliverHello {
    static constexpr Type kType = Type::DeliverHello;
    std::uint32_t version = kVersion;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.version);
    }
};

struct OutboxKey {
    static constexpr Type kType = Type::OutboxKey;
    SubjectKey subject;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.subject);
    }
};

struct OutboxKeyIs {  // opens queued messages of this subject, and nothing else of it
    static constexpr Type kType = Type::OutboxKeyIs;
    Secret key;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.key);
    }
};

struct DeliverFinish {
    static constexpr Type kType = Type::DeliverFinish;
    std::uint32_t delivered = 0;
    std::uint32_t postponed = 0;
    std::uint32_t given_up = 0;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.delivered, s.postponed, s.given_up);
    }
};

// --- channel host ---------------------------------------------------------------

// First message on a channel host's socket, written by the monitor before the
// other end is handed on: the plugin, its options and its secret, for it alone.
struct ChannelSetup {
    static constexpr Type kType = Type::ChannelSetup;
    std::uint32_t version = kVersion;
    std::string channel;
    std::string plugin;
    Profile profile = Profile::None;
    std::uint32_t deadline_seconds = 10;
    std::vector<std::pair<std::string, std::string>> options;
    Secret secret;  // content of secret_file, empty if there is none
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.version, s.channel, s.plugin, s.profile, s.deadline_seconds, s.options,
                        s.secret);
    }
};

enum class ChannelVerb : std::uint8_t {
    Deliver,
    Verify,
    Probe,  // would a message be taken now? Sends none, and needs no field.
    Begin,  // an approval
    Poll,
};

struct ChannelCall {
    static constexpr Type kType = Type::ChannelCall;
    ChannelVerb verb = ChannelVerb::Deliver;
    // Deliver:
    std::string to;                // the address
    std::string subject;           // one line
    Secret text;                   // the message, UTF-8
    std::string message_id;        // unique per message, stable over retries
    Secret short_text;             // the same in one ASCII line
    Secret code;                   // digits alone; empty if there is none in the message
    std::uint64_t expires_at = 0;  // seconds since 1970
    // Begin and Poll: to, subject, text, message_id as the request's, expires_at, now, and
    std::string choices;  // "17 42 88"
    Secret state;         // Poll: what the plugin left before
    // Verify:
    Secret key;
    Secret answer;
    std::uint64_t now = 0;  // seconds since 1970
    std::uint64_t last_step = 0;
    std::uint32_t window = 1;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.verb, s.to, s.subject, s.text, s.message_id, s.short_text, s.code,
                        s.expires_at, s.choices, s.state, s.key, s.answer, s.now, s.last_step,
                        s.window);
    }
};

// The plugin ABI's outcomes (plugins/include/latchkey/plugin.h), and one of the host.
enum class ChannelOutcome : std::uint8_t {
    Misconfigured,  // first: a value nobody set is a failure
    Accepted,
    Queued,
    Temporary,
    Permanent,
    Wrong,  // Verify: the answer is not right; Poll: the request was denied
    NotTaken,
    CannotTell,  // Probe: the plugin has no such function
};

struct ChannelReply {
    static constexpr Type kType = Type::ChannelReply;
    ChannelOutcome outcome = ChannelOutcome::Misconfigured;
    std::uint32_t retry_after = 0;  // seconds, 0: no wish
    std::string for_log;            // at most 512 bytes; the reader escapes it
    std::uint64_t matched_step = 0;
    std::string answer;  // Poll, Accepted: one to fifteen digits
    Secret state;        // Begin and Poll: at most 1,024 bytes, for the next Poll
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.outcome, s.retry_after, s.for_log, s.matched_step, s.answer, s.state);
    }
};

// --- administration --------------------------------------------------------------

enum class AdminVerb : std::uint8_t {
    Status,
    EnrolContact,
    EnrolAuthenticator,
    NewCodes,
    Unlock,
    Audit,
    AuditVerify,
    Budgets,
};

struct AdminRequest {
    static constexpr Type kType = Type::AdminRequest;
    std::uint32_t version = kVersion;
    AdminVerb verb = AdminVerb::Status;
    std::string user;        // empty: everybody (Status and Audit only)
    std::string method;      // EnrolContact: a delivery method of the configuration
    std::string address;     // EnrolContact
    std::int64_t since = 0;  // Audit: seconds since 1970
    std::string head;  // AuditVerify: "NUMBER:CHAIN" of a record that must be there; may be empty
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.version, s.verb, s.user, s.method, s.address, s.since, s.head);
    }
};

inline constexpr std::uint32_t kTrailPage = 500;  // rows of an answer to AuditVerify

struct AdminHello {  // monitor to verifier: the request with what the root side resolved
    static constexpr Type kType = Type::AdminHello;
    AdminVerb verb = AdminVerb::Status;
    SubjectKey subject;
    std::string method;   // EnrolContact
    std::string address;  // EnrolContact
    std::string account_name;
    std::string host_name;
    Secret subkey;
    std::int64_t after = 0;  // AuditVerify: the trail's rows behind this one
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.verb, s.subject, s.method, s.address, s.account_name, s.host_name,
                        s.subkey, s.after);
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

// --- encoding ----------------------------------------------------------------------

template <>
struct EnumLast<Reason> {
    static constexpr Reason value = Reason::KnowsPassword;
};
template <>
struct EnumLast<Surface> {
    static constexpr Surface value = Surface::Remote;
};
template <>
struct EnumLast<Act> {
    static constexpr Act value = Act::ClearLockout;
};
template <>
struct EnumLast<ActResult> {
    static constexpr ActResult value = ActResult::Failed;
};
template <>
struct EnumLast<StepResult> {
    static constexpr StepResult value = StepResult::OutOfReach;
};
template <>
struct EnumLast<Outcome> {
    static constexpr Outcome value = Outcome::WhomToAsk;
};
template <>
struct EnumLast<ScreenKind> {
    static constexpr ScreenKind value = ScreenKind::Approval;
};
template <>
struct EnumLast<Remark> {
    static constexpr Remark value = Remark::RequestExpired;
};
template <>
struct EnumLast<Profile> {
    static constexpr Profile value = Profile::Program;
};
template <>
struct EnumLast<ChannelVerb> {
    static constexpr ChannelVerb value = ChannelVerb::Poll;
};
template <>
struct EnumLast<ChannelOutcome> {
    static constexpr ChannelOutcome value = ChannelOutcome::CannotTell;
};
template <>
struct EnumLast<AdminVerb> {
    static constexpr AdminVerb value = AdminVerb::Budgets;
};

template <class M>
[[nodiscard]] std::vector<std::byte> encode(const M& message) {
    PacketWriter writer;
    writer.put(static_cast<std::uint8_t>(M::kType));
    writer.put(message);
    return std::move(writer).take();
}

// The first byte, if it is one we know.
[[nodiscard]] std::optional<Type> type_of(std::span<const std::byte> packet);

// The message, or nothing if the packet is of another type or malformed.
template <class M>
[[nodiscard]] std::optional<M> decode(std::span<const std::byte> packet) {
    if (packet.size() > kMaxPacket || type_of(packet) != M::kType) return std::nullopt;
    PacketReader reader{packet.subspan(1)};
    M message;
    if (!reader.get(message) || !reader.at_end()) return std::nullopt;
    return message;
}

}  // namespace latchkey::wire
