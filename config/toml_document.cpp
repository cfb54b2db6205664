// SPDX-License-Identifier: MIT
#include "config/toml_document.hpp"

#include <algorithm>

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include "core/printable.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kMaxDepth = 8;

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
    const toml::parse_result parsed = toml::parse(text, file);
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
