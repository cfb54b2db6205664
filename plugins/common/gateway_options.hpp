// SPDX-License-Identifier: MIT
//
// The options that the channels to a gateway have in common.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <latchkey/plugin.hpp>

#include "plugins/common/http_client.hpp"

namespace latchkey::plugin {

// Where the gateway is and as whom we speak to it: url, ca_file and the secret.
struct Gateway {
    std::string url;  // without a slash at its end
    std::string user;
    std::string secret;
    std::string ca_file;

    // A request that begins with these, and `path` behind the url.
    [[nodiscard]] HttpRequest request(std::string method, const std::string& path) const;
};

// Either the gateway, or a sentence that says which option is wrong and why.
struct ReadGateway {
    std::optional<Gateway> gateway;
    std::string refusal;
};
// `user` is what the secret belongs to. `usual_url` if the option url is not set.
[[nodiscard]] ReadGateway read_gateway(const Host& host, std::string user,
                                       std::string_view usual_url);

// A sender as gateways take it: a phone number, up to 6 digits, or up to 11 letters, digits,
// spaces, hyphens and so on, a letter among them.
[[nodiscard]] bool is_sender(std::string_view text);

}  // namespace latchkey::plugin
