// SPDX-License-Identifier: MIT
#include "plugins/twilio/twilio_account.hpp"

#include <algorithm>
#include <array>

#include "plugins/common/http_client.hpp"
#include "plugins/common/json.hpp"
#include "plugins/common/reference.hpp"

namespace latchkey::twilio {

namespace {

using plugin::HttpAnswer;
using plugin::Outcome;
using plugin::Reply;

constexpr std::string_view kUsualUrl = "https://api.twilio.com";
constexpr std::size_t kSidDigits = 32;
// Twilio's error codes have five digits. More are not repeated: they could be a code.
constexpr std::uint32_t kHighestError = 99999;

// Errors that are about the recipient's number. Another account would say the same.
constexpr std::array<std::uint32_t, 13> kAboutTheNumber{
    13223, 13224, 13225, 13226, 21211, 21214, 21216, 21217, 21265, 21610, 21612, 21614, 21635};
// Errors that only the account's owner can put right: credentials, sender, region, balance.
constexpr std::array<std::uint32_t, 21> kAboutTheAccount{
    20003, 20005, 20006, 20008, 20404, 21210, 21212, 21213, 21215, 21218, 21219,
    21408, 21601, 21603, 21606, 21608, 21659, 21660, 21701, 21703, 21705};

template <typename List>
bool is_in(const List& list, std::uint32_t error) {
    return std::find(list.begin(), list.end(), error) != list.end();
}

bool is_sid(std::string_view text, std::string_view kind) {
    return text.size() == kind.size() + kSidDigits && text.starts_with(kind) &&
           text.find_first_not_of("0123456789abcdef", kind.size()) == std::string_view::npos;
}

std::string path_of(const Account& account, const std::string& list) {
    return "/2010-04-01/Accounts/" + account.sid + '/' + list + ".json";
}

Reply refined(const HttpAnswer& answer) {
    Reply reply = answer.reply;
    if (answer.status == 404) reply.outcome = Outcome::Misconfigured;
    if (answer.status < 400 || answer.status >= 500) return reply;
    const auto body = plugin::parse_json(answer.body);
    const auto error =
        body ? plugin::number_of(plugin::member(*body, "code"), kHighestError) : std::nullopt;
    if (!error) return reply;
    reply.for_log += ", error " + std::to_string(*error);
    if (reply.outcome == Outcome::Permanent && is_in(kAboutTheAccount, *error))
        reply.outcome = Outcome::Misconfigured;
    if (is_in(kAboutTheNumber, *error)) reply.outcome = Outcome::Permanent;
    return reply;
}

// With the name under which Twilio keeps it, if that is no more than a name.
Reply named(Reply reply, const HttpAnswer& answer, const plugin::Message& message) {
    const auto body =
        reply.outcome == Outcome::Accepted ? plugin::parse_json(answer.body) : std::nullopt;
    if (!body) return reply;
    const std::string sid = plugin::reference_of(plugin::text_of(plugin::member(*body, "sid")),
                                                 {message.code, message.to});
    if (!sid.empty()) reply.for_log = "taken by Twilio as " + sid;
    return reply;
}

}  // namespace

ReadAccount read_account(const plugin::Host& host) {
    Account account;
    account.sid = host.option("account").value_or("");
    if (!is_sid(account.sid, "AC"))
        return {std::nullopt, "option account must be the account SID, AC and 32 digits of 0-9a-f"};
    const std::string key{host.option("api_key").value_or(account.sid)};
    if (key != account.sid && !is_sid(key, "SK"))
        return {std::nullopt, "option api_key must be a key's SID, SK and 32 digits of 0-9a-f"};
    auto read = plugin::read_gateway(host, key, kUsualUrl);
    if (!read.gateway) return {std::nullopt, std::move(read.refusal)};
    account.gateway = std::move(*read.gateway);
    account.from = host.option("from").value_or("");
    return {std::move(account), {}};
}

Reply post(const Account& account, const std::string& list, const plugin::FormFields& fields,
           const plugin::Message& message, std::chrono::milliseconds time) {
    auto request = account.gateway.request("POST", path_of(account, list));
    request.headers = {std::string{plugin::kFormType}, "Accept: application/json"};
    request.body = plugin::form_of(fields);
    const HttpAnswer answer = plugin::ask(request, time);
    return named(refined(answer), answer, message);
}

Reply knock(const Account& account, std::chrono::milliseconds time) {
    auto request =
        account.gateway.request("GET", path_of(account, "IncomingPhoneNumbers") + "?PageSize=1");
    request.headers = {"Accept: application/json"};
    return refined(plugin::ask(request, time));
}

}  // namespace latchkey::twilio
