// SPDX-License-Identifier: MIT
#include "plugins/common/json.hpp"

#include <charconv>

namespace latchkey::plugin {

std::optional<Json> parse_json(std::string_view text) {
    if (text.size() > kLargestJson) return std::nullopt;
    bool too_deep = false;
    const auto keep = [&too_deep](int depth, Json::parse_event_t event, const Json&) {
        const bool opens =
            event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start;
        too_deep = too_deep || (opens && depth >= kDeepestJson);
        return !too_deep;  // what lies below is read to its end, but not kept
    };
    Json parsed = Json::parse(text.begin(), text.end(), keep, false);
    if (too_deep || parsed.is_discarded()) return std::nullopt;
    return parsed;
}

const Json& member(const Json& object, const char* name) {
    static const Json kNone;
    if (!object.is_object()) return kNone;
    const auto found = object.find(name);
    return found == object.end() ? kNone : *found;
}

std::string_view text_of(const Json& value) {
    const auto* text = value.get_ptr<const std::string*>();
    return text == nullptr ? std::string_view{} : std::string_view{*text};
}

std::optional<std::uint32_t> number_of(const Json& value, std::uint32_t highest) {
    std::uint64_t number = 0;
    if (const auto* whole = value.get_ptr<const Json::number_unsigned_t*>()) {
        number = *whole;
    } else {
        const std::string_view text = text_of(value);
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (text.empty() || failed != std::errc{} || end != text.data() + text.size())
            return std::nullopt;
    }
    if (number > highest) return std::nullopt;
    return static_cast<std::uint32_t>(number);
}

}  // namespace latchkey::plugin
