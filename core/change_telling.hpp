// SPDX-License-Identifier: MIT
//
// Who is told of a change, and who of them may end it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/change_context.hpp"
#include "core/change_messages.hpp"

namespace latchkey {

struct Telling {
    std::vector<OutboxRow> notices;
    std::vector<Veto> vetoes;
};

// `address` is null if it is gone.
[[nodiscard]] ChangeFacts facts_about(const ChangeContext& change, ChangeKind kind,
                                      const std::string& method, const StoredAddress* address,
                                      TimePoint final_at);
// Every address there is but `about`, which is told without a veto: nobody ends the removal
// of their own address. Where there is no address the mailbox of the account on this host.
[[nodiscard]] Telling tell_change(const ChangeContext& change, const ChangeFacts& facts,
                                  std::int64_t about);
// That a veto has ended or denied it; not an address that was taken away by it.
[[nodiscard]] std::vector<OutboxRow> tell_veto(const ChangeContext& change,
                                               const ChangeFacts& facts, std::int64_t about);
// That its owner has said "that was not me", without a code.
[[nodiscard]] std::vector<OutboxRow> tell_denied(const ChangeContext& change, bool keeps);
// That the ways of before stay, because one of them was used.
[[nodiscard]] std::vector<OutboxRow> tell_kept(const ChangeContext& change);

// What the store keeps of a veto code.
[[nodiscard]] Digest veto_digest(const Vault& vault, const Secret& subkey,
                                 const SubjectKey& subject, std::string_view code);

}  // namespace latchkey
