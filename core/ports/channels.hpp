// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/recovery.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"

namespace latchkey {

struct OtpQuestion {
    std::string_view channel;  // a key of Settings::channels
    const Secret& key;         // the authenticator's shared secret, raw bytes
    const Secret& otp;         // what the claimant typed
    TimePoint now;
    std::uint64_t last_step;  // steps up to this one are spent
    std::uint32_t window;     // steps accepted on either side of now
};

// A request to a device, and every look for its answer.
struct ApprovalCall {
    std::string channel;  // a key of Settings::channels
    const Secret& to;     // the device's address
    std::string subject;
    std::string text;
    std::string choices;     // "17 42 88"
    std::string request_id;  // 32 hexadecimal digits
    const Secret& state;     // what the plugin left behind the call before; empty at first
    TimePoint expires_at;
    TimePoint now;
};
struct ApprovalAnswer {
    enum class Kind : std::uint8_t { None, Answered, Denied };
    Kind kind = Kind::None;
    std::string number;  // Answered: digits
    Secret state;        // for the next call
};

// Port: plugins, seen from a conversation. Real: adapters/process_channels (one
// confined process per call). Fake: tests/support/fake_channels.hpp.
class Channels {
public:
    virtual ~Channels() = default;

    // The OTP's time step if it is right, nothing if it is wrong. The caller
    // records the step; the plugin only computes.
    [[nodiscard]] virtual Result<std::optional<std::uint64_t>> verify(
        const OtpQuestion& question) = 0;

    // Asks on the device; what the plugin wants to be told with the next call. Misconfigured
    // or Rejected: the request was surely not made, another channel may be tried.
    [[nodiscard]] virtual Result<Secret> begin_approval(const ApprovalCall& call) = 0;
    // What was answered, as the plugin says; the caller compares.
    [[nodiscard]] virtual Result<ApprovalAnswer> poll_approval(const ApprovalCall& call) = 0;

    // Says that the outbox has a row that is due. Never waits for a delivery.
    virtual void send_due() = 0;
};

}  // namespace latchkey
