// SPDX-License-Identifier: MIT
//
// Asks for an approval on a telephone with the ntfy app: one message with a button that denies,
// and one with three, of which one is the number that the screen shows. Options: url, reply_topic,
// reply_token, ca_file; the channel's secret is our own token (README.md, latchkey.toml(5)).
#include <algorithm>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <latchkey/plugin.hpp>

#include "plugins/common/approval_text.hpp"
#include "plugins/common/escape.hpp"
#include "plugins/common/gateway_options.hpp"
#include "plugins/common/http_client.hpp"
#include "plugins/common/json.hpp"
#include "plugins/common/reference.hpp"
#include "plugins/push-ntfy/replies.hpp"

namespace {

using latchkey::plugin::ApprovalRequest;
using latchkey::plugin::Gateway;
using latchkey::plugin::Host;
using latchkey::plugin::HttpAnswer;
using latchkey::plugin::HttpRequest;
using latchkey::plugin::Json;
using latchkey::plugin::Outcome;
using latchkey::plugin::Reply;
using latchkey::plugin::until_line;
using std::chrono::milliseconds;

constexpr std::size_t kChoices = 3;  // ntfy takes at most three buttons
constexpr const char* kHowToDeny = "\nThe button that denies is in the message before this one.\n";
constexpr const char* kDenialText =
    "Somebody, hopefully you, asks this. If it is you, press nothing here: the numbers come "
    "next.\n";
constexpr const char* kDenialLabel = "Deny";
// A public server counts requests: few looks, and then the person presses Enter again.
constexpr int kLooks = 3;
constexpr milliseconds kBetweenLooks{1500};

struct Ntfy {
    Gateway gateway;
    std::string reply_topic;
    std::string reply_token;
    std::string refusal;  // not empty: which option is wrong and why
};

bool is_word(std::string_view text) {
    constexpr std::string_view kSigns =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    return text.find_first_not_of(kSigns) == std::string_view::npos;
}

// Who knows a topic's name can read it on a server without accounts, so no short ones.
bool is_topic(std::string_view text) {
    constexpr std::size_t kShortest = 16;
    constexpr std::size_t kLongest = 64;
    return text.size() >= kShortest && text.size() <= kLongest && is_word(text);
}

Ntfy read_options(const Host& host) {
    Ntfy ntfy;
    ntfy.reply_topic = host.option("reply_topic").value_or("");
    ntfy.reply_token = host.option("reply_token").value_or("");
    auto read = latchkey::plugin::read_gateway(host, {}, {});
    if (!read.gateway)
        ntfy.refusal = read.refusal;
    else if (!is_topic(ntfy.reply_topic))
        ntfy.refusal = "option reply_topic must be 16 to 64 letters, digits, '_' and '-'";
    else if (ntfy.reply_token.empty() || !is_word(ntfy.reply_token))
        ntfy.refusal = "option reply_token must be a token that may write to reply_topic alone";
    else if (ntfy.reply_token == read.gateway->secret)
        ntfy.refusal = "option reply_token is the channel's own; it would travel to telephones";
    else
        ntfy.gateway = std::move(*read.gateway);
    return ntfy;
}

// Never "Basic": a token is all there is.
HttpRequest request_to(const Ntfy& ntfy, std::string method, const std::string& path) {
    HttpRequest request = ntfy.gateway.request(std::move(method), path);
    request.user.clear();
    request.password.clear();
    request.headers = {"Authorization: Bearer " + ntfy.gateway.secret};
    return request;
}

// The title is what poll has the server filter by, so that nobody else's messages are read.
Json button(const Ntfy& ntfy, const std::string& request_id, std::string_view label,
            std::string_view answer) {
    return {{"action", "http"},
            {"label", label},
            {"url", ntfy.gateway.url + '/' + ntfy.reply_topic},
            {"method", "POST"},
            {"headers", {{"Authorization", "Bearer " + ntfy.reply_token}, {"Title", request_id}}},
            {"body", (request_id + ':').append(answer)},
            {"clear", true}};
}

class PushNtfy final : public latchkey::plugin::Approval {
public:
    Reply begin(const Host& host, const ApprovalRequest& request) override {
        const Ntfy ntfy = read_options(host);
        if (!ntfy.refusal.empty()) return {Outcome::Misconfigured, ntfy.refusal};
        if (!is_topic(request.to) || request.to == ntfy.reply_topic)
            return {Outcome::Permanent, "the address is no topic of a person"};
        // First how to deny: nobody is shown numbers without it, and the telephone shows on top
        // what came last.
        Reply denial = post(host, ntfy, request, denial_message(ntfy, request));
        if (denial.outcome != Outcome::Accepted) return denial;
        Reply numbers = post(host, ntfy, request, numbers_message(ntfy, request));
        if (numbers.outcome != Outcome::Accepted)  // the person has been told something already
            return {Outcome::Temporary, "the first message only was taken; " + numbers.for_log};
        numbers.state = std::move(denial.state);
        return numbers;
    }

    Reply poll(const Host& host, const ApprovalRequest& request) override {
        const Ntfy ntfy = read_options(host);
        if (!ntfy.refusal.empty()) return {Outcome::Misconfigured, ntfy.refusal};
        Reply reply = look(host, ntfy, request);
        for (int looks = 1; looks < kLooks && reply.outcome == Outcome::Queued &&
                            host.time_left() > 2 * kBetweenLooks;
             ++looks) {
            std::this_thread::sleep_for(kBetweenLooks);
            reply = look(host, ntfy, request);
        }
        return reply;
    }

private:
    static Json denial_message(const Ntfy& ntfy, const ApprovalRequest& request) {
        return {{"topic", request.to},
                {"title", request.subject},
                {"message", kDenialText + until_line(request)},
                {"priority", 3},
                {"tags", {"no_entry"}},
                {"actions", Json::array({button(ntfy, std::string{request.request_id}, kDenialLabel,
                                                latchkey::ntfy::kDenial)})}};
    }

    static Json numbers_message(const Ntfy& ntfy, const ApprovalRequest& request) {
        Json buttons = Json::array();
        for (const std::string& number : latchkey::ntfy::numbers_in(request.choices))
            if (buttons.size() < kChoices)
                buttons.push_back(button(ntfy, std::string{request.request_id}, number, number));
        return {{"topic", request.to},
                {"title", request.subject},
                {"message", std::string{request.text} + kHowToDeny + until_line(request)},
                {"priority", 5},
                {"tags", {"key"}},
                {"actions", std::move(buttons)}};
    }

    static Reply post(const Host& host, const Ntfy& ntfy, const ApprovalRequest& approval,
                      const Json& message) {
        auto request = request_to(ntfy, "POST", "");
        request.headers.emplace_back("Content-Type: application/json");
        request.body = message.dump(-1, ' ', false, Json::error_handler_t::replace);
        const HttpAnswer answer = latchkey::plugin::ask(request, host.time_left());
        return answer.reply.outcome == Outcome::Accepted ? begun(answer.body, approval)
                                                         : answer.reply;
    }

    // Keeps the server's own time: its clock and ours may differ.
    static Reply begun(const std::string& body, const ApprovalRequest& request) {
        const auto time = latchkey::ntfy::time_in(body);
        if (!time) return {Outcome::Temporary, "the server's answer is none of ntfy's"};
        Reply reply{Outcome::Accepted, "taken by ntfy"};
        if (const std::string name = name_in(body, request); !name.empty())
            reply.for_log += " as " + name;
        reply.state = std::to_string(*time);
        return reply;
    }

    // What the server calls the message; none that tells of the numbers or of the topic.
    static std::string name_in(const std::string& body, const ApprovalRequest& request) {
        const auto numbers = latchkey::ntfy::numbers_in(request.choices);
        std::vector<std::string_view> confidential{numbers.begin(), numbers.end()};
        confidential.insert(confidential.end(), {request.request_id, request.to});
        const auto message = latchkey::plugin::parse_json(body);
        if (!message) return {};
        using latchkey::plugin::member;
        return latchkey::plugin::reference_of(latchkey::plugin::text_of(member(*message, "id")),
                                              confidential);
    }

    static Reply look(const Host& host, const Ntfy& ntfy, const ApprovalRequest& request) {
        using latchkey::plugin::percent_escaped;
        const auto get = request_to(ntfy, "GET",
                                    '/' + ntfy.reply_topic +
                                        "/json?poll=1&since=" + percent_escaped(request.state) +
                                        "&title=" + percent_escaped(request.request_id));
        const HttpAnswer answer = latchkey::plugin::ask(get, host.time_left());
        if (answer.reply.outcome != Outcome::Accepted) return answer.reply;
        const auto found = latchkey::ntfy::answer_in(answer.body, request.request_id);
        if (!found) {
            Reply none{Outcome::Queued, "no answer yet"};
            none.state = request.state;
            return none;
        }
        if (*found == latchkey::ntfy::kDenial) return {Outcome::Wrong, "denied"};
        Reply reply{Outcome::Accepted, "answered"};
        reply.answer = *found;
        return reply;
    }
};

}  // namespace

LATCHKEY_APPROVAL(PushNtfy, LATCHKEY_VERSION);
