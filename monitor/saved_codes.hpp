// SPDX-License-Identifier: MIT
//
// Saved recovery codes: ten of 80 bits, kept as keyed hashes in one root-only
// file per uid beside the ledger, compared here and nowhere else.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ports/vault.hpp"
#include "core/recovery.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"

namespace latchkey {

class SavedCodes {
public:
    static constexpr std::uint32_t kMost = 10;

    // `directory` is the ledger's (/var/lib/latchkey-acts); the file is codes/UID
    // below it. `key` is saved_code_key() of the subject.
    SavedCodes(std::string directory, SubjectKey subject, uid_t uid, Secret key);

    // How many are unused; 0 if there are none or the file belongs to another account of that uid.
    [[nodiscard]] std::uint32_t left() const;

    // Replaces all codes; returns the new ones as they are printed ("ABCD-EFGH-JKLM-NPQR").
    // Rejected: `count` is 0 or more than kMost.
    Result<std::vector<Secret>> issue(std::uint32_t count);

    // The same, but these take the place of the others from `from` on, when settle() finds that
    // it has come. Those that waited before are gone.
    Result<std::vector<Secret>> issue_for(std::uint32_t count, TimePoint from);
    // From `from` on, when settle() finds that it has come, there are none. Those that waited
    // before are gone; drop_waiting() takes it back.
    Result<void> end_from(TimePoint from);
    // Has those that wait take their place if their time has come. Corrupt: the file breaks its
    // own format.
    Result<void> settle(TimePoint now);
    // Those that wait do so until then. Corrupt: as above.
    Result<void> wait_until(TimePoint from);
    // Those that wait are never used.
    Result<void> drop_waiting();
    // All are gone, those that wait too.
    Result<void> forget();
    // From when the codes count that wait; nothing if none do.
    [[nodiscard]] std::optional<TimePoint> waiting_from() const;
    // When there will be none; nothing if that is not meant to be.
    [[nodiscard]] std::optional<TimePoint> ending_from() const;

    // True once per code. The code is struck out, durably, before this returns
    // true; if that fails it is an error and not a true. Case, spaces and hyphens
    // do not matter; hostile input is just wrong. Ten comparisons are made whatever
    // there is to compare with. Corrupt: the file breaks its own format.
    Result<bool> use(const Secret& typed);

private:
    struct Made {
        std::vector<Secret> shown;
        std::string text;  // of the file
    };
    // What takes the place of the codes there are.
    struct Waiting {
        TimePoint from;
        bool has_codes = false;
    };
    [[nodiscard]] std::optional<Waiting> waiting() const;
    [[nodiscard]] Result<Made> make(std::uint32_t count) const;
    [[nodiscard]] Digest digest_of(std::string_view code) const;
    [[nodiscard]] std::string waiting_file() const { return file_ + ".waiting"; }

    std::string directory_;
    SubjectKey subject_;
    std::string file_;
    Secret key_;
};

}  // namespace latchkey
