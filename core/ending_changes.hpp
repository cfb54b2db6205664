// SPDX-License-Identifier: MIT
//
// What becomes of the ways back in when changes of them are ended.
#pragma once

#include "core/change_context.hpp"

namespace latchkey {

// Adds to `ends` what `ended` took away, as it was before; what it brought in the store drops.
// Precondition: the ways are loaded.
[[nodiscard]] Result<void> give_back(const ChangeContext& change, const Change& ended,
                                     EndedChanges& ends);

// The latest time until which something that `removed` let go counts still; 1970: nothing does.
[[nodiscard]] TimePoint lets_go_until(const ChangeContext& change, const Change& removed);

// The other way round: what `removed` let go counts until `until`, if that is later.
[[nodiscard]] Result<void> let_go_later(const ChangeContext& change, const Change& removed,
                                        TimePoint until, EndedChanges& ends);

// Where nothing that counts now would stay, everything waits, and whoever uses one of the ways of
// before shows that they are not lost. Then the removal that left nothing ends, what waits goes,
// and every address is told; otherwise nothing is done. Removals before it left something, and
// are not ended: nobody keeps a way that its owner removes by removing all the others.
// So does an app that is to take the place of the only one, by a recovery alone: its owner proves
// the old one before other changes, too.
// `ends_codes`: the saved codes that wait are to be dropped.
struct KeptWays {
    bool kept = false;
    bool ends_codes = false;
};
enum class UsedFor : std::uint8_t { Recovery, Change };
[[nodiscard]] Result<KeptWays> keep_old_ways(ChangeContext& change, UsedFor used_for);

}  // namespace latchkey
