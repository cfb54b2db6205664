// SPDX-License-Identifier: MIT
#include "core/announcement_texts.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "core/announcement_rows.hpp"
#include "core/printable.hpp"
#include "core/screens.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kLongestPlace = 45;  // an IPv6 network in full
constexpr std::size_t kLongestHost = 64;
constexpr std::string_view kConsole = "console:";

std::string place(std::string_view source) {
    const bool console = source.starts_with(kConsole);
    if (console) source.remove_prefix(kConsole.size());
    if (source.empty() || source == "unknown") return "from an unknown place";
    return (console ? "at the console " : "from ") +
           escaped(source.substr(0, kLongestPlace)).substr(0, kLongestPlace);
}

// Of a possession: what it is, and nothing of whose.
std::string_view kind_word(std::string_view possession) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kWords{
        {{"email", "e-mail"},
         {"phone", "telephone"},
         {"app", "app"},
         {"saved", "recovery code"},
         {"pass", "temporary pass"}}};
    const std::string_view kind = possession.substr(0, possession.find(':'));
    for (const auto& [known, word] : kWords)
        if (kind == known) return word;
    return "another way";
}

std::string proven_by(const std::set<std::string>& proofs) {
    std::set<std::string_view> words;
    for (const std::string& possession : proofs) words.insert(kind_word(possession));
    std::string text;
    for (const std::string_view word : words)
        text.append(text.empty() ? " (proven by " : ", ").append(word);
    return text.empty() ? text : text + ')';
}

std::string advice(const MessageFacts& facts) {
    if (may_be_shown(facts.whom_to_ask, kMaxWhomToAskBytes)) return facts.whom_to_ask;
    if (may_be_shown(facts.host_name, kLongestHost))
        return "Ask the administrator of " + facts.host_name + '.';
    return "Ask the administrator.";
}

}  // namespace

std::string act_announcement(Act act, const MessageFacts& facts,
                             const std::set<std::string>& proofs) {
    const std::string what =
        utc_text(facts.at) +
        (act == Act::ChangePassword ? ": a new password was set" : ": a lockout was cleared") +
        " by recovery " + place(facts.source);
    const std::string proven = proven_by(proofs);
    constexpr std::string_view kAsk = ". Not you? ";
    constexpr std::string_view kAdministrator = "Ask the administrator.";
    // The longest that is no longer than it may be.
    std::string whole = what + proven + std::string{kAsk} + advice(facts);
    if (can_be_announced(whole)) return whole;
    std::string shorter = what + proven + std::string{kAsk} + std::string{kAdministrator};
    if (can_be_announced(shorter)) return shorter;
    return what + std::string{kAsk} + std::string{kAdministrator};
}

std::string changes_announcement(TimePoint at, const std::vector<std::string>& what) {
    std::string text = utc_text(at) + ": changed in the 24 hours before:";
    for (const std::string& change : what) text += (&change == &what.front() ? " " : ", ") + change;
    const std::string whole = text + ". If that was not you, it may let somebody in.";
    return can_be_announced(whole) ? whole : escaped(text).substr(0, kLongestAnnouncement);
}

std::string administrators_announcement(Act act, const MessageFacts& facts) {
    constexpr std::size_t kLongestName = 32;
    return utc_text(facts.at) +
           (act == Act::ChangePassword ? ": a new password was set" : ": a lockout was cleared") +
           " by recovery for " +
           escaped(facts.account_name.substr(0, kLongestName)).substr(0, kLongestName) +
           ", who can become root, " + place(facts.source) + ". Not as you know it? Ask them.";
}

std::string removal_announcement(TimePoint at, const std::string& method) {
    constexpr std::size_t kLongestMethod = 32;
    return utc_text(at) + ": the administrator took away a way back into this account: " +
           escaped(method.substr(0, kLongestMethod)).substr(0, kLongestMethod) +
           ". Not as you know it? Ask the administrator.";
}

std::string purge_announcement(TimePoint at) {
    return utc_text(at) +
           ": the administrator took away all ways back into this account. Not as you know it? "
           "Ask the administrator.";
}

std::string unlock_announcement(TimePoint at, const std::string& by) {
    constexpr std::size_t kLongestName = 32;
    return utc_text(at) + ": a lockout by failed attempts was cleared by " +
           escaped(by.substr(0, kLongestName)).substr(0, kLongestName) +
           ". Not as you know it? Ask the administrator.";
}

}  // namespace latchkey
