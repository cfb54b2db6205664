// SPDX-License-Identifier: MIT
#include "core/recovery_checking.hpp"

#include <array>
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
Result<bool> is_asked(const RecoveryContext& recovery) {
    const HumanCheckSettings& settings = recovery.settings.human_check;
    if (settings.when != HumanCheckWhen::AfterFailures)
        return settings.when == HumanCheckWhen::Always;
    const std::string& source = recovery.request.source;
    const Attempt unchecked{
        bucket_of(source), "unchecked " + source, AttemptKind::Start, {}, recovery.id};
    const std::array limits{unchecked_starts(settings)};
    const auto charge = recovery.ports.store.charge_attempt(unchecked, limits, recovery.now());
    if (!charge) return Error{charge.error()}.within("charge unchecked start");
    return !charge->allowed;
}

}  // namespace

Result<std::vector<std::string>> draw_human_checks(const RecoveryContext& recovery) {
    std::vector<std::string> checks;
    const auto asked = is_asked(recovery);
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
