// SPDX-License-Identifier: MIT
#include "plugins/push-ntfy/replies.hpp"

#include <algorithm>
#include <limits>

#include "plugins/common/json.hpp"

namespace latchkey::ntfy {

namespace {

using plugin::member;
using plugin::text_of;

bool is_number(std::string_view text) {
    return text.size() == 2 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Takes the first part of `rest`, up to `end` or its end.
std::string_view next_part(std::string_view& rest, char end) {
    const std::string_view part = rest.substr(0, rest.find(end));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    return part;
}

std::optional<std::string> answer_in_line(std::string_view line, std::string_view request_id) {
    const auto parsed = plugin::parse_json(line);
    if (!parsed || text_of(member(*parsed, "event")) != "message") return std::nullopt;
    std::string_view message = text_of(member(*parsed, "message"));
    if (request_id.empty() || next_part(message, ':') != request_id) return std::nullopt;
    if (!is_number(message) && message != kDenial) return std::nullopt;
    return std::string{message};
}

}  // namespace

std::vector<std::string> numbers_in(std::string_view choices) {
    std::vector<std::string> numbers;
    while (!choices.empty())
        if (const auto number = next_part(choices, ' '); is_number(number))
            numbers.emplace_back(number);
    return numbers;
}

std::optional<std::uint32_t> time_in(std::string_view body) {
    const auto parsed = plugin::parse_json(body);
    if (!parsed) return std::nullopt;
    return plugin::number_of(member(*parsed, "time"), std::numeric_limits<std::uint32_t>::max());
}

std::optional<std::string> answer_in(std::string_view body, std::string_view request_id) {
    std::optional<std::string> first;
    while (!body.empty()) {
        auto answer = answer_in_line(next_part(body, '\n'), request_id);
        if (answer == kDenial) return answer;
        if (!first) first = std::move(answer);
    }
    return first;
}

}  // namespace latchkey::ntfy
