// SPDX-License-Identifier: MIT
#include "plugins/sms-http/request_template.hpp"

#include <algorithm>

#include "plugins/common/escape.hpp"
#include "plugins/common/header_value.hpp"

namespace latchkey::sms_http {

namespace {

// Whether a value may stand behind the literal text that was read so far.
class Surroundings {
public:
    explicit Surroundings(Place place) : place_(place) {}

    void read(char c) {
        if (place_ == Place::Url)
            read_url(c);
        else if (place_ == Place::Json)
            read_json(c);
        else if (place_ == Place::Xml)
            read_xml(c);
    }

    [[nodiscard]] bool bear_a_value() const {
        switch (place_) {
            case Place::Url:
                return slashes_ >= 3 || in_query_;
            case Place::Json:
                return quote_ != 0 && !is_escaped_;
            case Place::Xml:
                return !is_special_ && !in_entity_ && (!in_tag_ || quote_ != 0);
            case Place::Header:
            case Place::Form:
                break;
        }
        return true;
    }

private:
    // Behind "https://host" comes the third slash, or a query at once.
    void read_url(char c) {
        if (c == '/') ++slashes_;
        if (c == '?') in_query_ = true;
    }
    void read_json(char c) {
        if (is_escaped_)
            is_escaped_ = false;
        else if (quote_ != 0 && c == '\\')
            is_escaped_ = true;
        else if (c == '"')
            quote_ = quote_ == 0 ? c : '\0';
    }
    // Comments, CDATA, declarations and instructions have rules of their own; whatever comes
    // behind one is not judged, so nothing may stand there.
    void read_xml(char c) {
        if (in_tag_ && before_ == '<' && (c == '!' || c == '?')) is_special_ = true;
        before_ = c;
        if (c == '&') in_entity_ = true;
        if (c == ';') in_entity_ = false;
        if (!in_tag_)
            in_tag_ = c == '<';
        else if (quote_ != 0)
            quote_ = c == quote_ ? '\0' : quote_;
        else if (c == '"' || c == '\'')
            quote_ = c;
        else
            in_tag_ = c != '>';
    }

    Place place_;
    int slashes_ = 0;
    bool in_query_ = false;
    char quote_ = 0;
    bool is_escaped_ = false;
    bool in_tag_ = false;
    bool in_entity_ = false;
    bool is_special_ = false;
    char before_ = 0;
};

std::optional<std::string> escaped(std::string_view value, Place place) {
    switch (place) {
        case Place::Url:
        case Place::Form:
            return plugin::percent_escaped(value);
        case Place::Json:
            return plugin::json_escaped(value);
        case Place::Xml:
            return plugin::xml_escaped(value);
        case Place::Header:
            if (plugin::is_header_value(value)) return std::string{value};
            break;
    }
    return std::nullopt;
}

// The name of the placeholder that `text` begins with; empty: it begins with none.
std::string_view placeholder_at(std::string_view text) {
    if (text.empty() || text.front() != '{') return {};
    const std::size_t end = text.find('}');
    if (end == std::string_view::npos) return {};
    const std::string_view name = text.substr(1, end - 1);
    const bool is_word = std::all_of(name.begin(), name.end(),
                                     [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
    return is_word ? name : std::string_view{};
}

}  // namespace

Filled fill(std::string_view text, Place place, const Values& values) {
    std::string result;
    Surroundings surroundings{place};
    while (!text.empty()) {
        const std::string_view name = placeholder_at(text);
        if (name.empty()) {
            surroundings.read(text.front());
            result += text.front();
            text.remove_prefix(1);
            continue;
        }
        const auto value = values.find(name);
        if (value == values.end())
            return {std::nullopt, "holds the unknown placeholder {" + std::string{name} + "}"};
        const auto safe =
            surroundings.bear_a_value() ? escaped(value->second, place) : std::nullopt;
        if (!safe)
            return {std::nullopt, "holds {" + std::string{name} +
                                      "} in a place for which its value cannot be escaped"};
        result += *safe;
        text.remove_prefix(name.size() + 2);
    }
    return {std::move(result), {}};
}

bool holds(std::string_view text, std::string_view name) {
    return text.find('{' + std::string{name} + '}') != std::string_view::npos;
}

std::optional<Place> place_of(std::string_view content_type) {
    const std::string_view type = content_type.substr(0, content_type.find(';'));
    if (type == "application/x-www-form-urlencoded") return Place::Form;
    if (type == "application/json" || type.ends_with("+json")) return Place::Json;
    if (type == "application/xml" || type == "text/xml" || type.ends_with("+xml"))
        return Place::Xml;
    return std::nullopt;
}

}  // namespace latchkey::sms_http
