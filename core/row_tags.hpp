// SPDX-License-Identifier: MIT
//
// Every verifier may write the whole store, but each holds one account's subkey. A tag
// is a keyed hash over what decides in a row: who changes a field, or writes a row of
// another account, has no tag that fits. It does not show that a row is missing, nor
// that an older one was put back.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "core/ports/store.hpp"
#include "core/ports/vault.hpp"
#include "core/secret.hpp"

namespace latchkey {

// The fields one after the other, each behind its length: no two lists read alike.
[[nodiscard]] std::string row_text(std::initializer_list<std::string_view> fields);
[[nodiscard]] std::string row_field(TimePoint time);
[[nodiscard]] std::string_view row_field(const Digest& digest);  // as long as it lives

// Names one recovery of all that there ever were. Its id alone does not: who writes the
// whole store can have one given out twice.
[[nodiscard]] std::string recovery_text(RecoveryId id, const NewRecovery& opened);

// Of a gate of that recovery.
[[nodiscard]] Digest gate_tag(const Vault& vault, const Secret& subkey, RecoveryId id,
                              const NewRecovery& opened, const Gate& gate);
// Of a recovery that can be taken up with the resume code of this digest. Tagged with
// its code, because it is read again only by that code.
[[nodiscard]] Digest recovery_tag(const Vault& vault, const Secret& subkey, RecoveryId id,
                                  const NewRecovery& opened, const Digest& resume_code);

// Takes the same time whatever differs.
[[nodiscard]] bool is_same_tag(const Vault& vault, const Digest& a, const Digest& b);

}  // namespace latchkey
