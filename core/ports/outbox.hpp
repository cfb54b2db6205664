// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "core/recovery.hpp"

namespace latchkey {

// Numbers are the store's.
enum class OutboxPurpose : std::uint8_t {
    Code,
    Notice,
    BulkNotice,  // one of very many: behind everything else, and outside of a channel's budget
};

struct OutboxRow {
    std::int64_t id = 0;
    SubjectKey subject;
    std::string method;  // whose channels carry it
    OutboxPurpose purpose = OutboxPurpose::Code;
    std::string sealed;  // sealed with the outbox key of the subject; empty: nothing is sent
    TimePoint due_at;
    TimePoint expires_at;
    std::uint32_t tries = 0;
};

// The associated data of an outbox row's sealed text; the row's id is not known
// when it is sealed, so the text is bound to account, purpose and expiry.
[[nodiscard]] std::string outbox_binding(const OutboxRow& row);

}  // namespace latchkey
