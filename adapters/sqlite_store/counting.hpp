// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "adapters/sqlite_store/query.hpp"

namespace latchkey {

// Counts recorded attempts for the limits of one attempt. To prepare a statement costs ten times
// what it costs to run it, and each condition in it another tenth: so one short statement reads
// what an account or a source has tried, for all its limits, and what tells these apart is looked
// at here. Its rows are few: what a limit refuses is not recorded.
class AttemptCounter {
public:
    // What is lent must outlive it.
    AttemptCounter(SQLite::Database& database, const Attempt& like, TimePoint now)
        : database_(database), like_(like), now_(now) {}

    // Where subjects are counted, without `left_out`.
    [[nodiscard]] std::uint32_t count(const Limit& limit, std::string_view left_out);

private:
    enum class Of : std::uint8_t { Subject, Source, Recovery };  // whose attempts are read
    struct Counted {
        AttemptId id;
        std::string subject;  // where subjects are counted
    };

    [[nodiscard]] std::uint32_t count_of(Of of, const Limit& limit, std::string_view left_out);
    // What the limit counts of one kind, the newest right one put into `last_right`.
    void read(Of of, AttemptKind kind, const Limit& limit, std::vector<Counted>& counted,
              AttemptId& last_right);
    // The statement, ready to be stepped.
    [[nodiscard]] Query& ask(Of of, AttemptKind kind, TimePoint since);
    [[nodiscard]] bool is_in_scope(const Limit& limit, Query& row) const;
    [[nodiscard]] std::uint32_t count_on_host(const Limit& limit) const;

    SQLite::Database& database_;
    const Attempt& like_;
    TimePoint now_;
    std::array<std::optional<Query>, 6> statements_;  // of each, without and with its index
};

}  // namespace latchkey
