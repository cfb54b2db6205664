// SPDX-License-Identifier: MIT
#include "core/change_messages.hpp"

#include "core/codes.hpp"
#include "core/message_parts.hpp"
#include "core/screen_texts.hpp"

namespace latchkey {

namespace {

using namespace message_parts;

std::string_view address_words(const ChangeFacts& change) {
    if (change.is_device) return "the device ";
    switch (change.medium) {
        case Medium::Email:
            return "the e-mail address ";
        case Medium::Text:
        case Medium::Call:
            return "the phone number ";
        case Medium::Other:
            break;
    }
    return "the address ";
}

std::string deed(const ChangeFacts& change) {
    const bool added = change.kind == ChangeKind::AddedContact ||
                       change.kind == ChangeKind::AddedAuthenticator ||
                       change.kind == ChangeKind::NewSavedCodes;
    return (added ? "added " : "removed ") + what_changed(change);
}

std::string when(const ChangeFacts& change) {
    const bool removed = change.kind == ChangeKind::RemovedContact ||
                         change.kind == ChangeKind::RemovedAuthenticator ||
                         change.kind == ChangeKind::Forgotten;
    return std::string{removed ? "It counts until " : "It counts from "} +
           utc_text(change.final_at) + (removed ? ".\n\n" : " on.\n\n");
}

constexpr const char* kNeverAsked =
    "\nWe never ask for a code or a password by phone, by mail or in a chat.\n";

std::string_view event_words(ChangeKind event) {
    return event == ChangeKind::Pass     ? "a temporary pass"
           : event == ChangeKind::Unlock ? "the end of a lockout"
                                         : "a recovery of your account";
}

// Its holder is heard and told, and has ended what one address may end.
MessageText denied_again_message(const MessageFacts& facts, ChangeKind event) {
    const std::string text =
        "Whoever was told of " + std::string{event_words(event)} +
        " says that you did not want it. The same\naddress has said so of something else within "
        "30 days, so nothing has ended this\ntime.\n\n" +
        circumstances(facts) + "Have the account looked after:\n" + advice(facts) + kNeverAsked;
    return {"Not you? That was said again of your account on " + shown_host(facts), Secret{text},
            Secret{short_name(facts) + ": \"not me\" was said again, and ended nothing more."},
            Secret{}};
}

MessageText left_to_administrator_message(const MessageFacts& facts, const ChangeFacts& change) {
    const bool still_counts = change.final_at != TimePoint{};
    const std::string text =
        "Somebody had " + deed(change) +
        ".\nIt was said that this was not you, by an address that has said so of something\nelse "
        "within 30 days. So it is not undone: the administrator decides about it.\n" +
        (still_counts ? when(change) : "\n") + circumstances(facts) +
        "Say how it was, above all if you know nothing of it:\n" + advice(facts) + kNeverAsked;
    return {"A removal for your account on " + shown_host(facts) + " waits for the administrator",
            Secret{text},
            Secret{short_name(facts) + ": a removal was denied, and is the administrator's to "
                                       "decide."},
            Secret{}};
}

MessageText denial_message(const MessageFacts& facts, ChangeKind event) {
    const std::string text =
        "Whoever was told of " + std::string{event_words(event)} +
        " says that you did not want it. What was\nopen to get back into the account has ended, "
        "and so has what was changed of the\nways back in since.\n\n" +
        circumstances(facts) +
        "Getting back in works as before. If you know nothing of that, tell:\n" + advice(facts) +
        kNeverAsked;
    return {"Not you? What was open for your account on " + shown_host(facts) + " has ended",
            Secret{text},
            Secret{short_name(facts) + ": what was open to get back in has ended, as asked for."},
            Secret{}};
}

}  // namespace

std::string what_changed(const ChangeFacts& change) {
    switch (change.kind) {
        case ChangeKind::AddedContact:
        case ChangeKind::RemovedContact:
            return std::string{address_words(change)} + change.destination;
        case ChangeKind::AddedAuthenticator:
        case ChangeKind::RemovedAuthenticator:
            return "an authenticator app or token";
        case ChangeKind::NewSavedCodes:
            return "new recovery codes";
        case ChangeKind::Forgotten:
            return "everything that is set up";
        case ChangeKind::Denied:
        case ChangeKind::Recovery:
        case ChangeKind::Pass:
        case ChangeKind::Frozen:
        case ChangeKind::Unlock:
            break;
    }
    return "nothing";
}

MessageText change_message(const MessageFacts& facts, const ChangeFacts& change,
                           const Secret& veto_code) {
    const bool may_veto = !veto_code.empty();
    const Secret shown = may_veto ? shown_veto_code(veto_code) : Secret{};
    const std::string before =
        "Somebody, hopefully you, has signed in and " + deed(change) +
        "\nas a way to get back into your account.\n\n" + when(change) + circumstances(facts) +
        "If it was you, there is nothing to do.\n\n"
        "If it was not you, somebody knows your password. " +
        (may_veto ? "End the change with\nthis code:\n\n  latchkey deny " : "Change it, and\n");
    const std::string after =
        (may_veto ? "\n\n" + without_signing_in(facts) + "\nThen change your password, and "
                  : std::string{}) +
        "tell:\n" + advice(facts) +
        "\nWe never ask for a code or a password by phone, by mail or in a chat.\n";
    const std::string short_before = short_name(facts) + ": a way back in was " +
                                     (deed(change).starts_with("added") ? "added" : "removed") +
                                     ". Not you? ";
    return {"The ways back into your account on " + shown_host(facts) + " have changed",
            joined(before, shown, after),
            may_veto ? joined(short_before + "latchkey deny ", shown, "")
                     : Secret{short_before + "Tell the administrator."},
            Secret{}};
}

MessageText veto_message(const MessageFacts& facts, const ChangeFacts& change) {
    if (change.ends_nothing)
        return is_event(change.kind) ? denied_again_message(facts, change.kind)
                                     : left_to_administrator_message(facts, change);
    if (is_event(change.kind)) return denial_message(facts, change.kind);
    const std::string text =
        "It was said that this change of the ways back into your account was not made\nby you, and "
        "it has been undone: somebody had " +
        deed(change) +
        (change.freezes ? ".\nFor a day nothing else can be changed.\n\n" : ".\n\n") +
        circumstances(facts) + "If you know nothing of that, tell:\n" + advice(facts) +
        "\nWe never ask for a code or a password by phone, by mail or in a chat.\n";
    return {"A change for your account on " + shown_host(facts) + " was undone", Secret{text},
            Secret{short_name(facts) + ": a change of the ways back in was undone, as asked for."},
            Secret{}};
}

MessageText denied_message(const MessageFacts& facts, bool keeps) {
    const std::string text =
        "Somebody, hopefully you, has signed in and said of what others did with your\naccount: "
        "that was not me. What was open to get back into it has ended, and new\nways that wait do "
        "so for a day longer" +
        std::string{keeps ? ", as do those that go" : ""} + ".\n\n" + circumstances(facts) +
        "Getting back in works as before. If it was not you, somebody knows your\npassword. Change "
        "it, and tell:\n" +
        advice(facts) + kNeverAsked;
    return {"Not you? What was open for your account on " + shown_host(facts) + " has ended",
            Secret{text},
            Secret{short_name(facts) + ": \"not me\" was said, and what was open has ended. Not "
                                       "you? Change your password."},
            Secret{}};
}

MessageText kept_message(const MessageFacts& facts) {
    const std::string text =
        "All ways back into your account were about to be replaced. One of them has just\nbeen "
        "used, "
        "so they stay, and what was to take their place is gone.\n\n" +
        circumstances(facts) +
        "If it was you who replaced them, do it again without using the old ones.\n\n"
        "If you know nothing of that, somebody knows your password. Change it, and tell:\n" +
        advice(facts) + "\nWe never ask for a code or a password by phone, by mail or in a chat.\n";
    return {"The ways back into your account on " + shown_host(facts) + " stay", Secret{text},
            Secret{short_name(facts) + ": an old way back in was used, so all of them stay."},
            Secret{}};
}

MessageText confirmation_message(const MessageFacts& facts, const Secret& code,
                                 std::uint32_t minutes) {
    const Secret shown = shown_code(code);
    const std::string lifetime = screen_texts::duration(minutes);
    const std::string before =
        "Somebody, hopefully you, wants messages for an account to come here.\n\n"
        "  Your code: ";
    const std::string after =
        "\n\nIt is valid for " + lifetime +
        ". Type it where you asked for it, nowhere else.\n"
        "We never ask for this code by phone, by mail or in a chat.\n\n" +
        circumstances(facts) +
        "If you know nothing of it, do nothing: without the code nothing comes.\n";
    return {"Confirm this address for your account on " + shown_host(facts),
            joined(before, shown, after),
            joined("", shown,
                   " confirms this number for " + short_name(facts) + ", valid " + lifetime +
                       ". Not you? Do nothing."),
            code.duplicate()};
}

ApprovalText new_device_message(const MessageFacts& facts) {
    return {
        "Is this to be your device, for " + shown_host(facts) + "?",
        "Somebody, hopefully you, wants this device to be asked when an account is to be got\n"
        "back into.\n\n" +
            circumstances(facts) +
            "If it is you, choose the number that your screen shows. If it is not, deny:\n"
            "then nothing is changed. After two denials nobody of this host may ask for a day.\n"};
}

}  // namespace latchkey
