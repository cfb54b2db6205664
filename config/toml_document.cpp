// SPDX-License-Identifier: MIT
#include "config/toml_document.hpp"

#include <algorithm>
#include <string_view>

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include "core/printable.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kMaxDepth = 8;
// toml++ makes a table of every part of a dotted key and walks down them by
// recursion: 100,000 dots end in a stack that is too small.
constexpr std::size_t kMaxDots = 1024;

Value value_of(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return number->get();
    if (const auto* truth = node.as_boolean()) return truth->get();
    const toml::array* list = node.as_array();
    if (list == nullptr) return OtherType{};
    Words words;
    for (const toml::node& entry : *list) {
        const auto* text = entry.as_string();
        if (text == nullptr) return OtherType{};
        words.push_back(text->get());
    }
    return words;
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// The text with '?' for every other byte of a comment line. toml++ 3.3 has
// undefined behaviour for some letters beyond ASCII (a line that begins with one
// is enough), and no value of ours may hold any, so it never sees them.
Result<std::string> in_ascii(const std::string& text, const std::string& file) {
    std::string result;
    result.reserve(text.size());
    std::size_t number = 0;
    std::size_t dots = 0;
    for (std::size_t start = 0; start < text.size(); start = result.size()) {
        ++number;
        const std::size_t end = std::min(text.find('\n', start), text.size() - 1) + 1;
        std::string line = text.substr(start, end - start);
        const std::size_t first = line.find_first_not_of(" \t");
        const bool is_comment = first != std::string::npos && line[first] == '#';
        if (!is_comment && !is_ascii(line))
            return refusal(Place{file, number}, "",
                           "has signs beyond ASCII; write them on comment lines of their own only");
        if (!is_comment)
            dots += static_cast<std::size_t>(std::count(line.begin(), line.end(), '.'));
        if (dots > kMaxDots)
            return refusal(Place{file, number}, "",
                           "is nested too deeply, or goes beyond the 1,024 dots of one file; "
                           "remove what is not needed");
        std::replace_if(
            line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; },
            '?');
        result += line;
    }
    return result;
}

class Flattener {
public:
    explicit Flattener(const std::string& file) : file_(file) {}

    Result<void> add(const toml::table& table) {
        for (auto&& [key, node] : table) {
            path_.emplace_back(key.str());
            auto added = add_node(node, key.source().begin.line);
            path_.pop_back();
            if (!added) return added;
        }
        return {};
    }

    std::vector<Written> take() {
        std::stable_sort(values_.begin(), values_.end(), [](const Written& a, const Written& b) {
            return a.place.line < b.place.line;
        });
        return std::move(values_);
    }

private:
    Result<void> add_node(const toml::node& node, std::size_t line) {
        const Place place{file_, line};
        const toml::table* table = node.as_table();
        if (table == nullptr || table->empty()) {
            values_.push_back({path_, place, table == nullptr ? value_of(node) : EmptyTable{}});
            return {};
        }
        if (path_.size() >= kMaxDepth)
            return refusal(place, key_of(path_), "is nested too deeply; remove it");
        return add(*table);
    }

    const std::string& file_;
    std::vector<std::string> path_;
    std::vector<Written> values_;
};

}  // namespace

Result<std::vector<Written>> parse_toml(const std::string& text, const std::string& file) {
    const auto ascii = in_ascii(text, file);
    if (!ascii) return ascii.error();
    const toml::parse_result parsed = toml::parse(*ascii, file);
    if (!parsed) {
        const toml::parse_error& error = parsed.error();
        const std::string why = escaped(error.description().substr(0, 160));
        return refusal(Place{file, error.source().begin.line}, "",
                       "is not valid TOML (" + why + "); correct or comment out this line");
    }
    Flattener flattener{file};
    if (auto added = flattener.add(parsed.table()); !added) return std::move(added).error();
    return flattener.take();
}

}  // namespace latchkey
