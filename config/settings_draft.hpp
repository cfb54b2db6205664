// SPDX-License-Identifier: MIT
//
// What the parts of the settings reader hand to each other: written values with
// the place they were written at, and the settings as far as they are read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.hpp"
#include "core/settings.hpp"

namespace latchkey {

struct Place {
    std::string file;
    std::size_t line = 0;  // 0: no line is to blame
};

struct EmptyTable {};
struct OtherType {};  // a date, a float, a mixed list: nothing we have a key for
using Words = std::vector<std::string>;
using Value = std::variant<OtherType, EmptyTable, std::int64_t, bool, std::string, Words>;

// One written value: `port = 25` below [channel.email] is {"channel", "email", "port"}.
struct Written {
    std::vector<std::string> path;
    Place place;
    Value value;
};

// "channel.email.port" in printable ASCII and of bounded length.
[[nodiscard]] std::string key_of(const std::vector<std::string>& path);

// "FILE:LINE: KEY: what is wrong; the mend", kind Misconfigured.
[[nodiscard]] Error refusal(const Place& place, const std::string& key,
                            const std::string& what_and_mend);
[[nodiscard]] Error refusal(const Written& written, const std::string& what_and_mend);

struct SettingsDraft {
    Settings settings;
    // Where a key or a table was written last, for contradictions that show at the end.
    std::map<std::string, Place> places;
    std::string main_file;

    // The place of the first of `keys` that was written anywhere, else the main file.
    [[nodiscard]] Place place_of(const std::vector<std::string>& keys) const;
};

// The values as text, or the refusal of another type. Text is printable ASCII
// of at most `at_most` bytes.
[[nodiscard]] Result<std::string> text_in(const Written& written, std::size_t at_most);
// Up to 64 names of [A-Za-z0-9_.-], none beginning with '-' or '.'.
[[nodiscard]] Result<Words> names_in(const Written& written);
[[nodiscard]] Result<bool> truth_in(const Written& written);
// From `lowest` to `highest`.
[[nodiscard]] Result<std::uint64_t> number_in(const Written& written, std::uint64_t lowest,
                                              std::uint64_t highest, const std::string& mend);

// True for a table's name: a lower-case letter, then up to 15 of [a-z0-9-].
[[nodiscard]] bool is_table_name(std::string_view name);

}  // namespace latchkey
