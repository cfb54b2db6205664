// SPDX-License-Identifier: MIT
//
// What the PAM module itself says. Constants only, so that the object loaded
// into login programs needs nothing else of the core.
#pragma once

#include <string_view>

namespace latchkey::login_texts {

// In front of the prompt of every login.
inline constexpr std::string_view kHint = "Forgot your password, or locked out? Press Enter.";
inline constexpr std::string_view kPasswordPrompt = "Password: ";

// Empty: back. One character: '2' is "I know my password", anything else
// "I forgot". Longer: a resume code. Nothing else of it counts (over ssh only
// the length of an answer may matter here).
inline constexpr std::string_view kReasonQuestion =
    "Get back into your account\n"
    "Why are you having trouble signing in?\n"
    "  1  I forgot my password\n"
    "  2  I know my password, but still can't sign in\n"
    "Choose 1 or 2, or type your resume code (Enter to go back): ";

// In front of the reason question, asked again.
inline constexpr std::string_view kResumeUnknown =
    "No recovery can be resumed with that code here and now.\n";

// Put in front of the next prompt, or shown where nothing more is asked.
inline constexpr std::string_view kUnavailable =
    "Getting back into your account does not work now. Signing in works as before.";
inline constexpr std::string_view kPasswordChanged = "Your password has been changed.";
inline constexpr std::string_view kUnlocked =
    "Your account is no longer locked. Sign in with your password.";
inline constexpr std::string_view kNothingWasLocked =
    "Your account was not locked. Check Caps Lock and the keyboard layout,\n"
    "then sign in with your password.";

// Behind a reminder, at a console.
inline constexpr std::string_view kRegisterNow = "Set one up now? (y, or Enter for later): ";
inline constexpr std::string_view kStillReached =
    "Does it still reach you? (y, or Enter for later): ";
inline constexpr std::string_view kNotNow = "That does not work now. Signing in works as before.";

// A refusal is a question, because sshd shows nothing else once a login has failed.
inline constexpr std::string_view kEnterToContinue = "Press Enter to continue: ";

}  // namespace latchkey::login_texts
