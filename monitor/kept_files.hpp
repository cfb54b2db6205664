// SPDX-License-Identifier: MIT
//
// The root side's files about one account, found by the subject that stands in each: saved
// codes, temporary passes, used steps, and what is told at its logins.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/recovery.hpp"
#include "core/result.hpp"

namespace latchkey {

enum class KeptFiles : std::uint8_t {
    All,
    NotAnnouncements,  // an account that is there is told for as long as it was to be
};

// The subjects of files below the ledger's directory that are `is_meant`, once for each file.
Result<std::vector<SubjectKey>> subjects_of_files(
    const std::string& directory, const std::function<bool(const SubjectKey&)>& is_meant,
    KeptFiles which);

// Removes the files of that subject, durably.
Result<void> remove_files_of(const std::string& directory, const SubjectKey& subject,
                             KeptFiles which);

}  // namespace latchkey
