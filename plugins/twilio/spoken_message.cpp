// SPDX-License-Identifier: MIT
#include "plugins/twilio/spoken_message.hpp"

#include "plugins/common/escape.hpp"

namespace latchkey::twilio {

namespace {

constexpr std::string_view kPause = "<Pause length=\"1\"/>";
constexpr std::size_t kLongestCode = 16;

std::string said(const std::string& words) {
    return "<Say language=\"en-US\">" + words + "</Say>";
}

bool is_code(std::string_view code) {
    return !code.empty() && code.size() <= kLongestCode &&
           code.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string response(const std::string& content) {
    // Whoever picks up needs a moment to listen.
    return "<Response>" + std::string{kPause} + content + "</Response>";
}

}  // namespace

std::optional<std::string> spoken_code(std::string_view code) {
    if (!is_code(code)) return std::nullopt;
    std::string digits;
    for (const char digit : code) digits += said(std::string{digit}) + std::string{kPause};
    return response(said("Your recovery code is") + std::string{kPause} + digits +
                    said("Once more, your recovery code is") + std::string{kPause} + digits +
                    said("Goodbye."));
}

std::optional<std::string> spoken_code_after_key(std::string_view code,
                                                 std::string_view key_press_url) {
    if (!is_code(code)) return std::nullopt;
    std::string digits;
    for (const char digit : code) digits += std::string{digits.empty() ? "" : ", "} + digit;
    const auto action = plugin::xml_escaped(std::string{key_press_url} +
                                            "?code=" + plugin::percent_escaped(digits));
    if (!action) return std::nullopt;
    return response("<Gather numDigits=\"1\" timeout=\"10\" method=\"GET\" action=\"" + *action +
                    "\">" + said("To hear your recovery code, press any digit.") + "</Gather>" +
                    said("Goodbye."));
}

std::optional<std::string> spoken_notice(std::string_view text) {
    const auto words = plugin::xml_escaped(text);
    if (!words) return std::nullopt;
    return response(said(*words) + std::string{kPause} + said(*words));
}

}  // namespace latchkey::twilio
