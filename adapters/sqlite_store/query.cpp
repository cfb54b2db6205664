// SPDX-License-Identifier: MIT
#include "adapters/sqlite_store/query.hpp"

#include <algorithm>

namespace latchkey {

void Query::bind(int index, std::string_view text) {
    statement_.bind(index, std::string{text});
}

void Query::bind(int index, const Blob& blob) {
    // A null pointer would be bound as NULL, not as an empty value.
    statement_.bind(index, blob.bytes.empty() ? "" : blob.bytes.data(),
                    static_cast<int>(blob.bytes.size()));
}

void Query::bind(int index, const Digest& digest) {
    statement_.bind(index, digest.data(), static_cast<int>(digest.size()));
}

void Query::bind(int index, TimePoint time) {
    statement_.bind(index, static_cast<std::int64_t>(time.time_since_epoch().count()));
}

std::uint32_t Query::count(int column) {
    const std::int64_t value = integer(column);
    if (value < 0 || value > std::numeric_limits<std::uint32_t>::max())
        throw NotOurs{"a number out of its range"};
    return static_cast<std::uint32_t>(value);
}

Digest Query::digest(int column) {
    const std::string bytes = text(column);
    Digest result{};
    if (bytes.size() != result.size()) throw NotOurs{"a digest of another length"};
    std::copy(bytes.begin(), bytes.end(), result.begin());
    return result;
}

}  // namespace latchkey
