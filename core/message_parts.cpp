// SPDX-License-Identifier: MIT
#include "core/message_parts.hpp"

#include <string.h>

#include <cstddef>
#include <span>
#include <vector>

#include "core/printable.hpp"
#include "core/screen_texts.hpp"
#include "core/screens.hpp"

namespace latchkey::message_parts {

namespace {

constexpr std::size_t kMaxHostName = 64;
constexpr std::size_t kMaxReported = 64;  // of names that a login program reports
// In the line for a telephone, so that it stays one.
constexpr std::size_t kMaxShortHost = 32;
constexpr std::size_t kMaxShortName = 32;
constexpr std::string_view kConsole = "console:";
// Where the owner's changes are counted: whoever has signed in, at a console or not.
constexpr std::string_view kSignedIn = "console:uid";

std::string place(const MessageFacts& facts) {
    const std::string_view source = facts.source;
    if (source.starts_with(kSignedIn))
        return "on this host, signed in with uid " + reported(source.substr(kSignedIn.size()));
    if (source.starts_with(kConsole))
        return "at the console " + reported(source.substr(kConsole.size()));
    return source.empty() ? "from an unknown place" : "from " + reported(source);
}

}  // namespace

std::string shown_host(const MessageFacts& facts) {
    return may_be_shown(facts.host_name, kMaxHostName) ? facts.host_name : "this host";
}

// Cut after escaping: an escape that is cut in two is still printable.
std::string reported(std::string_view text) {
    return escaped(text.substr(0, kMaxReported)).substr(0, kMaxReported);
}

std::string circumstances(const MessageFacts& facts) {
    return "  Account: " + reported(facts.account_name) + "\n  Host:    " + shown_host(facts) +
           "\n  Time:    " + utc_text(facts.at) + "\n  Where:   " + place(facts) + ", service " +
           reported(facts.service) + "\n\n";
}

std::string advice(const MessageFacts& facts) {
    if (may_be_shown(facts.whom_to_ask, kMaxWhomToAskBytes)) return facts.whom_to_ask + '\n';
    return "Ask the administrator of " + shown_host(facts) + ".\n";
}

std::string without_signing_in(const MessageFacts& facts) {
    return "Without signing in: press Enter at \"Password:\" of a login prompt of\n" +
           shown_host(facts) + ", and type the code at the first question.\n";
}

std::string short_name(const MessageFacts& facts) {
    return reported(facts.account_name).substr(0, kMaxShortName) + " on " +
           (may_be_shown(facts.host_name, kMaxShortHost) ? facts.host_name : "this host");
}

Secret joined(std::string_view before, const Secret& code, std::string_view after) {
    std::vector<std::byte> bytes;
    bytes.reserve(before.size() + code.size() + after.size());
    for (const std::string_view part : {before, code.reveal(), after})
        for (const char c : part) bytes.push_back(static_cast<std::byte>(c));
    Secret text{std::span<const std::byte>{bytes}};
    explicit_bzero(bytes.data(), bytes.size());
    return text;
}

}  // namespace latchkey::message_parts
