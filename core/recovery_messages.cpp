// SPDX-License-Identifier: MIT
#include "core/recovery_messages.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "core/codes.hpp"
#include "core/message_parts.hpp"
#include "core/screen_texts.hpp"
#include "core/screens.hpp"

namespace latchkey {

namespace {

using namespace message_parts;

std::string used_saved_code(const MessageFacts& facts) {
    if (!facts.saved_codes_left) return {};
    return "A recovery code was used up for it.\n" +
           saved_codes_left_text(*facts.saved_codes_left) + "\n\n";
}

std::string used_pass(const MessageFacts& facts) {
    if (!facts.pass_used) return {};
    return "A temporary pass was used for it, which the administrator had issued.\n\n";
}

// Fixed words for each: nothing that a thief could have written gets into a message.
std::string changed_before(const RecentlyChanged& changed) {
    if (changed.is_empty()) return {};
    std::string text = "In the 24 hours before, these were changed:\n\n";
    if (changed.keys) text += "  authorized_keys, which let in over ssh without a password\n";
    if (changed.crontab) text += "  the crontab, which starts programs by itself\n";
    if (changed.ways) text += "  contacts, or other ways back into the account\n";
    return text + "\nWhoever made these changes may get in by them again.\n\n";
}

// For a telephone: the same in a word each.
std::string changed_in_short(const RecentlyChanged& changed) {
    std::string words;
    for (const auto& [is_changed, word] :
         {std::pair{changed.keys, "keys"}, std::pair{changed.crontab, "crontab"},
          std::pair{changed.ways, "contacts"}})
        if (is_changed) words.append(words.empty() ? " Changed lately: " : ", ").append(word);
    return words.empty() ? words : words + '.';
}

// How a notice is denied: what stands around the code, which may be missing.
struct Denial {
    std::string before;
    Secret shown;
    std::string after;
    std::string short_before;
};
Denial denial_of(const MessageFacts& facts, const Secret& code) {
    if (code.empty()) return {"", Secret{}, "H", "Tell the administrator."};
    return {"Say so with\nthis code, which ends what else is open:\n\n  latchkey deny ",
            shown_veto_code(code), "\n\n" + without_signing_in(facts) + "\nThen h",
            "latchkey deny "};
}

// What differs between the notices of what an administrator did and an owner may deny.
struct ActWords {
    std::string subject;    // "Lockout ended for "
    std::string what;       // a paragraph
    std::string times;      // lines behind account and host
    std::string suspicion;  // if the owner did not ask for it
    std::string remedy;     // behind an "h" or "H"
    std::string never;      // what nobody ever asks for
    std::string brief;      // for a telephone
};

MessageText administrators_act(const MessageFacts& facts, bool to_contact, const Secret& code,
                               const ActWords& words) {
    const std::string name = reported(facts.account_name);
    const Denial denial = denial_of(facts, code);
    const std::string before =
        (to_contact ? "You are a recovery contact of " + name + ".\n" : std::string{}) +
        words.what + "  Account: " + name + "\n  Host:    " + shown_host(facts) + words.times +
        "\n\nIf " + (to_contact ? name + " asked" : "you asked") +
        " for it, there is nothing to do.\n\nIf not, " + words.suspicion + denial.before;
    const std::string after = denial.after + words.remedy + advice(facts) + "\nWe never ask for " +
                              words.never + " by phone, by mail or in a chat.\n";
    return {words.subject + (to_contact ? "the account of " + name : "your account") + " on " +
                shown_host(facts),
            joined(before, denial.shown, after),
            joined(short_name(facts) + ": " + words.brief + ". Not yours? " + denial.short_before,
                   denial.shown, ""),
            Secret{}};
}

// What was changed only where it stays one message: the code to deny it by matters more.
Secret short_notice(const MessageFacts& facts, const Denial& denial) {
    const std::string what =
        short_name(facts) + (facts.reason == Reason::ForgotPassword
                                 ? ": somebody proved to be you and may set a new password."
                                 : ": somebody proved to be you and may end its lockout.");
    const std::string how = " Not you? " + denial.short_before;
    const std::string changed = changed_in_short(facts.changed);
    const bool fits =
        what.size() + changed.size() + how.size() + denial.shown.size() <= kMaxShortText;
    return joined(what + (fits ? changed : std::string{}) + how, denial.shown, "");
}

std::string two_digits(unsigned number) {
    const std::array digits{static_cast<char>('0' + number / 10 % 10),
                            static_cast<char>('0' + number % 10)};
    return {digits.begin(), digits.end()};
}

std::string_view said_reason(Reason reason) {
    switch (reason) {
        case Reason::ForgotPassword:
            return "I forgot my password.\n\n";
        case Reason::KnowsPassword:
            return "I know my password, but still can't sign in.\n\n";
        case Reason::ChangeSecurityInfo:
            break;
    }
    return "";
}

}  // namespace

MessageText code_message(const MessageFacts& facts, const Secret& code, std::uint32_t minutes) {
    const Secret shown = shown_code(code);
    const std::string lifetime = screen_texts::duration(minutes);
    const bool changes = facts.reason == Reason::ChangeSecurityInfo;
    const std::string before = std::string{"Somebody, hopefully you, wants to "} +
                               (changes ? "change the ways back into your account.\n\n  Your code: "
                                        : "get back into your account.\n\n  Your recovery code: ");
    const std::string after =
        "\n\nIt is valid for " + lifetime + ". Type it " +
        (changes ? "where you asked for the change" : "at the login prompt") + ", nowhere else.\n" +
        "We never ask for this code by phone, by mail or in a chat.\n\n" + circumstances(facts) +
        "If it was not you, do not pass the code on: without it, this way stays\n"
        "shut. If it happens again:\n" +
        advice(facts);
    const std::string short_after =
        (changes ? " lets the ways back in be changed, of " : " is the recovery code of ") +
        short_name(facts) + ", valid " + lifetime +
        (changes ? "." : ". Type it at the login prompt only.");
    return {
        (changes ? "Code for a change of your account on " : "Recovery code for your account on ") +
            shown_host(facts),
        joined(before, shown, after), joined("", shown, short_after), code.duplicate()};
}

MessageText contact_code_message(const MessageFacts& facts, const Secret& code,
                                 std::uint32_t minutes) {
    const Secret shown = shown_code(code);
    const std::string lifetime = screen_texts::duration(minutes);
    const std::string name = reported(facts.account_name);
    const std::string before =
        "You are a recovery contact of " + name + ".\nSomebody, hopefully " + name +
        (facts.reason == Reason::ChangeSecurityInfo
             ? ", has signed in and wants to change\nhow to get back into the account.\n\n"
             : ", wants to get back into the account, and says:\n") +
        std::string{said_reason(facts.reason)} + "  Their recovery code: ";
    const std::string after =
        "\n\nIt is valid for " + lifetime + ". Speak with " + name +
        ", face to face or in a call\nthat you make yourself, and read the code aloud only if you "
        "are sure who it is.\nNever send it in a message, and give it to nobody else who "
        "asks.\n\n" +
        circumstances(facts) + "If " + name +
        " knows nothing of it, keep the code to yourself: without it, this way\n"
        "stays shut. Then tell " +
        name + ", or:\n" + advice(facts);
    const std::string short_after = " is the recovery code of " + short_name(facts) + ", " +
                                    lifetime + ". Speak with them before you read it out.";
    return {"Recovery code for " + name + " on " + shown_host(facts), joined(before, shown, after),
            joined("", shown, short_after), code.duplicate()};
}

MessageText notice_message(const MessageFacts& facts, const Secret& code) {
    const bool forgot = facts.reason == Reason::ForgotPassword;
    const Denial denial = denial_of(facts, code);
    const std::string before =
        std::string{"Somebody proved to be you at a login prompt, and may now "} +
        (forgot ? "choose a new password\nfor your account.\n\n"
                : "end the lockout\nof your account.\n\n") +
        circumstances(facts) + used_saved_code(facts) + used_pass(facts) +
        changed_before(facts.changed) +
        (facts.changed.is_empty() ? "If it was you, there is nothing to do.\n\n"
                                  : "If all of it was you, there is nothing to do.\n\n") +
        "If it was not you, somebody reads your messages or holds your recovery\n"
        "codes. " +
        denial.before;
    const std::string after =
        denial.after + "ave the account locked at once:\n" + advice(facts) +
        "\nWe never ask for a code or a password by phone, by mail or in a chat.\n";
    return {
        (forgot ? "A new password for your account on " : "Lockout ended for your account on ") +
            shown_host(facts),
        joined(before, denial.shown, after), short_notice(facts, denial), Secret{}};
}

MessageText contact_notice_message(const MessageFacts& facts) {
    const std::string name = reported(facts.account_name);
    const std::string text =
        "You are a recovery contact of " + name + ".\nSomebody proved at a login prompt to be " +
        name + ", perhaps with a code that you were sent.\n\n" + circumstances(facts) +
        "If you gave the code to " + name +
        " alone, there is nothing to do.\n\n"
        "If you gave it to somebody else, or to nobody, have the account locked at once:\n" +
        advice(facts) + "\nWe never ask for a code or a password by phone, by mail or in a chat.\n";
    return {"The account of " + name + " on " + shown_host(facts) + " was recovered", Secret{text},
            Secret{short_name(facts) + ": somebody proved to be them, perhaps with your code. Not "
                                       "them? Tell the administrator."},
            Secret{}};
}

MessageText pass_notice_message(const MessageFacts& facts, TimePoint ends_at, bool to_contact,
                                const Secret& code) {
    const std::string whose = to_contact ? "the account" : "your account";
    return administrators_act(
        facts, to_contact, code,
        {"A temporary pass for ",
         "The administrator has issued a temporary pass for " + whose +
             ". Whoever has\nit can prove with it at the login prompt to be " +
             (to_contact ? reported(facts.account_name) : "you") + ", until it ends.\n\n",
         "\n  Issued:  " + utc_text(facts.at) + "\n  Ends:    " + utc_text(ends_at),
         "somebody may have talked the administrator into it. ", "ave it revoked at once:\n",
         "a pass or a code", "temporary pass issued, until " + utc_text(ends_at)});
}

MessageText unlock_notice_message(const MessageFacts& facts, bool to_contact, const Secret& code) {
    return administrators_act(
        facts, to_contact, code,
        {"Lockout ended for ",
         std::string{"The administrator ends the lockout of "} +
             (to_contact ? "the account" : "your account") +
             " that wrong passwords\nhave caused. The password stays as it is.\n\n",
         "\n  Time:    " + utc_text(facts.at), "somebody may be guessing the password. ",
         "ave the account looked after:\n", "a code or a password",
         "the administrator ended a lockout"});
}

ApprovalText approval_message(const MessageFacts& facts) {
    return {"Is that you, at " + shown_host(facts) + "?",
            "Somebody, hopefully you, wants to get back into your account.\n\n" +
                circumstances(facts) +
                "If it is you, choose the number that your screen shows. If it is not, deny:\n"
                "then it ends, and the administrator is told.\n"};
}

std::string saved_codes_left_text(std::uint32_t left) {
    constexpr std::uint32_t kFew = 3;
    const std::string number = left == 0 ? "no" : std::to_string(left);
    std::string text = "You have " + number + " recovery code" + (left == 1 ? "" : "s") + " left.";
    if (left <= kFew) text += "\nMake new ones once you are signed in: latchkey codes --new";
    return text;
}

std::string utc_text(TimePoint at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{at - day};
    return std::to_string(static_cast<int>(date.year())) + '-' +
           two_digits(static_cast<unsigned>(date.month())) + '-' +
           two_digits(static_cast<unsigned>(date.day())) + ' ' +
           two_digits(static_cast<unsigned>(time.hours().count())) + ':' +
           two_digits(static_cast<unsigned>(time.minutes().count())) + " UTC";
}

}  // namespace latchkey
