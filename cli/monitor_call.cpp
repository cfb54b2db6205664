// SPDX-License-Identifier: MIT
#include "cli/monitor_call.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "cli/child.hpp"

namespace latchkey::cli {

namespace {

constexpr std::chrono::seconds kPatience{60};
constexpr std::chrono::seconds kDelivering{150};  // the monitor ends a run after 120
constexpr std::chrono::seconds kFarewell{5};
constexpr std::size_t kMostRows = 100'000;

}  // namespace

ExitStatus not_understood(const Terminal& terminal) {
    return terminal.fail(ExitStatus::MonitorUnreachable,
                         "the monitor's answer cannot be understood; install latchkey and "
                         "libpam-latchkey of one version");
}

MonitorAnswer monitor_unreachable(const std::string& why) {
    MonitorAnswer answer;
    answer.error = "the monitor did not answer: " + why +
                   "; look at the journal (journalctl -t latchkey-monitor), then: latchkey check";
    return answer;
}

MonitorAnswer receive_answer(Seqpacket& link, std::chrono::seconds patience) {
    MonitorAnswer answer;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (answer.rows.size() < kMostRows) {
        auto reply = link.receive_message<wire::AdminReply>(deadline);
        if (!reply) return monitor_unreachable(reply.error().detail);
        if (!reply->json.empty()) answer.rows.push_back(std::move(reply->json));
        if (!reply->last) continue;
        answer.status = known_status(reply->exit_status);
        answer.error = std::move(reply->error);
        const bool consistent = (answer.status == ExitStatus::Ok) == answer.error.empty();
        return consistent ? std::move(answer)
                          : monitor_unreachable("its answer contradicts itself");
    }
    return monitor_unreachable("its answer does not end");
}

MonitorAnswer talk_to_monitor(const std::string& program,
                              const std::function<MonitorAnswer(Seqpacket&)>& talk) {
    auto ends = Seqpacket::make_pair();
    if (!ends) return monitor_unreachable(ends.error().detail);
    auto child = Child::start({program, "--admin"}, {}, {-1, -1, -1, ends->second.fd()});
    if (!child) return monitor_unreachable(child.error().detail);
    ends->second.close();
    MonitorAnswer answer = talk(ends->first);
    ends->first.close();
    (void)child->wait(kFarewell);  // its answer counts, not its end
    return answer;
}

ExitStatus known_status(std::uint8_t number) {
    constexpr std::array kKnown{ExitStatus::Ok,
                                ExitStatus::Negative,
                                ExitStatus::Usage,
                                ExitStatus::NotPermitted,
                                ExitStatus::NotFound,
                                ExitStatus::Configuration,
                                ExitStatus::ChannelFailed,
                                ExitStatus::MonitorUnreachable,
                                ExitStatus::TryLater};
    const auto* const found = std::find_if(kKnown.begin(), kKnown.end(), [&](ExitStatus status) {
        return static_cast<int>(status) == number;
    });
    return found == kKnown.end() ? ExitStatus::MonitorUnreachable : *found;
}

MonitorCall monitor_at(const std::string& program) {
    return [program](const wire::AdminRequest& request) {
        return talk_to_monitor(program, [&request](Seqpacket& link) {
            const auto sent = link.send_message(request);
            const bool delivers = request.verb == wire::AdminVerb::Deliver;
            return sent ? receive_answer(link, delivers ? kDelivering : kPatience)
                        : monitor_unreachable(sent.error().detail);
        });
    };
}

}  // namespace latchkey::cli
