// SPDX-License-Identifier: MIT
//
// What is looked at, in this order. Each list needs the ones before it to have passed
// where they decide.
#pragma once

#include "plugin_test/check.hpp"
#include "plugin_test/subject.hpp"

namespace latchkey::plugin_test {

// Name, symbols, table. Fills subject.table.
[[nodiscard]] Checks checks_on_file(Subject& subject);
// One ordinary call: it comes back, and says something. Fills subject.plain.
[[nodiscard]] Checks checks_on_call(Subject& subject);
// What a call leaves behind in its process, once and a thousand times.
[[nodiscard]] Checks checks_on_process(const Subject& subject);
// What the log must not hold.
[[nodiscard]] Checks checks_on_log(const Subject& subject);
// Settings that are missing or unknown.
[[nodiscard]] Checks checks_on_options(const Subject& subject);
// A peer that never answers, or never to the end, and no time at all.
[[nodiscard]] Checks checks_on_time(const Subject& subject);
// Messages, addresses and answers that somebody made up, and peers that answer nonsense.
[[nodiscard]] Checks checks_on_strangers(const Subject& subject);
// Wrong and spent answers; none for a delivery.
[[nodiscard]] Checks checks_on_answers(const Subject& subject);
// An answer that nobody gave; none for another kind.
[[nodiscard]] Checks checks_on_approvals(const Subject& subject);
// One real message to `address`.
[[nodiscard]] Checks checks_on_live(const Subject& subject, const std::string& address);

}  // namespace latchkey::plugin_test
