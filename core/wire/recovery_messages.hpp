// SPDX-License-Identifier: MIT
//
// Between the monitor and the verifier of one login.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/recovery.hpp"
#include "core/screen.hpp"
#include "core/secret.hpp"
#include "core/wire/login_messages.hpp"

namespace latchkey::wire {

struct RecoveryHello {
    static constexpr Type kType = Type::RecoveryHello;
    std::uint32_t version = kVersion;
    SubjectKey subject;
    bool deliverable = false;  // eligible: messages may leave and acts may be asked for
    bool privileged = false;   // can become root: one gate is a saved code
    bool has_saved_codes = false;
    bool has_pass = false;  // a temporary pass is alive
    Secret subkey;          // of this one subject
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
                        s.has_pass, s.subkey, s.surface, s.gates_needed, s.account_name,
                        s.host_name, s.service, s.source, s.reason, s.resume_code);
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
    bool is_pass = false;    // what was right is a temporary pass, and no saved code
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.right, s.left, s.is_pass);
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

struct VetoHeard {  // the answer relayed last, or the resume code
    static constexpr Type kType = Type::VetoHeard;
    bool ends_codes = false;  // saved codes that wait are to be dropped
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.ends_codes);
    }
};

struct EndWaitingCodes {  // saved codes, behind a proof
    static constexpr Type kType = Type::EndWaitingCodes;
    template <class S>
    static auto fields(S&) {
        return std::tie();
    }
};

struct LookForChanges {  // in the account, behind the proofs for an act
    static constexpr Type kType = Type::LookForChanges;
    template <class S>
    static auto fields(S&) {
        return std::tie();
    }
};

struct ChangesSeen {
    static constexpr Type kType = Type::ChangesSeen;
    RecentlyChanged changed;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.changed.keys, s.changed.crontab, s.changed.ways);
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
struct EnumLast<ScreenKind> {
    static constexpr ScreenKind value = ScreenKind::VetoHeard;
};

template <>
struct EnumLast<Remark> {
    static constexpr Remark value = Remark::RecoveryDenied;
};

}  // namespace latchkey::wire
