// SPDX-License-Identifier: MIT
//
// The two messages a recovery sends: the code, and the notice that it was
// granted, each also in one line for a telephone. Plain ASCII. Nothing that a claimant typed is in
// them; what a login program reported (service, source) is escaped and never in the subject.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/recovery.hpp"
#include "core/secret.hpp"

namespace latchkey {

struct MessageFacts {
    std::string account_name;
    std::string host_name;
    std::string service;
    std::string source;       // numeric address, or "console:tty1"
    std::string whom_to_ask;  // Settings::whom_to_ask
    Reason reason = Reason::ForgotPassword;
    TimePoint at;
    std::optional<std::uint32_t> saved_codes_left{};  // where one has just been used
    bool pass_used = false;                           // a temporary pass was one of the proofs
    RecentlyChanged changed{};                        // within kRecently before `at`
};

// One message of the GSM alphabet (3GPP TS 23.038), which every gateway bills as one.
inline constexpr std::size_t kMaxShortText = 160;

struct MessageText {
    std::string subject;
    Secret text;
    Secret short_text;  // one line, at most kMaxShortText bytes
    Secret code;        // digits alone; empty in a notice
};

// `code` is its digits; people read it in groups, "1234 5678".
[[nodiscard]] MessageText code_message(const MessageFacts& facts, const Secret& code,
                                       std::uint32_t minutes);
// The same for a recovery contact, who reads the code to the account's owner: for whom it is,
// why, and what to look at first.
[[nodiscard]] MessageText contact_code_message(const MessageFacts& facts, const Secret& code,
                                               std::uint32_t minutes);
// For every address of the account, before the act, with what was changed before it. `code` denies
// it; empty for who has none.
[[nodiscard]] MessageText notice_message(const MessageFacts& facts, const Secret& code);
// For a recovery contact whose code may have been used.
[[nodiscard]] MessageText contact_notice_message(const MessageFacts& facts);

// For the addresses of an account for which root has issued a temporary pass, which is not in
// it, at `facts.at`; nothing of service and source. `to_contact`: the address is of a recovery
// contact, since the account has no other. `code` as of notice_message().
[[nodiscard]] MessageText pass_notice_message(const MessageFacts& facts, TimePoint ends_at,
                                              bool to_contact, const Secret& code);
// Likewise, before root or a helper ends a lockout.
[[nodiscard]] MessageText unlock_notice_message(const MessageFacts& facts, bool to_contact,
                                                const Secret& code);

// What a device shows that is asked to approve: no code, and no number.
struct ApprovalText {
    std::string subject;
    std::string text;
};
[[nodiscard]] ApprovalText approval_message(const MessageFacts& facts);

// "You have 7 recovery codes left."; of few, also how there are more. For whoever has used one.
[[nodiscard]] std::string saved_codes_left_text(std::uint32_t left);

// "2026-11-24 03:41 UTC"
[[nodiscard]] std::string utc_text(TimePoint at);

}  // namespace latchkey
