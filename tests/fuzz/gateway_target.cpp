// SPDX-License-Identifier: MIT
//
// Any template with any values in any place, and any answer of a gateway: a value changes nothing
// of the request's structure, and what is said of an answer is short and holds none of it.
#include <algorithm>
#include <array>

#include "plugins/common/http_client.hpp"
#include "plugins/common/json.hpp"
#include "plugins/sms-http/reply_pattern.hpp"
#include "plugins/sms-http/request_template.hpp"
#include "plugins/sms-vonage/vonage_reply.hpp"
#include "plugins/twilio/spoken_message.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace latchkey;
using fuzz::holds;
using sms_http::Place;

std::ptrdiff_t count(std::string_view text, std::string_view signs) {
    return std::count_if(text.begin(), text.end(),
                         [&](char c) { return signs.find(c) != std::string_view::npos; });
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; });
}

// The same with every text emptied.
nlohmann::json shape_of(const nlohmann::json& json) {
    if (json.is_string()) return "";
    if (!json.is_structured()) return json;
    nlohmann::json shape = nlohmann::json::array();
    for (const auto& part : json) shape.push_back(shape_of(part));
    return shape;
}

// A value that is part of a member's name may change the order of members: only lists are
// compared.
void check_json(const std::string& text, const std::string& filled) {
    const auto before = plugin::parse_json(text);
    if (!before) return;
    const auto after = plugin::parse_json(filled);
    holds(after.has_value() || filled.size() > plugin::kLargestJson, "filled JSON is JSON");
    if (after && text.find(':') == std::string::npos)
        holds(shape_of(*before) == shape_of(*after), "and no part is added");
}

void check_template(fuzz::Input& input) {
    constexpr std::array kPlaces{Place::Url, Place::Header, Place::Form, Place::Json, Place::Xml};
    const Place place = kPlaces.at(input.below(kPlaces.size()));
    const std::string text = input.text();
    const sms_http::Values values{{"to", input.text()}, {"text", input.text()}};
    const auto result = sms_http::fill(text, place, values);
    holds(result.text.has_value() == result.refusal.empty(), "filled or refused");
    if (!result.text) return;
    const std::string& filled = *result.text;
    if (place == Place::Url || place == Place::Form)
        holds(count(filled, "&=?#/: \r\n") == count(text, "&=?#/: \r\n"), "no field is added");
    if (place == Place::Xml)
        holds(count(filled, "<>\"'") == count(text, "<>\"'"), "no tag is added");
    if (place == Place::Header) holds(has_control(filled) == has_control(text), "no line is added");
    if (place == Place::Json) check_json(text, filled);
}

void check_words(const plugin::Reply& reply) {
    constexpr std::size_t kLongest = 100;
    holds(reply.for_log.size() < kLongest && !has_control(reply.for_log), "short and printable");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input{data, size};
    check_template(input);
    const std::string pattern = input.text();
    const std::string url = input.text();
    if (plugin::objection_to_url(url).empty())
        holds(!has_control(url) && (url.starts_with("https://") || url.starts_with("http://")),
              "an address is one line of http");
    const std::string_view answer = input.rest();
    static_cast<void>(sms_http::matches(pattern, answer));
    const auto reply = vonage::judged(answer, {"47110815"});
    check_words(reply);
    holds(reply.for_log.find("47110815") == std::string::npos, "and without the code");
    if (const auto words = twilio::spoken_notice(answer))
        holds(count(*words, "<") == count(*twilio::spoken_notice("a"), "<"), "no verb is added");
    if (const auto words = twilio::spoken_code(answer))
        holds(!has_control(*words), "a code is digits");
    return 0;
}
