// SPDX-License-Identifier: MIT
#include "core/recovery_vetoing.hpp"

#include "core/alphabets.hpp"
#include "core/answers.hpp"
#include "core/change_context.hpp"
#include "core/vetoing.hpp"

namespace latchkey {

bool looks_like_veto(std::string_view typed) {
    return !normalised_veto_code(typed).empty();
}

// Ten letters, and a hyphen where they were copied.
bool is_as_long_as_veto(std::string_view typed) {
    return typed.size() == kVetoCodeLength || typed.size() == kVetoCodeLength + 1;
}

Result<flow::VetoJudged> hear_veto(RecoveryContext& recovery, std::string_view typed) {
    const Secret code{normalised_veto_code(typed)};
    // Behind a wrong answer to the human check nothing is compared.
    if (!recovery.is_heard) return flow::VetoJudged{};
    const ChangeRequest wish;
    ChangeContext change{wish,
                         RecoveryContext{recovery.request, recovery.settings, recovery.ports, {}},
                         {},
                         nullptr};
    auto end = end_by_code(change, code.reveal());
    if (!end) return std::move(end).error().within("hear veto");
    if (end->veto == VetoEnd::None) {
        recovery.rule = change.recovery.rule.empty() ? "veto=wrong" : change.recovery.rule;
        return flow::VetoJudged{};
    }
    recovery.rule = "veto=right";
    if (auto told = recovery.ports.acts.report_veto(end->ends_codes); !told)
        return std::move(told).error().within("report veto");
    return flow::VetoJudged{end->veto};
}

}  // namespace latchkey
