// SPDX-License-Identifier: MIT
//
// faillock.conf(5): "name = value", '#' begins a comment anywhere in a line.
#include <charconv>
#include <fstream>
#include <limits>
#include <string_view>

#include "monitor/lockout.hpp"

namespace latchkey {

namespace {

constexpr std::string_view kBlanks = " \t\r\n\v\f";
constexpr std::chrono::seconds kLongestTime = std::chrono::hours{7 * 24};  // pam_faillock's own

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// The leading number, whatever follows it, as scanf reads it.
template <typename Number>
std::optional<Number> leading_number(std::string_view text) {
    Number value{};
    if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{})
        return std::nullopt;
    return value;
}

std::optional<std::chrono::seconds> time_in(std::string_view text) {
    const auto number = leading_number<std::uint32_t>(text);
    if (!number || std::chrono::seconds{*number} > kLongestTime) return std::nullopt;
    return std::chrono::seconds{*number};
}

std::optional<std::chrono::seconds> unlock_time_in(std::string_view text) {
    return text == "never" ? std::chrono::seconds{0} : time_in(text);
}

void apply(FaillockSettings& settings, std::string_view name, std::string_view value) {
    if (name == "dir") {
        if (value.starts_with('/')) settings.directory = value;
    } else if (name == "deny") {
        settings.deny = leading_number<std::uint16_t>(value).value_or(
            static_cast<std::uint16_t>(settings.deny));
    } else if (name == "fail_interval") {
        settings.fail_interval = time_in(value).value_or(settings.fail_interval);
    } else if (name == "unlock_time") {
        settings.unlock_time = unlock_time_in(value).value_or(settings.unlock_time);
    } else if (name == "root_unlock_time") {
        settings.even_deny_root = true;
        if (const auto time = unlock_time_in(value)) settings.root_unlock_time = time;
    } else if (name == "even_deny_root") {
        settings.even_deny_root = true;
    } else if (name == "admin_group") {
        settings.admin_group = value;
    }
}

}  // namespace

FaillockSettings read_faillock_settings(const std::string& path,
                                        const std::string& directory_argument) {
    FaillockSettings settings;
    std::ifstream file{path};
    for (std::string line; std::getline(file, line);) {
        const std::string_view text = trimmed(std::string_view{line}.substr(0, line.find('#')));
        const std::size_t end = text.find_first_of(" \t=");
        const std::string_view name = text.substr(0, end);
        std::string_view value = end == text.npos ? std::string_view{} : trimmed(text.substr(end));
        if (value.starts_with('=')) value = trimmed(value.substr(1));
        apply(settings, name, value);
    }
    if (directory_argument.starts_with('/')) settings.directory = directory_argument;
    return settings;
}

}  // namespace latchkey
