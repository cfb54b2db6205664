// SPDX-License-Identifier: MIT
//
// Between a channel host and those who call it.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/secret.hpp"
#include "core/settings.hpp"
#include "core/wire/message_type.hpp"
#include "core/wire/packet.hpp"

namespace latchkey::wire {

// First message on a channel host's socket, written by the monitor before the
// other end is handed on: the plugin, its options and its secret, for it alone.
struct ChannelSetup {
    static constexpr Type kType = Type::ChannelSetup;
    std::uint32_t version = kVersion;
    std::string channel;
    std::string plugin;
    Profile profile = Profile::None;
    std::uint32_t deadline_seconds = 10;
    std::vector<std::pair<std::string, std::string>> options;
    Secret secret;  // content of secret_file, empty if there is none
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.version, s.channel, s.plugin, s.profile, s.deadline_seconds, s.options,
                        s.secret);
    }
};

enum class ChannelVerb : std::uint8_t {
    Deliver,
    Verify,
    Probe,  // would a message be taken now? Sends none, and needs no field.
    Begin,  // an approval
    Poll,
};

struct ChannelCall {
    static constexpr Type kType = Type::ChannelCall;
    ChannelVerb verb = ChannelVerb::Deliver;
    // Deliver:
    std::string to;                // the address
    std::string subject;           // one line
    Secret text;                   // the message, UTF-8
    std::string message_id;        // unique per message, stable over retries
    Secret short_text;             // the same in one ASCII line
    Secret code;                   // digits alone; empty if there is none in the message
    std::uint64_t expires_at = 0;  // seconds since 1970
    // Begin and Poll: to, subject, text, message_id as the request's, expires_at, now, and
    std::string choices;  // "17 42 88"
    Secret state;         // Poll: what the plugin left before
    // Verify:
    Secret key;
    Secret answer;
    std::uint64_t now = 0;  // seconds since 1970
    std::uint64_t last_step = 0;
    std::uint32_t window = 1;
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.verb, s.to, s.subject, s.text, s.message_id, s.short_text, s.code,
                        s.expires_at, s.choices, s.state, s.key, s.answer, s.now, s.last_step,
                        s.window);
    }
};

// The plugin ABI's outcomes (plugins/include/latchkey/plugin.h), and one of the host.
enum class ChannelOutcome : std::uint8_t {
    Misconfigured,  // first: a value nobody set is a failure
    Accepted,
    Queued,
    Temporary,
    Permanent,
    Wrong,  // Verify: the answer is not right; Poll: the request was denied
    NotTaken,
    CannotTell,  // Probe: the plugin has no such function
};

struct ChannelReply {
    static constexpr Type kType = Type::ChannelReply;
    ChannelOutcome outcome = ChannelOutcome::Misconfigured;
    std::uint32_t retry_after = 0;  // seconds, 0: no wish
    std::string for_log;            // at most 512 bytes; the reader escapes it
    std::uint64_t matched_step = 0;
    std::string answer;  // Poll, Accepted: one to fifteen digits
    Secret state;        // Begin and Poll: at most 1,024 bytes, for the next Poll
    template <class S>
    static auto fields(S& s) {
        return std::tie(s.outcome, s.retry_after, s.for_log, s.matched_step, s.answer, s.state);
    }
};

template <>
struct EnumLast<Profile> {
    static constexpr Profile value = Profile::Program;
};

template <>
struct EnumLast<ChannelVerb> {
    static constexpr ChannelVerb value = ChannelVerb::Poll;
};

template <>
struct EnumLast<ChannelOutcome> {
    static constexpr ChannelOutcome value = ChannelOutcome::CannotTell;
};

}  // namespace latchkey::wire
