// SPDX-License-Identifier: MIT
#include "cli/user_talk.hpp"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <utility>

#include "adapters/system/seqpacket.hpp"

namespace latchkey::cli {

namespace {

// A person types in between; the root side ends the talk after 15 minutes.
constexpr std::chrono::minutes kPatience{16};
constexpr std::size_t kMostRows = 100'000;
constexpr std::size_t kLongestAnswer = 512;

MonitorAnswer unreachable(const std::string& why) {
    MonitorAnswer answer;
    answer.error = why + "; ask the administrator to run: latchkey check";
    return answer;
}

std::optional<Seqpacket> connected(const std::string& path) {
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    if (path.size() >= sizeof where.sun_path) return std::nullopt;
    path.copy(where.sun_path, path.size());
    UniqueFd socket{::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)};
    if (!socket ||
        ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0)
        return std::nullopt;
    return Seqpacket{std::move(socket)};
}

// What was asked, if it was a question.
std::optional<std::pair<std::string, bool>> question_in(const Packet& packet) {
    if (auto ask = wire::decode<wire::Ask>(packet.bytes)) return std::pair{ask->text, false};
    if (auto ask = wire::decode<wire::AskHidden>(packet.bytes)) return std::pair{ask->text, true};
    return std::nullopt;
}

bool answer_question(Seqpacket& link, const std::pair<std::string, bool>& question,
                     const Dialogue& dialogue) {
    auto typed = dialogue.ask(question.first, question.second);
    if (!typed) return false;
    // What is longer could not be meant.
    if (typed->size() > kLongestAnswer) typed = Secret{};
    return link.send_message(wire::Answer{std::move(*typed)}).has_value();
}

MonitorAnswer talk(const std::string& path, const std::function<void(Seqpacket&)>& ask,
                   const Dialogue& dialogue) {
    auto link = connected(path);
    if (!link) return unreachable("nobody listens at " + path);
    ask(*link);  // a refusal may have come before it
    MonitorAnswer answer;
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (answer.rows.size() < kMostRows) {
        auto packet = link->receive(deadline);
        if (!packet) return unreachable("the root side ended the talk");
        if (const auto question = question_in(*packet)) {
            if (answer_question(*link, *question, dialogue)) continue;
            answer.status = ExitStatus::Negative;
            answer.error = "given up; nothing was changed";
            return answer;
        }
        auto reply = wire::decode<wire::AdminReply>(packet->bytes);
        explicit_bzero(packet->bytes.data(), packet->bytes.size());
        if (!reply) return unreachable("the root side says what is not understood");
        if (!reply->json.empty() && !reply->last) {
            dialogue.show(reply->json);
            answer.rows.push_back(std::move(reply->json));
        }
        if (!reply->last) continue;
        answer.status = known_status(reply->exit_status);
        answer.error = std::move(reply->error);
        return answer;
    }
    return unreachable("the root side's answer does not end");
}

}  // namespace

UserTalk talk_over(const std::string& path) {
    return [path](const wire::UserRequest& request, const Dialogue& dialogue) {
        return talk(
            path, [&](Seqpacket& link) { (void)link.send_message(request); }, dialogue);
    };
}

HelpTalk help_over(const std::string& path) {
    return [path](const wire::AdminRequest& request, const Dialogue& dialogue) {
        const auto ask = [&](Seqpacket& link) {
            wire::UserRequest first;
            first.verb = wire::UserVerb::Help;
            if (link.send_message(first)) (void)link.send_message(request);
        };
        return talk(path, ask, dialogue);
    };
}

}  // namespace latchkey::cli
