// SPDX-License-Identifier: MIT
//
// Posts codes to rooms of a Matrix home server. The code for ada@example.org goes to the
// room #latchkey-ada:example.org, which nobody but Ada and our bot is in.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <curl/curl.h>
#include <latchkey/plugin.hpp>
#include <nlohmann/json.hpp>

namespace {

using namespace latchkey::plugin;
using nlohmann::json;

struct Server {
    std::string url;      // "https://matrix.example.org"
    std::string token;    // of our bot
    std::string ca_file;  // empty: the system's
};

// What is wrong with the settings, or nothing.
std::string read_settings(const Host& host, Server& server) {
    server.url = host.option("homeserver").value_or("");
    server.token = host.secret();
    server.ca_file = host.option("ca_file").value_or("");
    const bool loopback = server.url.starts_with("http://127.0.0.1:");
    if (!server.url.starts_with("https://") && !loopback)
        return "option homeserver must be an https address";
    if (server.token.empty()) return "the channel has no secret_file with the bot's access token";
    if (server.token.find_first_of("\r\n") != std::string::npos)
        return "the access token holds a line end";
    return {};
}

// The room of a person, or nothing if the address cannot be one.
std::optional<std::string> room_alias(std::string_view address) {
    constexpr std::string_view name_characters = "abcdefghijklmnopqrstuvwxyz0123456789._=-";
    constexpr std::string_view host_characters = "abcdefghijklmnopqrstuvwxyz0123456789.-";
    const std::size_t at = address.find('@');
    if (at == std::string_view::npos || address.size() > 200) return std::nullopt;
    const std::string_view name = address.substr(0, at);
    const std::string_view domain = address.substr(at + 1);
    if (name.empty() || domain.empty() ||
        name.find_first_not_of(name_characters) != std::string_view::npos ||
        domain.find_first_not_of(host_characters) != std::string_view::npos)
        return std::nullopt;
    return "#latchkey-" + std::string{name} + ':' + std::string{domain};
}

struct Request {
    const char* method;
    std::string path;
    std::string body;
};

struct Answer {
    CURLcode code = CURLE_OK;
    long status = 0;
    std::string body;
    std::chrono::seconds retry_after{0};
};

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

std::size_t keep(char* data, std::size_t size, std::size_t count, void* into) {
    auto& body = *static_cast<std::string*>(into);
    if (body.size() + size * count > 65536) return 0;  // no answer that we know is so long
    body.append(data, size * count);
    return size * count;
}

Answer ask(const Host& host, const Server& server, const Request& request) {
    Answer answer;
    const auto left = static_cast<long>(host.time_left().count());
    if (left <= 0) return {CURLE_OPERATION_TIMEDOUT};  // to libcurl, 0 is "for ever"
    const Handle curl{curl_easy_init(), &curl_easy_cleanup};
    List headers{nullptr, &curl_slist_free_all};
    for (const std::string& line :
         {"Authorization: Bearer " + server.token, std::string{"Content-Type: application/json"}})
        headers.reset(curl_slist_append(headers.release(), line.c_str()));
    curl_easy_setopt(curl.get(), CURLOPT_URL, (server.url + request.path).c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, request.method);
    if (!request.body.empty())
        curl_easy_setopt(curl.get(), CURLOPT_COPYPOSTFIELDS, request.body.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    if (!server.ca_file.empty())
        curl_easy_setopt(curl.get(), CURLOPT_CAINFO, server.ca_file.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, left);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &keep);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer.body);
    answer.code = curl_easy_perform(curl.get());
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
    curl_off_t wait = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RETRY_AFTER, &wait);
    answer.retry_after = std::chrono::seconds{wait};
    return answer;
}

// Never what the server said: it may repeat what it was told.
Reply reply_to(const Answer& answer, const std::string& step) {
    if (answer.code == CURLE_COULDNT_RESOLVE_HOST || answer.code == CURLE_COULDNT_CONNECT)
        return {Outcome::NotTaken, step + ": " + curl_easy_strerror(answer.code)};
    if (answer.code != CURLE_OK)
        return {Outcome::Temporary, step + ": " + curl_easy_strerror(answer.code)};
    const std::string what = step + ": status " + std::to_string(answer.status);
    if (answer.status >= 200 && answer.status < 300) return {Outcome::Accepted, what};
    if (answer.status == 429 || answer.status == 503)
        return {Outcome::NotTaken, what, answer.retry_after};
    if (answer.status >= 500) return {Outcome::Temporary, what};
    if (answer.status == 404) return {Outcome::Permanent, what};
    return {Outcome::Misconfigured, what};  // 401 and 403: the bot may not
}

std::string escaped(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        result += {'%', hex[byte >> 4], hex[byte & 0xf]};
    }
    return result;
}

std::string room_of(const std::string& body) {
    const json found = json::parse(body, nullptr, false);
    if (!found.is_object()) return {};
    const auto id = found.find("room_id");
    return id != found.end() && id->is_string() ? id->get<std::string>() : std::string{};
}

class Matrix final : public Delivery, public Probe {
public:
    Reply deliver(const Host& host, const Message& message) override {
        Server server;
        if (const std::string wrong = read_settings(host, server); !wrong.empty())
            return {Outcome::Misconfigured, wrong};
        const auto alias = room_alias(message.to);
        if (!alias) return {Outcome::Permanent, "the address cannot be of a Matrix user"};
        const Answer room =
            ask(host, server, {"GET", "/_matrix/client/v3/directory/room/" + escaped(*alias), ""});
        Reply found = reply_to(room, "room");
        if (found.outcome != Outcome::Accepted) return found;
        const std::string id = room_of(room.body);
        if (id.empty()) return {Outcome::Temporary, "room: the answer names none"};
        const json body{{"msgtype", "m.text"}, {"body", message.text}};
        // The same message_id again is the same event, so nothing arrives twice.
        return reply_to(ask(host, server,
                            {"PUT",
                             "/_matrix/client/v3/rooms/" + escaped(id) + "/send/m.room.message/" +
                                 escaped(message.message_id),
                             body.dump(-1, ' ', true, json::error_handler_t::replace)}),
                        "message");
    }

    Reply probe(const Host& host) override {
        Server server;
        if (const std::string wrong = read_settings(host, server); !wrong.empty())
            return {Outcome::Misconfigured, wrong};
        return reply_to(ask(host, server, {"GET", "/_matrix/client/v3/account/whoami", ""}),
                        "whoami");
    }
};

}  // namespace

LATCHKEY_DELIVERY(Matrix, "1.0");
