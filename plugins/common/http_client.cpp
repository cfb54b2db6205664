// SPDX-License-Identifier: MIT
#include "plugins/common/http_client.hpp"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>

#include <algorithm>
#include <memory>
#include <optional>

#include <curl/curl.h>

#include "plugins/common/curl_connection.hpp"

namespace latchkey::plugin {

namespace {

using Options = CurlOptions;

constexpr std::size_t kLargestBody = 64 << 10;
constexpr std::size_t kMostHeaders = 100;
constexpr std::size_t kLargestHeaders = 16 << 10;
// As long as anybody waits for a code; a gateway's wish beyond it is none.
constexpr std::chrono::seconds kLongestWish{600};

// What has arrived. A callback that returns less than it was given ends the transfer.
struct Arrived {
    std::string body;
    std::size_t headers = 0;
    std::size_t header_bytes = 0;
    bool too_much = false;
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* into) {
    auto& arrived = *static_cast<Arrived*>(into);
    arrived.too_much = arrived.body.size() + size * count > kLargestBody;
    if (arrived.too_much) return 0;
    arrived.body.append(data, size * count);
    return size * count;
}

std::size_t count_header(char*, std::size_t size, std::size_t count, void* into) {
    auto& arrived = *static_cast<Arrived*>(into);
    arrived.headers += 1;
    arrived.header_bytes += size * count;
    arrived.too_much = arrived.headers > kMostHeaders || arrived.header_bytes > kLargestHeaders;
    return arrived.too_much ? 0 : size * count;
}

void set_security(Options& options, const HttpRequest& request) {
    options.set(CURLOPT_PROTOCOLS_STR, "http,https");
    options.set(CURLOPT_PROXY, "");
    options.set(CURLOPT_FOLLOWLOCATION, 0L);
    // Fewer lines of code meet the gateway's bytes than with HTTP/2.
    options.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    if (request.url.starts_with("http://"))
        options.set(CURLOPT_OPENSOCKETFUNCTION, &open_loopback_only);
    options.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    options.set(CURLOPT_SSL_VERIFYPEER, 1L);
    options.set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!request.ca_file.empty()) {
        options.set(CURLOPT_CAINFO, request.ca_file.c_str());
        // Else the host's certificates would be trusted beside it.
        options.set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
    if (!request.user.empty()) {
        options.set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
        options.set(CURLOPT_USERNAME, request.user.c_str());
        options.set(CURLOPT_PASSWORD, request.password.c_str());
    }
}

void set_request(Options& options, const HttpRequest& request, curl_slist* headers) {
    options.set(CURLOPT_URL, request.url.c_str());
    options.set(CURLOPT_USERAGENT, "latchkey");
    options.set(CURLOPT_HTTPHEADER, headers);
    if (request.method == "POST") {
        options.set(CURLOPT_POST, 1L);
        options.set(CURLOPT_POSTFIELDS, request.body.c_str());
        options.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    }
}

void set_bounds(Options& options, std::chrono::milliseconds time, Arrived& arrived) {
    const auto milliseconds = static_cast<long>(std::max<std::int64_t>(time.count(), 1));
    options.set(CURLOPT_NOSIGNAL, 1L);
    options.set(CURLOPT_TIMEOUT_MS, milliseconds);
    options.set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds);
#if LIBCURL_VERSION_NUM >= 0x075700
    options.set(CURLOPT_QUICK_EXIT, 1L);  // does not wait for a resolver that is stuck
#endif
    options.set(CURLOPT_WRITEFUNCTION, &take_body);
    options.set(CURLOPT_WRITEDATA, static_cast<void*>(&arrived));
    options.set(CURLOPT_HEADERFUNCTION, &count_header);
    options.set(CURLOPT_HEADERDATA, static_cast<void*>(&arrived));
}

// Nothing if there is no memory. The null list is a list without entries.
std::optional<CurlList> list_of(const std::vector<std::string>& headers) {
    CurlList list{nullptr, &curl_slist_free_all};
    for (const std::string& header : headers) {
        curl_slist* longer = curl_slist_append(list.get(), header.c_str());
        if (longer == nullptr) return std::nullopt;
        (void)list.release();
        list.reset(longer);
    }
    return list;
}

bool is_wrong_certificate(CURLcode code) {
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
           code == CURLE_SSL_CONNECT_ERROR || code == CURLE_SSL_ISSUER_ERROR ||
           code == CURLE_SSL_CIPHER || code == CURLE_SSL_INVALIDCERTSTATUS;
}

Outcome outcome_of(long status) {
    if (status >= 200 && status < 300) return Outcome::Accepted;
    if (status >= 300 && status < 400) return Outcome::Misconfigured;
    if (status == 401 || status == 403 || status == 407) return Outcome::Misconfigured;
    if (status == 429 || status == 503) return Outcome::NotTaken;  // RFC 9110: not now
    if (status == 408) return Outcome::Temporary;
    return status >= 400 && status < 500 ? Outcome::Permanent : Outcome::Temporary;
}

Reply judged(long status) {
    Reply reply{outcome_of(status), "the gateway answered with HTTP status "};
    reply.for_log += std::to_string(status);
    if (status >= 300 && status < 400)
        reply.for_log += ", a redirect, which is never followed; mend the url";
    if (status == 401 || status == 403)
        reply.for_log += "; it takes neither this user nor this secret, or not from this host";
    return reply;
}

std::chrono::seconds wish_in(CURL* handle) {
    curl_off_t seconds = 0;
    curl_easy_getinfo(handle, CURLINFO_RETRY_AFTER, &seconds);
    return std::chrono::seconds{std::clamp<curl_off_t>(seconds, 0, kLongestWish.count())};
}

// Without a connection, and over https without the end of its handshake, nothing was handed over.
// Whatever else an address may look like ("HTTP://") counts as handed over once it is connected.
bool is_connected(CURL* handle) {
    const char* url = nullptr;
    curl_easy_getinfo(handle, CURLINFO_EFFECTIVE_URL, &url);
    const bool tls = url != nullptr && std::string_view{url}.starts_with("https:");
    curl_off_t microseconds = 0;
    curl_easy_getinfo(handle, tls ? CURLINFO_APPCONNECT_TIME_T : CURLINFO_CONNECT_TIME_T,
                      &microseconds);
    return microseconds > 0;
}

Reply failed(CURLcode code, CURL* handle) {
    long os_error = 0;
    curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &os_error);
    // A connection that is cut during the handshake says nothing about certificates.
    const bool cut = code == CURLE_SSL_CONNECT_ERROR && os_error == ECONNRESET;
    const bool wrong = (is_wrong_certificate(code) && !cut) || code == CURLE_URL_MALFORMAT;
    const auto otherwise = is_connected(handle) ? Outcome::Temporary : Outcome::NotTaken;
    return {wrong ? Outcome::Misconfigured : otherwise, curl_easy_strerror(code)};
}

HttpAnswer answer_of(CURLcode code, CURL* handle, Arrived&& arrived) {
    HttpAnswer answer;
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    // A refusal is one however long it is; a yes must be read to its end.
    if (arrived.too_much && status < 300) {
        answer.reply = {Outcome::Temporary, "the gateway's answer is too large"};
    } else if (code != CURLE_OK && !arrived.too_much) {
        answer.reply = failed(code, handle);
    } else {
        answer.status = status;
        answer.body = std::move(arrived.body);
        answer.reply = judged(status);
        answer.reply.retry_after = wish_in(handle);
    }
    return answer;
}

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

// A part of the address as libcurl will understand it; empty if it has none.
std::string part_of(const Url& url, CURLUPart part) {
    char* text = nullptr;
    if (curl_url_get(url.get(), part, &text, 0) != CURLUE_OK) return {};
    std::string result{text};
    curl_free(text);
    return result;
}

bool is_this_host(const std::string& host) {
    in_addr address{};
    if (::inet_pton(AF_INET, host.c_str(), &address) == 1)
        return (ntohl(address.s_addr) >> 24) == 127;
    return host == "[::1]" || host == "localhost";
}

}  // namespace

std::string objection_to_url(const std::string& text) {
    const bool is_visible =
        std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
    const Url url{curl_url(), &curl_url_cleanup};
    if (!is_visible || !url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK)
        return "is no address such as https://gateway.example.org/send";
    const std::string scheme = part_of(url, CURLUPART_SCHEME);
    const std::string host = part_of(url, CURLUPART_HOST);
    // libcurl takes "https:///a" for "https://a"; one reading of an address is enough.
    const bool is_absolute = text.starts_with(scheme + "://") && !text.starts_with(scheme + ":///");
    if ((scheme != "https" && scheme != "http") || !is_absolute || host.empty())
        return "must begin with https:// and a host";
    if (!part_of(url, CURLUPART_USER).empty() || !part_of(url, CURLUPART_PASSWORD).empty())
        return "holds a user or a password; write the options user and secret_file instead";
    if (text.find('#') != std::string::npos) return "holds a '#', which is never sent";
    if (scheme == "http" && !is_this_host(host))
        return "is http, which is possible for a gateway on this host only; write https";
    return {};
}

HttpAnswer ask(const HttpRequest& request, std::chrono::milliseconds time) {
    const CurlHandle handle = new_curl_handle();
    const auto headers = list_of(request.headers);
    HttpAnswer none;
    none.reply = {Outcome::Temporary, "libcurl: no start"};
    if (!handle || !headers) return none;

    Arrived arrived;
    Options options{handle.get()};
    set_security(options, request);
    set_request(options, request, headers->get());
    set_bounds(options, time, arrived);
    if (options.result() != CURLE_OK) {
        none.reply = {Outcome::Misconfigured, std::string{"libcurl lacks what is needed: "} +
                                                  curl_easy_strerror(options.result())};
        return none;
    }
    const CURLcode code = curl_easy_perform(handle.get());
    return answer_of(code, handle.get(), std::move(arrived));
}

}  // namespace latchkey::plugin
