// SPDX-License-Identifier: MIT
#include "monitor/patient_reply.hpp"

#include <errno.h>
#include <poll.h>

#include <chrono>

namespace latchkey {

namespace {

constexpr std::chrono::seconds kPatience{10};

}  // namespace

bool send_patiently(Seqpacket& command, const wire::AdminReply& reply) {
    pollfd waiting{command.fd(), POLLOUT, 0};
    const auto until = std::chrono::steady_clock::now() + kPatience;
    int ready = 0;
    do ready = ::poll(&waiting, 1, poll_timeout(until));
    while (ready < 0 && errno == EINTR);
    return command.send_message(reply).has_value();
}

}  // namespace latchkey
