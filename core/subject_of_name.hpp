// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string_view>

#include "core/recovery.hpp"

namespace latchkey {

// Whether "1001:ada" is a subject of the account's name "ada", or of the uid "1001".
[[nodiscard]] inline bool is_subject_of(const SubjectKey& subject, std::string_view name_or_uid) {
    const auto colon = subject.find(':');
    if (colon == SubjectKey::npos || colon == 0 || name_or_uid.empty()) return false;
    const std::string_view uid = std::string_view{subject}.substr(0, colon);
    const bool is_number =
        std::all_of(uid.begin(), uid.end(), [](char c) { return c >= '0' && c <= '9'; });
    return is_number &&
           (uid == name_or_uid || std::string_view{subject}.substr(colon + 1) == name_or_uid);
}

}  // namespace latchkey
