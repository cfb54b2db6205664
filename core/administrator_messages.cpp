// SPDX-License-Identifier: MIT
#include "core/administrator_messages.hpp"

#include "core/message_parts.hpp"

namespace latchkey {

namespace {

using namespace message_parts;

constexpr const char* kNeverAsked =
    "\nWe never ask for a code or a password by phone, by mail or in a chat.\n";

std::string greeting(const MessageFacts& facts, Reader reader) {
    if (reader == Reader::Owner) return {};
    return "You are a recovery contact of " + reported(facts.account_name) + ".\n";
}

std::string where_and_when(const MessageFacts& facts) {
    return "  Account: " + reported(facts.account_name) + "\n  Host:    " + shown_host(facts) +
           "\n  Time:    " + utc_text(facts.at) + "\n\n";
}

std::string whose(const MessageFacts& facts, Reader reader) {
    return reader == Reader::Owner ? "your account"
                                   : "the account of " + reported(facts.account_name);
}

// The two messages of something that was taken away.
MessageText taken_away(const MessageFacts& facts, const std::string& deed, Reader reader) {
    const std::string text = greeting(facts, reader) + "The administrator has taken away " + deed +
                             ".\n\n" + where_and_when(facts) +
                             "If that is as it should be, there is nothing to do.\n\n"
                             "If not, somebody may have talked the administrator into it:\n" +
                             advice(facts) + kNeverAsked;
    return {"A way back into " + whose(facts, reader) + " on " + shown_host(facts) + " is gone",
            Secret{text},
            Secret{short_name(facts) +
                   ": the administrator took away a way back in. Not as you know it? Tell them."},
            Secret{}};
}

}  // namespace

MessageText removal_message(const MessageFacts& facts, const std::string& what, Reader reader) {
    return taken_away(facts, what + "\nas a way back into " + whose(facts, reader), reader);
}

MessageText purge_message(const MessageFacts& facts, Reader reader) {
    return taken_away(
        facts, "every way back into " + whose(facts, reader) + ",\nand what was kept about it",
        reader);
}

MessageText addition_message(const MessageFacts& facts, const std::string& what, Reader reader) {
    const std::string text = greeting(facts, reader) + "The administrator has added " +
                             (reader == Reader::Owner ? what : "something") +
                             "\nas a way back into " + whose(facts, reader) + ".\n\n" +
                             where_and_when(facts) +
                             "If that is as it should be, there is nothing to do.\n\n"
                             "If not, somebody may have talked the administrator into it:\n" +
                             advice(facts) + kNeverAsked;
    return {"A new way back into " + whose(facts, reader) + " on " + shown_host(facts),
            Secret{text},
            Secret{short_name(facts) +
                   ": the administrator added a way back in. Not as you know it? Tell them."},
            Secret{}};
}

MessageText invitation_message(const MessageFacts& facts) {
    const std::string text =
        "The administrator asks you to choose a new password for your account.\n\n" +
        where_and_when(facts) +
        "Sign in there, in the way you always do. Press Enter at \"Password:\" without\n"
        "typing anything, choose \"I forgot my password\", and prove as always that it\n"
        "is you. Codes are sent to you only then; this message has none, and your old\n"
        "password stays good until you have chosen a new one.\n\n"
        "If you know nothing of it, there is nothing to do, but you may tell:\n" +
        advice(facts) + kNeverAsked;
    return {"Please choose a new password for your account on " + shown_host(facts), Secret{text},
            Secret{short_name(facts) +
                   ": please choose a new password. Sign in, press Enter at \"Password:\"."},
            Secret{}};
}

MessageText administrator_recovery_message(const MessageFacts& facts) {
    const std::string name = reported(facts.account_name);
    const bool forgot = facts.reason == Reason::ForgotPassword;
    const std::string text =
        "You run " + shown_host(facts) + ". Somebody proved at a login prompt to be " + name +
        ", who can\nbecome root there, and may now " +
        (forgot ? "choose a new password" : "end the lockout") + " of that account.\n\n" +
        circumstances(facts) + "If " + name +
        " knows of it, there is nothing to do.\n\n"
        "If not, lock the account at once (usermod -L, and end its sessions), and see:\n"
        "  latchkey audit " +
        name + "\n";
    return {"An administrator's account on " + shown_host(facts) + " was recovered", Secret{text},
            Secret{short_name(facts) + ", who can become root: somebody proved to be them."},
            Secret{}};
}

MessageText undecided_removal_message(const MessageFacts& facts, const ChangeFacts& removal,
                                      const std::string& method, TimePoint gone_from) {
    const std::string name = reported(facts.account_name);
    const std::string way = name + ' ' + reported(method);
    const bool is_address = removal.kind == ChangeKind::RemovedContact;
    const std::string text =
        "You run " + shown_host(facts) + ". " + name + " has removed " + what_changed(removal) +
        "\nas a way back in. One of the addresses of the account says that " + name +
        " did not,\nas it has said of something else within 30 days. Either somebody else makes\n"
        "changes, or whoever reads that address keeps one from going. The way goes on\n" +
        utc_text(gone_from) + ".\n\n" + where_and_when(facts) + "Speak with " + name +
        ", not by that address. Then decide:\n\n"
        "  it goes at once:  latchkey remove " +
        way + (is_address ? " ADDRESS" : "") + "\n  " +
        (is_address ? "it stays:       " : "a new one:      ") + "  latchkey enroll " + way +
        (is_address ? " ADDRESS" : "") + "\n";
    return {"A removal on " + shown_host(facts) + " waits for you to decide", Secret{text},
            Secret{short_name(facts) + ": a removal was denied, and is yours to decide."},
            Secret{}};
}

}  // namespace latchkey
