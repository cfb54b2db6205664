// SPDX-License-Identifier: MIT
//
// One request to a gateway that is not trusted, by libcurl.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <latchkey/plugin.hpp>

namespace latchkey::plugin {

struct HttpRequest {
    std::string method = "GET";          // or "POST"
    std::string url;                     // passed objection_to_url
    std::vector<std::string> headers{};  // "Name: value", each passed is_header_value
    std::string body{};
    std::string user{};  // empty: no basic authentication
    std::string password{};
    std::string ca_file{};  // the only trust if set; empty: the host's certificates
};

struct HttpAnswer {
    long status = 0;   // 0: there was no whole answer
    std::string body;  // at most 64 KiB
    // What the answer means by its class alone: 2xx Accepted; no connection, 429, 503 NotTaken; no
    // answer, no time, other 5xx Temporary; certificate, 3xx, 401, 403 Misconfigured; other 4xx
    // Permanent. A plugin that knows its gateway's words makes more of it. The log text holds the
    // status, never a word that the gateway said.
    Reply reply;
};

// Asks once and follows nothing: no redirect, no proxy, no cookie, no other protocol; the
// certificate must be right, and plain http reaches loopback addresses only, whatever a name
// resolves to. A reply larger than 64 KiB, or with more headers than any gateway sends, is cut
// off. Returns before `time` is over.
[[nodiscard]] HttpAnswer ask(const HttpRequest& request, std::chrono::milliseconds time);

// What is wrong with `url`, as the end of a sentence that begins with the option's name;
// empty: nothing. Right is an absolute http or https address with a host, without a user, a
// fragment or a character that must be escaped; http for this host only.
[[nodiscard]] std::string objection_to_url(const std::string& url);

}  // namespace latchkey::plugin
