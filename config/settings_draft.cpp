// SPDX-License-Identifier: MIT
#include "config/settings_draft.hpp"

#include <algorithm>

#include "core/printable.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kMaxShownKey = 100;
constexpr std::size_t kMaxNames = 64;
constexpr std::size_t kMaxNameBytes = 64;

bool is_lower_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_name(const std::string& text) {
    if (text.empty() || text.size() > kMaxNameBytes || text[0] == '-' || text[0] == '.')
        return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.';
    });
}

}  // namespace

std::string key_of(const std::vector<std::string>& path) {
    std::string key;
    for (const std::string& part : path) {
        if (!key.empty()) key += '.';
        key += escaped(std::string_view{part}.substr(0, kMaxShownKey));
        if (key.size() > kMaxShownKey) return key.substr(0, kMaxShownKey) + "...";
    }
    return key;
}

Error refusal(const Place& place, const std::string& key, const std::string& what_and_mend) {
    std::string sentence = escaped(place.file);
    if (place.line != 0) sentence += ':' + std::to_string(place.line);
    if (!key.empty()) sentence += ": " + key;
    return {ErrorKind::Misconfigured, sentence + ": " + what_and_mend};
}

Error refusal(const Written& written, const std::string& what_and_mend) {
    return refusal(written.place, key_of(written.path), what_and_mend);
}

Place SettingsDraft::place_of(const std::vector<std::string>& keys) const {
    for (const std::string& key : keys) {
        const auto found = places.find(key);
        if (found != places.end()) return found->second;
    }
    return {main_file, 0};
}

Result<std::string> text_in(const Written& written, std::size_t at_most) {
    const auto* text = std::get_if<std::string>(&written.value);
    if (text == nullptr) return refusal(written, "is not text; write it between double quotes");
    if (text->size() > at_most)
        return refusal(written, "is longer than " + std::to_string(at_most) + " bytes; shorten it");
    if (!is_printable(*text))
        return refusal(written, "has signs beyond printable ASCII; write it without them");
    return *text;
}

Result<Words> names_in(const Written& written) {
    const auto* words = std::get_if<Words>(&written.value);
    if (words == nullptr)
        return refusal(written, "is not a list of names; write it as [\"one\", \"two\"]");
    if (words->size() > kMaxNames)
        return refusal(written, "has more than 64 entries; shorten the list");
    if (!std::all_of(words->begin(), words->end(), is_name))
        return refusal(written,
                       "has an entry that is no name; use letters, digits, '_', '.' and '-'");
    return *words;
}

Result<bool> truth_in(const Written& written) {
    const auto* truth = std::get_if<bool>(&written.value);
    if (truth == nullptr) return refusal(written, "is neither true nor false; write one of them");
    return *truth;
}

Result<std::uint64_t> number_in(const Written& written, std::uint64_t lowest, std::uint64_t highest,
                                const std::string& mend) {
    const auto* number = std::get_if<std::int64_t>(&written.value);
    if (number == nullptr) return refusal(written, "is not a whole number; " + mend);
    if (*number < 0 || static_cast<std::uint64_t>(*number) < lowest ||
        static_cast<std::uint64_t>(*number) > highest)
        return refusal(written, "is out of bounds; " + mend);
    return static_cast<std::uint64_t>(*number);
}

bool is_table_name(std::string_view name) {
    if (name.empty() || name.size() > 16 || name[0] < 'a' || name[0] > 'z') return false;
    return std::all_of(name.begin(), name.end(),
                       [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

}  // namespace latchkey
