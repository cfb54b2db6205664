// SPDX-License-Identifier: MIT
#include "core/gates.hpp"

#include <algorithm>

namespace latchkey {

namespace {
constexpr std::uint32_t kPrivilegedGates = 2;
}  // namespace

Gates::Gates(std::uint32_t needed, bool privileged)
    : needed_(std::max(needed, privileged ? kPrivilegedGates : 1U)), privileged_(privileged) {}

void Gates::resume(std::uint32_t needed, const std::vector<std::string>& possessions) {
    needed_ = std::max(needed_, needed);
    if (!privileged_) possessions_.insert(possessions.begin(), possessions.end());
}

void Gates::open(const std::string& possession) {
    possessions_.insert(possession);
    opened_here_ = true;
}

std::uint32_t Gates::left() const {
    const auto open = static_cast<std::uint32_t>(possessions_.size());
    return std::max(needed_ > open ? needed_ - open : 0U, wants_saved_code() ? 1U : 0U);
}

bool Gates::may_open(const Method& method) const {
    const bool is_open = possessions_.contains(method.possession);
    if (left() == 0) return is_open;
    if (left() == 1 && wants_saved_code()) return method.possession == kSavedPossession;
    return !is_open;
}

bool Gates::can_be_completed(const std::vector<Method>& methods) const {
    std::set<std::string, std::less<>> reachable;
    for (const Method& method : methods)
        if (may_open(method)) reachable.insert(method.possession);
    if (wants_saved_code() && !reachable.contains(kSavedPossession)) return false;
    return reachable.size() >= std::max(left(), 1U);
}

bool Gates::wants_saved_code() const {
    return privileged_ && !possessions_.contains(kSavedPossession);
}

}  // namespace latchkey
