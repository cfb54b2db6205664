// SPDX-License-Identifier: MIT
//
// What the rows of the store's trail say, taken apart so that they can be compared with the
// records of the root side's log. Whoever can write the store chooses their texts. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "monitor/store_trail.hpp"

namespace latchkey {

// The account of "1001:ada"; empty if there is none.
[[nodiscard]] std::string_view name_in(std::string_view subject);

// "granted" and "acted": "act=A [result=R ]recovery=N service=S source=X". The views are
// into the entry.
struct ActRow {
    std::string whose;  // whose_act() of it
    std::string_view name;
    std::string_view act;
    std::string_view result;  // of "acted"
    std::int64_t recovery = 0;
};
[[nodiscard]] std::optional<ActRow> act_row_in(const StoredEntry& entry);
// Name, act, service and source as one text, the same for a row and for its record.
[[nodiscard]] std::string whose_act(std::string_view name, std::string_view act,
                                    std::string_view service, std::string_view source);
// Whether the act came to an end that the root side has told. "unknown": it said nothing;
// "failed": it may have been unable to write its record, and then does nothing.
[[nodiscard]] bool is_definite(std::string_view result);

// "enrolment": "enrolled METHOD ... by root". Name and method as one text.
[[nodiscard]] std::optional<std::string> whose_enrolment(const StoredEntry& entry);
[[nodiscard]] std::string whose_enrolment(std::string_view name, std::string_view method);
// The name of the import that the row is of: "enrolled METHOD ... by import NAME". Empty: of none.
[[nodiscard]] std::string_view import_in(const StoredEntry& entry);

}  // namespace latchkey
