// SPDX-License-Identifier: MIT
#include "plugins/sms-vonage/vonage_reply.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "plugins/common/json.hpp"
#include "plugins/common/reference.hpp"

namespace latchkey::vonage {

namespace {

using plugin::Outcome;
using plugin::Reply;

constexpr std::uint32_t kHighestStatus = 999;  // theirs have two digits

Outcome outcome_of(std::uint32_t status) {
    switch (status) {
        case 0:
            return Outcome::Accepted;
        case 3:   // a value is not right
        case 6:   // no such number
        case 7:   // the number is barred
        case 12:  // too long
        case 22:  // no such network
        case 29:  // not among the numbers of a trial account
        case 33:  // the number is out of use
            return Outcome::Permanent;
        case 2:   // a field is missing
        case 4:   // wrong key or secret
        case 8:   // the account is barred
        case 9:   // no credit
        case 11:  // no HTTP for this account
        case 14:  // signatures are demanded
        case 15:  // this sender is not possible
        case 23:
        case 32:
            return Outcome::Misconfigured;
        case 1:   // too fast
        case 10:  // too many connections
            return Outcome::NotTaken;
        default:  // 5 internal, and what is not known
            return Outcome::Temporary;
    }
}

struct Answer {
    std::vector<std::uint32_t> statuses;  // of every part
    std::string name;                     // of the first
};

// Nothing if there is no part or one cannot be read.
std::optional<Answer> answer_in(std::string_view body) {
    const auto parsed = plugin::parse_json(body);
    if (!parsed) return std::nullopt;
    const plugin::Json& messages = plugin::member(*parsed, "messages");
    if (!messages.is_array() || messages.empty()) return std::nullopt;
    Answer answer;
    answer.name = plugin::text_of(plugin::member(messages.front(), "message-id"));
    for (const plugin::Json& message : messages) {
        const auto status = plugin::number_of(plugin::member(message, "status"), kHighestStatus);
        if (!status) return std::nullopt;
        answer.statuses.push_back(*status);
    }
    return answer;
}

}  // namespace

Reply judged(std::string_view body, const std::vector<std::string_view>& confidential) {
    const auto answer = answer_in(body);
    if (!answer) return {Outcome::Temporary, "the gateway's answer is none of Vonage's"};
    const auto& statuses = answer->statuses;
    const auto refused = std::find_if(statuses.begin(), statuses.end(),
                                      [](std::uint32_t status) { return status != 0; });
    if (refused == statuses.end()) {
        const std::string name = plugin::reference_of(answer->name, confidential);
        return {Outcome::Accepted, name.empty() ? "taken by Vonage" : "taken by Vonage as " + name};
    }
    // A part was taken: no other channel may be tried, or the person gets two messages.
    const bool in_part = std::count(statuses.begin(), statuses.end(), 0U) != 0;
    return {in_part ? Outcome::Temporary : outcome_of(*refused),
            "Vonage refused the message with status " + std::to_string(*refused)};
}

}  // namespace latchkey::vonage
