// SPDX-License-Identifier: MIT
//
// Between the monitor and a verifier that delivers the outbox, or probes channels.
#pragma once

#include <cstdint>
#include <tuple>

#include "core/recovery.hpp"
#include "core/secret.hpp"
#include "core/wire/message_type.hpp"
#include "core/wire/packet.hpp"

namespace latchkey::wire {

struct DeliverHello {
    static constexpr Type kType = Type::DeliverHello;
    std::uint32_t version = kVersion;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.version);
    }
};

struct OutboxKey {
    static constexpr Type kType = Type::OutboxKey;
    SubjectKey subject;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.subject);
    }
};

struct OutboxKeyIs {  // opens queued messages of this subject, and nothing else of it
    static constexpr Type kType = Type::OutboxKeyIs;
    Secret key;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.key);
    }
};

struct DeliverFinish {
    static constexpr Type kType = Type::DeliverFinish;
    std::uint32_t delivered = 0;
    std::uint32_t postponed = 0;  // messages that wait now, however often they were tried
    std::uint32_t given_up = 0;
    // At its length, at its number of messages, or because something failed: more may be due.
    bool ended_early = false;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.delivered, s.postponed, s.given_up, s.ended_early);
    }
};

}  // namespace latchkey::wire
