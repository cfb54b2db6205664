// SPDX-License-Identifier: MIT
//
// The numbers of LimitSettings as queries over recorded attempts. Strangers can
// exhaust only what strangers use: wrong addresses and resume codes are counted
// by source, saved codes are never closed, and guesses are counted against an
// account only where a code was really sent or an app was really asked for.
#pragma once

#include <chrono>
#include <string_view>
#include <vector>

#include "core/ports/store.hpp"
#include "core/recovery.hpp"
#include "core/settings.hpp"

namespace latchkey {

// How long a request for an approval is open (security: a short time in which a person
// can be talked into answering).
inline constexpr std::chrono::seconds kApprovalLifetime = std::chrono::minutes{2};

// The name of the limit that keeps a second request from a person while one is open.
inline constexpr std::string_view kOneApprovalAtATime = "approvals_open";

// Under which limits an attempt of this kind is charged.
[[nodiscard]] std::vector<Limit> limits_for(AttemptKind kind, const LimitSettings& settings);

// Wrong entries of the code now alive.
[[nodiscard]] Limit limit_per_code(const LimitSettings& settings);
// Wrong proofs on this host in a day: reached, an alarm is logged.
[[nodiscard]] Limit host_alarm(const LimitSettings& settings);
// Those of them that luck could have made right, hence neither guesses at codes that
// were never sent nor at saved codes, which who knows only names can type without
// end: reached, one more gate is asked for.
[[nodiscard]] Limit host_gate(const LimitSettings& settings);
// Wrong saved codes of one subject in a day: reached, an alarm is logged.
[[nodiscard]] Limit saved_code_alarm(const LimitSettings& settings);

// Recoveries begun from one source in an hour without a human check.
[[nodiscard]] Limit unchecked_starts(const HumanCheckSettings& settings);

// Whom an attempt is charged to that cannot concern the owner of `subject`: a
// guess at a code that was never sent, a message that nobody gets. A bucket, so
// that the store keeps its newest attempts only; a bucket stands for itself.
[[nodiscard]] SubjectKey stranger_of(const SubjectKey& subject);

}  // namespace latchkey
