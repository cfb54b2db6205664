// SPDX-License-Identifier: MIT
#include "plugins/email/smtp.hpp"

#include <errno.h>

#include <algorithm>
#include <cctype>
#include <cstring>

#include <curl/curl.h>

#include "plugins/common/curl_connection.hpp"

namespace latchkey::email {

namespace {

using plugin::Outcome;
using plugin::Reply;

using Options = plugin::CurlOptions;

std::size_t read_message(char* into, std::size_t size, std::size_t count, void* from) {
    auto& rest = *static_cast<std::string_view*>(from);
    const std::size_t length = std::min(size * count, rest.size());
    std::memcpy(into, rest.data(), length);
    rest.remove_prefix(length);
    return length;
}

// Keeps "550 5.1.1" of the line that came last: the codes, not the words.
std::size_t keep_codes(char* line, std::size_t size, std::size_t count, void* into) {
    const std::string_view text{line, size * count};
    const auto end = std::find_if_not(
        text.begin(), text.begin() + std::min<std::ptrdiff_t>(16, std::ssize(text)), [](char c) {
            return std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.' || c == ' ' ||
                   c == '-';
        });
    std::string codes{text.begin(), end};
    while (!codes.empty() && std::isdigit(static_cast<unsigned char>(codes.back())) == 0)
        codes.pop_back();
    *static_cast<std::string*>(into) = std::move(codes);
    return size * count;
}

// Whether the server has been told the recipient: what it refuses before that, it refuses us.
int note_recipient(CURL*, curl_infotype kind, char* sent, std::size_t size, void* into) {
    if (kind == CURLINFO_HEADER_OUT && std::string_view{sent, size}.starts_with("RCPT TO:"))
        *static_cast<bool*>(into) = true;
    return 0;
}

std::size_t ignore(char*, std::size_t size, std::size_t count, void*) {
    return size * count;
}

std::string url_of(const MailSettings& settings) {
    const bool is_ipv6 = settings.server.find(':') != std::string::npos;
    return std::string{settings.tls == Tls::Implicit ? "smtps://" : "smtp://"} +
           (is_ipv6 ? "[" + settings.server + "]" : settings.server) + ":" +
           std::to_string(settings.port) + "/" + settings.hello_name;
}

void set_security(Options& options, const MailSettings& settings) {
    options.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    options.set(CURLOPT_PROXY, "");
    if (settings.tls == Tls::None) {
        options.set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_NONE));
        options.set(CURLOPT_OPENSOCKETFUNCTION, &plugin::open_loopback_only);
    } else {
        options.set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    }
    options.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    options.set(CURLOPT_SSL_VERIFYPEER, 1L);
    options.set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!settings.ca_file.empty()) {
        options.set(CURLOPT_CAINFO, settings.ca_file.c_str());
        // Else the host's certificates would be trusted beside it.
        options.set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
    if (!settings.user.empty()) {
        options.set(CURLOPT_USERNAME, settings.user.c_str());
        options.set(CURLOPT_PASSWORD, settings.password.c_str());
    }
}

bool is_tls_failure(CURLcode code) {
    return code == CURLE_USE_SSL_FAILED || code == CURLE_PEER_FAILED_VERIFICATION ||
           code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_CONNECT_ERROR ||
           code == CURLE_SSL_ISSUER_ERROR || code == CURLE_SSL_CIPHER ||
           code == CURLE_SSL_INVALIDCERTSTATUS;
}

bool is_connection_failure(CURLcode code) {
    return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT ||
           code == CURLE_OPERATION_TIMEDOUT || code == CURLE_GOT_NOTHING ||
           code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR || code == CURLE_OUT_OF_MEMORY ||
           code == CURLE_PARTIAL_FILE;
}

// RFC 4954: the server wants a login or TLS that the settings do not give.
bool asks_for_login(long reply) {
    return reply == 530 || reply == 534 || reply == 535 || reply == 538;
}

struct Ending {
    CURLcode code;
    long reply;     // the server's last, 0 without one
    long os_error;  // errno of the connection
    bool knows_recipient;
    bool is_connected;
};

Outcome outcome_of(const Ending& ending) {
    const auto [code, reply, os_error, knows_recipient, is_connected] = ending;
    if (code == CURLE_OK) return Outcome::Accepted;
    if (code == CURLE_SSL_CONNECT_ERROR && os_error == ECONNRESET) return Outcome::Temporary;
    if (is_tls_failure(code)) return Outcome::Misconfigured;
    if (reply >= 400 && reply < 500) return Outcome::Temporary;
    if (code == CURLE_LOGIN_DENIED || asks_for_login(reply)) return Outcome::Misconfigured;
    if (reply >= 500 && reply < 600)
        return knows_recipient ? Outcome::Permanent : Outcome::Misconfigured;
    if (code == CURLE_WEIRD_SERVER_REPLY) return Outcome::Temporary;
    if (!is_connection_failure(code)) return Outcome::Misconfigured;
    return is_connected ? Outcome::Temporary : Outcome::NotTaken;
}

Reply reply_of(CURLcode code, CURL* handle, const std::string& codes, bool knows_recipient) {
    curl_off_t connected_after = 0;  // microseconds; 0: never, so that nothing was handed over
    curl_easy_getinfo(handle, CURLINFO_CONNECT_TIME_T, &connected_after);
    Ending ending{code, 0, 0, knows_recipient, connected_after > 0};
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &ending.reply);
    curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &ending.os_error);
    std::string text = curl_easy_strerror(code);
    if (!codes.empty()) text += "; the server's last reply: " + codes;
    return {outcome_of(ending), std::move(text)};
}

// What a call has in common, whether it hands over a message or not.
void set_connection(Options& options, const MailSettings& settings, std::chrono::milliseconds time,
                    std::string& codes) {
    const auto milliseconds = static_cast<long>(std::max<std::int64_t>(time.count(), 1));
    options.set(CURLOPT_NOSIGNAL, 1L);
    options.set(CURLOPT_URL, url_of(settings).c_str());
    set_security(options, settings);
    options.set(CURLOPT_TIMEOUT_MS, milliseconds);
    options.set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds);
#if LIBCURL_VERSION_NUM >= 0x075700
    options.set(CURLOPT_QUICK_EXIT, 1L);  // does not wait for a resolver that is stuck
#endif
    options.set(CURLOPT_HEADERFUNCTION, &keep_codes);
    options.set(CURLOPT_HEADERDATA, static_cast<void*>(&codes));
    options.set(CURLOPT_WRITEFUNCTION, &ignore);
}

Reply lacking(CURLcode code) {
    return {Outcome::Misconfigured,
            std::string{"libcurl lacks what is needed: "} + curl_easy_strerror(code)};
}

}  // namespace

Reply send(const MailSettings& settings, const std::string& to, const std::string& message,
           std::chrono::milliseconds time) {
    const plugin::CurlHandle handle = plugin::new_curl_handle();
    const plugin::CurlList recipients{curl_slist_append(nullptr, ("<" + to + ">").c_str()),
                                      &curl_slist_free_all};
    if (!handle || !recipients) return {Outcome::Temporary, "libcurl: no start"};

    std::string_view rest = message;
    std::string codes;
    bool knows_recipient = false;
    Options options{handle.get()};
    set_connection(options, settings, time, codes);
    options.set(CURLOPT_MAIL_FROM, ("<" + settings.from.address + ">").c_str());
    options.set(CURLOPT_MAIL_RCPT, recipients.get());
    options.set(CURLOPT_UPLOAD, 1L);
    options.set(CURLOPT_READFUNCTION, &read_message);
    options.set(CURLOPT_READDATA, static_cast<void*>(&rest));
    options.set(CURLOPT_VERBOSE, 1L);  // or nothing is shown to the function
    options.set(CURLOPT_DEBUGFUNCTION, &note_recipient);
    options.set(CURLOPT_DEBUGDATA, static_cast<void*>(&knows_recipient));
    if (options.result() != CURLE_OK) return lacking(options.result());
    const CURLcode code = curl_easy_perform(handle.get());
    return reply_of(code, handle.get(), codes, knows_recipient);
}

Reply knock(const MailSettings& settings, std::chrono::milliseconds time) {
    const plugin::CurlHandle handle = plugin::new_curl_handle();
    if (!handle) return {Outcome::Temporary, "libcurl: no start"};
    std::string codes;
    Options options{handle.get()};
    set_connection(options, settings, time, codes);
    options.set(CURLOPT_CUSTOMREQUEST, "NOOP");
    options.set(CURLOPT_NOBODY, 1L);
    if (options.result() != CURLE_OK) return lacking(options.result());
    const CURLcode code = curl_easy_perform(handle.get());
    return reply_of(code, handle.get(), codes, false);
}

}  // namespace latchkey::email
