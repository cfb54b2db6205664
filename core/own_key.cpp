// SPDX-License-Identifier: MIT
#include "core/own_key.hpp"

namespace latchkey {

std::string objection_to_key_of(std::size_t bytes) {
    if (bytes < kShortestOtpKey)
        return "the key has " + std::to_string(8 * bytes) +
               " bits, fewer than the 128 that a key must have (160 are advised); make a new one "
               "with latchkey enroll";
    if (bytes > kLongestOtpKey)
        return "the key has " + std::to_string(8 * bytes) +
               " bits, more than the 512 that count; make a new one with latchkey enroll";
    return {};
}

std::string objection_to_own_key(const Settings& settings, ChangeWish wish,
                                 const std::string& method, const Secret& key) {
    if (key.empty()) return {};
    const auto found = settings.methods.find(method);
    // A token's codes that were used would be good again: its counter would begin anew.
    const bool is_app = wish == ChangeWish::EnrolAuthenticator && found != settings.methods.end() &&
                        found->second.kind == MethodKind::Verification &&
                        found->second.otp == OtpKind::Time;
    if (!is_app)
        return "a key can be brought along for an app that shows codes by the time only, and "
               "where there is such a method; see: latchkey methods";
    return objection_to_key_of(key.size());
}

}  // namespace latchkey
