// SPDX-License-Identifier: MIT
//
// What a verifier's row says, where the root side goes on with it: a field that is absent or of
// another type is its default, whatever a verifier that was taken over sends. nlohmann's value()
// throws instead, and half of an act would be done.
#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

namespace latchkey {

[[nodiscard]] inline std::uint32_t count_in(const nlohmann::json& row, const char* key) {
    if (!row.is_object() || !row.contains(key) || !row[key].is_number_unsigned()) return 0;
    const auto count = row[key].get<std::uint64_t>();
    return count > UINT32_MAX ? UINT32_MAX : static_cast<std::uint32_t>(count);
}
[[nodiscard]] inline std::string text_in(const nlohmann::json& row, const char* key) {
    if (!row.is_object() || !row.contains(key) || !row[key].is_string()) return {};
    return row[key].get<std::string>();
}
[[nodiscard]] inline nlohmann::json list_in(const nlohmann::json& row, const char* key) {
    if (!row.is_object() || !row.contains(key) || !row[key].is_array())
        return nlohmann::json::array();
    return row[key];
}
// The texts of a list, and nothing else that is in it.
[[nodiscard]] inline nlohmann::json texts_in(const nlohmann::json& row, const char* key) {
    nlohmann::json texts = nlohmann::json::array();
    for (const nlohmann::json& each : list_in(row, key))
        if (each.is_string()) texts.push_back(each);
    return texts;
}

// A way back as Status tells it: what is read of it is of its type. Other fields are passed over.
[[nodiscard]] inline bool is_way_row(const nlohmann::json& way) {
    if (!way.is_object() || !way.contains("method")) return false;
    for (const char* flag : {"counts", "expired", "confirm_due"})
        if (way.contains(flag) && !way[flag].is_boolean()) return false;
    for (const char* text : {"method", "possession", "destination"})
        if (way.contains(text) && !way[text].is_string()) return false;
    for (const char* time : {"usable_from", "gone_from"})
        if (way.contains(time) && !way[time].is_string() && !way[time].is_null()) return false;
    return true;
}

}  // namespace latchkey
