// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <latchkey/plugin.hpp>

#include "plugins/sms-http/request_template.hpp"

namespace latchkey::sms_http {

// What the channel's options say, templates still unfilled.
struct SmsHttpSettings {
    std::string method;
    std::string url;
    std::string content_type;
    std::string body;
    Place place = Place::Form;  // of the body
    std::vector<std::string> headers;
    std::string user;
    std::string ca_file;
    std::vector<long> success_status;  // empty: every 2xx
    std::string success_pattern;
    std::string permanent_pattern;

    // True if any of the templates has {name}.
    [[nodiscard]] bool ask_for(std::string_view name) const;
};

// Either the settings, or a sentence that says which option is wrong and why.
struct ReadSettings {
    std::optional<SmsHttpSettings> settings;
    std::string refusal;
};
[[nodiscard]] ReadSettings read_settings(const plugin::Host& host);

}  // namespace latchkey::sms_http
