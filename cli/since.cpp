// SPDX-License-Identifier: MIT
#include "cli/since.hpp"

#include <charconv>
#include <chrono>
#include <cstdint>

namespace latchkey::cli {

namespace {

constexpr std::size_t kDateBytes = 10;  // 2026-11-24
constexpr std::size_t kTimeBytes = 20;  // 2026-11-24T03:45:11Z
constexpr std::uint32_t kMostAgo = 999'999;

std::optional<std::uint32_t> number_in(std::string_view digits) {
    std::uint32_t number = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, number);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return number;
}

std::optional<TimePoint> date_in(std::string_view text) {
    if (text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = number_in(text.substr(0, 4));
    const auto month = number_in(text.substr(5, 2));
    const auto day = number_in(text.substr(8, 2));
    if (!year || !month || !day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year)},
                                           std::chrono::month{*month}, std::chrono::day{*day}};
    if (!date.ok()) return std::nullopt;
    return TimePoint{std::chrono::sys_days{date}};
}

std::optional<std::chrono::seconds> time_in(std::string_view text) {
    if (text[0] != 'T' || text[3] != ':' || text[6] != ':' || text[9] != 'Z') return std::nullopt;
    const auto hours = number_in(text.substr(1, 2));
    const auto minutes = number_in(text.substr(4, 2));
    const auto seconds = number_in(text.substr(7, 2));
    if (!hours || !minutes || !seconds || *hours > 23 || *minutes > 59 || *seconds > 60)
        return std::nullopt;
    return std::chrono::hours{*hours} + std::chrono::minutes{*minutes} +
           std::chrono::seconds{*seconds};
}

}  // namespace

std::optional<std::chrono::seconds> span_in(std::string_view text) {
    if (text.size() < 2) return std::nullopt;
    const auto number = number_in(text.substr(0, text.size() - 1));
    if (!number || *number > kMostAgo) return std::nullopt;
    switch (text.back()) {
        case 'm':
            return std::chrono::minutes{*number};
        case 'h':
            return std::chrono::hours{*number};
        case 'd':
            return std::chrono::days{*number};
        default:
            return std::nullopt;
    }
}

std::optional<TimePoint> since_in(std::string_view text, TimePoint now) {
    if (text.size() != kDateBytes && text.size() != kTimeBytes) {
        const auto span = span_in(text);
        if (!span) return std::nullopt;
        return now - *span;
    }
    const auto date = date_in(text.substr(0, kDateBytes));
    if (!date || text.size() == kDateBytes) return date;
    const auto time = time_in(text.substr(kDateBytes));
    if (!time) return std::nullopt;
    return *date + *time;
}

}  // namespace latchkey::cli
