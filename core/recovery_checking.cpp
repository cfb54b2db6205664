// SPDX-License-Identifier: MIT
#include "core/recovery_checking.hpp"

#include "core/human_check.hpp"

namespace latchkey {

namespace {

// Three wrong answers, and some changes between picture and words.
constexpr std::size_t kChecksPerConnection = 8;

// Starts of the source and nothing else: what became of them depends on the name, and
// whether a check is asked is seen. Below the limit every start is allowed and recorded,
// for whichever name; so this is one and the same question for all of them.
Result<bool> is_asked(const RecoveryContext& recovery, bool is_start_allowed) {
    const HumanCheckWhen when = recovery.settings.human_check.when;
    if (when != HumanCheckWhen::AfterFailures) return when == HumanCheckWhen::Always;
    const Limit limit = unchecked_starts(recovery.settings);
    const auto starts = recovery.ports.store.count_attempts(
        recovery.attempt(AttemptKind::Start, recovery.request.subject), limit, recovery.now());
    if (!starts) return Error{starts.error()}.within("count starts");
    return !is_start_allowed || *starts > limit.at_most;
}

}  // namespace

Result<std::vector<std::string>> draw_human_checks(const RecoveryContext& recovery,
                                                   bool is_start_allowed) {
    std::vector<std::string> checks;
    const auto asked = is_asked(recovery, is_start_allowed);
    if (!asked) return Error{asked.error()};
    if (!*asked) return checks;
    while (checks.size() < kChecksPerConnection)
        checks.push_back(fresh_human_check(recovery.ports.vault));
    return checks;
}

Result<flow::Event> check_human(RecoveryContext& recovery, const flow::CheckHuman& action) {
    const bool is_right =
        answers_human_check(recovery.ports.vault, action.text.reveal(), action.signs);
    if (!is_right)
        recovery.rule = kHumanCheckRule;
    else if (recovery.rule == kHumanCheckRule)  // an earlier answer's; a limit stays named
        recovery.rule.clear();
    if (!is_right && recovery.request.surface == Surface::Remote) {
        recovery.is_heard = false;
        recovery.is_deliverable = false;
    }
    recovery.log(Severity::Info, is_right ? "human check passed" : "human check failed");
    return flow::Event{flow::HumanChecked{is_right}};
}

}  // namespace latchkey
