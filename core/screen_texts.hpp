// SPDX-License-Identifier: MIT
//
// The words of the catalogue (core/screens.hpp), apart from the rules.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/recovery.hpp"
#include "core/screen.hpp"

namespace latchkey::screen_texts {

inline constexpr std::size_t kMaxHostNameBytes = 64;  // HOST_NAME_MAX of Linux

inline constexpr std::string_view kMenuTitle = "How should we verify that it is you?\n";
inline constexpr std::string_view kSavedCodeChoice =
    "Enter one of my recovery codes or a temporary pass";
inline constexpr std::string_view kMoreChoices = "More choices";
// Pushed to an app or written in a chat: tapped in one, typed in the other.
inline constexpr std::string_view kApproval =
    "A request is on its way to your phone. m chooses another method.\n";
inline constexpr std::string_view kNoneOfThese = "I have none of these";
// Behind a method of the menu, and above the remote question, while probes fail. One
// line for all methods: before the first proof it names none that a person could lack.
inline constexpr std::string_view kNotWorking = " (not working)";
inline constexpr std::string_view kSendingNotWorking =
    "A way of sending codes is not working just now.\n";

inline constexpr std::string_view kOtpCode =
    "Type the code that your authenticator app shows now.\n"
    "m chooses another method.\n"
    "Code: ";
inline constexpr std::string_view kTokenCode =
    "Type the code that your token shows when you press its button.\n"
    "If it is refused, type the next two codes, one after the other.\n"
    "m chooses another method.\n"
    "Code: ";
inline constexpr std::string_view kNewAuthenticator =
    "Type the code that the new app or token shows now (Enter to change nothing): ";
inline constexpr std::string_view kSavedCode =
    "Type one of your recovery codes, or a temporary pass: ABCD-EFGH-JKLM-NPQR.\n"
    "m chooses another method.\n"
    "Pass or recovery code: ";

inline constexpr std::string_view kVetoHeard =
    "If somebody else signs in as you, get back into your account now, and tell\n"
    "the administrator.\n"
    "Press Enter to go back: ";

// Who hears a screen is told of the words before the picture is spelled out. One letter
// changes, as at the other prompts before the first proof: over ssh which one must not
// matter.
inline constexpr std::string_view kPictureTitle =
    "Show that you are a person: type the five characters of the picture, or one\n"
    "letter for words that can be read aloud instead.\n";
inline constexpr std::string_view kWordsTitle =
    "Show that you are a person: type the first letter of each word, and for a\n"
    "number its digit. One letter gives a picture instead.\n";
inline constexpr std::string_view kCharacters = "Characters (Enter goes back): ";

// A line of at most 47 bytes and '\n', so that the longest menu stays within a
// prompt; empty for Remark::None.
[[nodiscard]] std::string remark(Remark remark);

// "an e-mail", "a text message", "a call", "a message": what carries the code.
[[nodiscard]] std::string_view message_noun(Medium medium);
// "e-mail address", "phone number", "address"
[[nodiscard]] std::string_view address_noun(Medium medium);
// "10 minutes"; from two hours on "24 hours", rounded down.
[[nodiscard]] std::string duration(std::uint32_t minutes);
// What stands above "Code: ": `message` is a message_noun(). Of a recovery contact it is the
// same whether a message leaves now or has left before.
[[nodiscard]] std::string sent_code(std::string_view message, std::uint32_t minutes);
[[nodiscard]] std::string contact_code(std::string_view message, std::uint32_t minutes);
// Of an address that is being enrolled; `mask` may be empty.
[[nodiscard]] std::string new_address(Medium medium, std::string_view mask, std::uint32_t minutes);
// The same of a device; `left` is how long its number is good, "1:40 left".
[[nodiscard]] std::string new_device(std::string_view mask, std::string_view number,
                                     std::string_view left);
// "It is valid for 10 minutes."
[[nodiscard]] std::string valid_for(std::uint32_t minutes);

// `text` with lines longer than `columns` broken at spaces, or within a word
// that is longer than a line. Its own line breaks stay.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t columns);

}  // namespace latchkey::screen_texts
