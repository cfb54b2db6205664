// SPDX-License-Identifier: MIT
//
// What the plugins that use libcurl share.
#pragma once

#include <memory>

#include <curl/curl.h>

namespace latchkey::plugin {

using CurlHandle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using CurlList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

// Null if libcurl cannot start.
[[nodiscard]] CurlHandle new_curl_handle();

// Options of one handle. The result is that of the first one that was refused, or CURLE_OK.
class CurlOptions {
public:
    explicit CurlOptions(CURL* handle) : handle_(handle) {}
    template <typename Value>
    void set(CURLoption option, Value value) {
        if (result_ == CURLE_OK) result_ = curl_easy_setopt(handle_, option, value);
    }
    [[nodiscard]] CURLcode result() const { return result_; }

private:
    CURL* handle_;
    CURLcode result_ = CURLE_OK;
};

// For CURLOPT_OPENSOCKETFUNCTION: connects to addresses of this host alone, whatever a name
// resolves to. Where there is no TLS.
curl_socket_t open_loopback_only(void*, curlsocktype, curl_sockaddr* address);

}  // namespace latchkey::plugin
