// SPDX-License-Identifier: MIT
#include "core/recovery_checking.hpp"

#include <cstdint>

#include "core/human_check.hpp"

namespace latchkey {

namespace {

// Three wrong answers, and some changes between picture and words.
constexpr std::size_t kChecksPerConnection = 8;

// The same bucket for every name that this source tries (FNV-1a, as good as any here).
SubjectKey bucket_of(std::string_view source) {
    constexpr std::uint32_t kBuckets = 4096;
    std::uint32_t hash = 2166136261U;
    for (const char c : source) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return "#unchecked-" + std::to_string(hash % kBuckets);
}

// Whether a check is asked is seen, so nothing that depends on the name may decide it.
// The recorded starts do: an unknown name has a bucket, which keeps its newest attempts
// only, and names beyond a source's limit leave no trace. So starts without a check are
// recorded once more, of no name, and under a source that no other limit counts.
LimitedAttempt unchecked_start(const RecoveryContext& recovery) {
    const std::string& source = recovery.request.source;
    return {{bucket_of(source), "unchecked " + source, AttemptKind::Start, {}, 0},
            {unchecked_starts(recovery.settings.human_check)}};
}

std::vector<std::string> draw_human_checks(Vault& vault) {
    std::vector<std::string> checks;
    while (checks.size() < kChecksPerConnection) checks.push_back(fresh_human_check(vault));
    return checks;
}

}  // namespace

Result<Start> record_start(RecoveryContext& recovery) {
    const HumanCheckWhen when = recovery.settings.human_check.when;
    const bool counts = when == HumanCheckWhen::AfterFailures;
    std::vector attempts{
        recovery.limited(recovery.attempt(AttemptKind::Start, recovery.request.subject))};
    if (counts) attempts.push_back(unchecked_start(recovery));
    const auto started =
        recovery.ports.store.start_recovery(recovery.opened, recovery.request.lease, attempts);
    if (!started) return Error{started.error()}.within("start recovery");
    recovery.id = started->id;
    recovery.note_refusal(started->charges.front());
    Start start{started->charges.front().allowed, {}};
    const bool is_asked =
        counts ? !started->charges.back().allowed : when == HumanCheckWhen::Always;
    if (is_asked) start.human_checks = draw_human_checks(recovery.ports.vault);
    return start;
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
