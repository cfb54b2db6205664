// SPDX-License-Identifier: MIT
#include "cli/test_message.hpp"

#include <unistd.h>

#include <array>
#include <chrono>

namespace latchkey::cli {

namespace {

std::string host_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "this host";
}

}  // namespace

const char* outcome_word(wire::ChannelOutcome outcome) {
    constexpr std::array kNames{"misconfigured", "accepted", "queued",    "temporary",
                                "permanent",     "wrong",    "not taken", "cannot tell"};
    return kNames.at(static_cast<std::size_t>(outcome));
}

wire::ChannelCall test_message_to(const std::string& address, const std::string& sender) {
    const std::string host = host_name();
    const std::string what = "This is what " + sender + " on " + host + " sends to see that codes ";
    wire::ChannelCall call;
    call.verb = wire::ChannelVerb::Deliver;
    call.to = address;
    call.subject = "Test message from " + host;
    call.text = Secret{what + "can leave it.\nThere is nothing to do.\n"};
    call.short_text =
        Secret{"Test message of latchkey on " + host.substr(0, 64) + ". There is nothing to do."};
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    call.message_id =
        "latchkey-test-" + std::to_string(now.count()) + "-" + std::to_string(::getpid());
    call.expires_at = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::seconds>(now + std::chrono::minutes{10}).count());
    return call;
}

}  // namespace latchkey::cli
