// SPDX-License-Identifier: MIT
#include "monitor/claimant.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace latchkey {

namespace {

constexpr std::size_t kLongestAnswer = 512;  // PAM_MAX_RESP_SIZE

int poll_again(std::array<pollfd, 2>& watched, Deadline deadline) {
    int ready = 0;
    do ready = ::poll(watched.data(), watched.size(), poll_timeout(deadline));
    while (ready < 0 && errno == EINTR);
    return ready;
}

}  // namespace

std::optional<Secret> Claimant::ask(const std::string& text) {
    if (gone_ || !module_.send_message(wire::Ask{text})) return std::nullopt;
    return await_answer();
}

std::optional<Secret> Claimant::ask_hidden(const std::string& text) {
    if (gone_ || !module_.send_message(wire::AskHidden{text})) return std::nullopt;
    return await_answer();
}

std::optional<Secret> Claimant::await_answer() {
    gone_ = true;  // until an answer proves otherwise
    // The companion may not speak now: whatever it does, even closing, ends the wait.
    std::array watched{pollfd{module_.fd(), POLLIN, 0}, pollfd{companion_, POLLIN, 0}};
    if (poll_again(watched, deadline_) <= 0 || watched[1].revents != 0) return std::nullopt;
    auto answer = module_.receive_message<wire::Answer>(deadline_);
    if (!answer || answer->text.size() > kLongestAnswer) return std::nullopt;
    gone_ = false;
    return std::move(answer->text);
}

bool Claimant::stay_until(std::chrono::steady_clock::time_point when) {
    if (gone_) return false;
    std::array watched{pollfd{module_.fd(), POLLIN, 0}, pollfd{-1, 0, 0}};
    const Deadline until = deadline_ ? std::min(when, *deadline_) : when;
    // Nothing is asked, so anything that can be read is the end.
    if (poll_again(watched, until) != 0) gone_ = true;
    return !gone_;
}

void Claimant::await_companion(Deadline deadline) {
    if (gone_) return;
    std::array watched{pollfd{module_.fd(), POLLIN, 0}, pollfd{companion_, POLLIN, 0}};
    // Nothing is asked, so anything that can be read is the end.
    if (poll_again(watched, deadline) > 0 && watched[0].revents != 0) gone_ = true;
}

}  // namespace latchkey
