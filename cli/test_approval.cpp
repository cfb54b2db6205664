// SPDX-License-Identifier: MIT
#include "cli/test_approval.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <thread>

#include "cli/test_message.hpp"
#include "core/limits.hpp"
#include "core/printable.hpp"

namespace latchkey::cli {

namespace {

using std::chrono::seconds;
using wire::ChannelOutcome;

constexpr seconds kBetweenLooks{2};
constexpr std::size_t kChoices = 3;
constexpr std::size_t kRequestIdDigits = 32;
constexpr std::size_t kLongestReason = 512;

std::uint64_t as_number(TimePoint time) {
    return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

// Different numbers of two digits, as a recovery draws them.
std::array<std::string, kChoices> drawn_numbers(const Waiting& waiting) {
    std::array<std::string, kChoices> numbers;
    for (auto number = numbers.begin(); number != numbers.end();) {
        *number = std::to_string(10 + waiting.uniform(90));
        if (std::find(numbers.begin(), number, *number) == number) ++number;
    }
    return numbers;
}

std::string drawn_id(const Waiting& waiting) {
    std::string id;
    while (id.size() < kRequestIdDigits) id += "0123456789abcdef"[waiting.uniform(16)];
    return id;
}

std::string clock_text(seconds left) {
    const std::string part = std::to_string(left.count() % 60);
    return std::to_string(left.count() / 60) + (part.size() == 1 ? ":0" : ":") + part;
}

// The number and the time left: one line that changes, or one that stays.
class Countdown {
public:
    Countdown(const Terminal& terminal, std::string number)
        : terminal_{terminal}, number_{std::move(number)} {}
    Countdown(const Countdown&) = delete;
    Countdown& operator=(const Countdown&) = delete;
    ~Countdown() {
        if (terminal_.asks && is_begun_) terminal_.err << '\n';
    }
    void show(seconds left) {
        if (is_begun_ && !terminal_.asks) return;
        terminal_.err << (terminal_.asks ? "\r" : "") << "Tap or type " << number_
                      << " on the device (" << clock_text(left) << " left)"
                      << (terminal_.asks ? " " : "\n") << std::flush;
        is_begun_ = true;
    }

private:
    const Terminal& terminal_;
    std::string number_;
    bool is_begun_ = false;
};

std::string reason(const wire::ChannelReply& reply) {
    return escaped(reply.for_log.substr(0, kLongestReason));
}

// Nothing: nobody has chosen yet.
std::optional<TestStep> chosen(const Result<wire::ChannelReply>& reply, const std::string& right) {
    if (!reply) return TestStep{"failed", escaped(reply.error().detail), false};
    switch (reply->outcome) {
        case ChannelOutcome::Queued:
            return std::nullopt;
        case ChannelOutcome::Accepted:
            return TestStep{reply->answer == right ? "approved" : "another number", reason(*reply),
                            true};
        case ChannelOutcome::Wrong:
            return TestStep{"denied", reason(*reply), true};
        default:
            return TestStep{outcome_word(reply->outcome), reason(*reply), false};
    }
}

}  // namespace

Waiting this_machines_waiting() {
    return {[] { return std::chrono::time_point_cast<seconds>(std::chrono::system_clock::now()); },
            [](seconds time) { std::this_thread::sleep_for(time); },
            [](std::uint32_t bound) {
                std::random_device device;
                return std::uniform_int_distribution<std::uint32_t>{0, bound - 1}(device);
            }};
}

ApprovalTest ask_device(const CallOneChannel& call, const std::string& address,
                        const Waiting& waiting, const Terminal& terminal) {
    const auto numbers = drawn_numbers(waiting);
    const std::string& right = numbers.at(waiting.uniform(kChoices));
    const TimePoint end = waiting.now() + kApprovalLifetime;
    wire::ChannelCall ask = test_message_to(address, "latchkey test");
    ask.verb = wire::ChannelVerb::Begin;
    ask.text = Secret{
        "latchkey test asks whether an answer comes back.\n"
        "Choose the number that it shows, or deny.\n"};
    ask.message_id = drawn_id(waiting);
    ask.choices = numbers[0] + ' ' + numbers[1] + ' ' + numbers[2];
    ask.expires_at = as_number(end);
    ask.now = as_number(waiting.now());
    auto begun = call(ask);
    if (!begun) return {{"failed", escaped(begun.error().detail), false}, {}};
    ApprovalTest test{{outcome_word(begun->outcome), reason(*begun), was_taken(*begun)}, {}};
    if (!test.request.is_well) return test;

    Countdown countdown{terminal, right};
    ask.verb = wire::ChannelVerb::Poll;
    Secret state = std::move(begun->state);
    for (TimePoint now = waiting.now(); now < end; now = waiting.now()) {
        countdown.show(end - now);
        ask.state = std::move(state);
        ask.now = as_number(now);
        auto looked = call(ask);
        if (auto answer = chosen(looked, right)) {
            test.answer = std::move(*answer);
            return test;
        }
        state = std::move(looked->state);
        waiting.pause(kBetweenLooks);
    }
    test.answer = {"no answer", "nobody chose a number in time", false};
    return test;
}

}  // namespace latchkey::cli
