// SPDX-License-Identifier: MIT
//
// Every key that is a number: its bounds, its unit and the field it sets. The
// reader, latchkey.toml(5) and the shipped file are tested against this table.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/settings.hpp"

namespace latchkey {

struct NumberKey {
    std::string_view table;  // "" for keys above the first table
    std::string_view key;
    std::string_view unit;  // "seconds"; empty for a plain number
    std::uint64_t lowest;
    std::uint64_t highest;
    std::uint64_t (*get)(const Settings&);
    void (*set)(Settings&, std::uint64_t);

    // "limits.sends_per_hour"
    [[nodiscard]] std::string name() const;
    // "write a number of seconds from 60 to 1800, or remove the line to have 900"
    [[nodiscard]] std::string mend() const;
};

[[nodiscard]] std::span<const NumberKey> number_keys();

}  // namespace latchkey
