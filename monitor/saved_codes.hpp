// SPDX-License-Identifier: MIT
//
// Saved recovery codes: ten of 80 bits, kept as keyed hashes in one root-only
// file per uid beside the ledger, compared here and nowhere else.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/recovery.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"

namespace latchkey {

class SavedCodes {
public:
    SavedCodes(std::string directory, SubjectKey subject, uid_t uid, Secret key);

    // How many are unused; 0 if there are none or the file belongs to another account of that uid.
    [[nodiscard]] std::uint32_t left() const;

    // Replaces all codes; returns the new ones as they are printed ("ABCD-EFGH-JKLM-NPQR").
    Result<std::vector<Secret>> issue(std::uint32_t count);

    // True once per code. The code is struck out, durably, before this returns
    // true. Case, spaces and hyphens do not matter; hostile input is just wrong.
    // Takes the same time whether the file exists or not, within one comparison of ten.
    Result<bool> use(const Secret& typed);
};

}  // namespace latchkey
