// SPDX-License-Identifier: MIT
//
// Temporary passes: what root gives a person who has nothing else to prove with, for a while.
// 80 bits, kept as keyed hashes in one root-only file per uid beside the ledger, compared here
// and nowhere else. A pass is typed where a saved code is, and never counts as one.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/system/unique_fd.hpp"
#include "core/ports/vault.hpp"
#include "core/recovery.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"

namespace latchkey {

struct TemporaryPass {
    std::uint32_t id = 0;  // of this account, counted up from 1
    TimePoint issued_at{};
    TimePoint ends_at{};
    bool is_for_once = true;  // false: as often as it is wanted until it ends
    std::string reason;       // root's, printable
};

class TemporaryPasses {
public:
    static constexpr std::uint32_t kMost = 3;  // alive at once
    static constexpr std::chrono::seconds kShortest = std::chrono::minutes{10};
    static constexpr std::chrono::seconds kLongest = std::chrono::days{30};
    static constexpr std::size_t kLongestReason = 120;  // bytes

    // `directory` is the ledger's (/var/lib/latchkey-acts); the file is passes/UID
    // below it. `key` is temporary_pass_key() of the subject.
    TemporaryPasses(std::string directory, SubjectKey subject, uid_t uid, Secret key);

    struct Issued {
        TemporaryPass pass;
        Secret shown;  // as it is printed ("ABCD-EFGH-JKLM-NPQR"), here and never again
    };
    // Rejected, with a sentence for root: a life or a reason outside the bounds, or kMost are
    // alive.
    Result<Issued> issue(std::chrono::seconds life, bool is_for_once, const std::string& reason,
                         TimePoint now);

    // Those whose end has not come, oldest first. What is found to have ended is struck out,
    // durably: a clock that is set back later does not bring it back. None if the file is of
    // another account that had the uid.
    Result<std::vector<TemporaryPass>> alive(TimePoint now);

    // The pass that was typed, from its issue up to its end. One that is good for once is struck
    // out, durably, before this returns it; if that fails it is an error. Case, spaces and
    // hyphens do not matter; hostile input is just wrong. kMost comparisons are made whatever
    // there is to compare with. Corrupt: the file breaks its own format.
    Result<std::optional<TemporaryPass>> use(const Secret& typed, TimePoint now);

    // Strikes out the pass of that id, or all for 0; those that were alive.
    Result<std::vector<TemporaryPass>> revoke(std::uint32_t id, TimePoint now);

private:
    Result<UniqueFd> lock() const;
    [[nodiscard]] Digest digest_of(std::string_view code) const;

    std::string directory_;
    SubjectKey subject_;
    std::string file_;
    Secret key_;
};

}  // namespace latchkey
