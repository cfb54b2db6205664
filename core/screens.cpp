// SPDX-License-Identifier: MIT
#include "core/screens.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "core/answers.hpp"
#include "core/codes.hpp"
#include "core/human_check.hpp"
#include "core/login_texts.hpp"
#include "core/masks.hpp"
#include "core/printable.hpp"
#include "core/screen_texts.hpp"

namespace latchkey {

namespace {

Error rejected(const char* why) {
    return {ErrorKind::Rejected, std::string{"screen: "} + why};
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::optional<MethodKind> kind_of(const Settings& settings, const std::string& method) {
    if (method == kSavedMethod) return MethodKind::SavedCode;
    const auto found = settings.methods.find(method);
    if (found == settings.methods.end()) return std::nullopt;
    return found->second.kind;
}

// Of a delivery method.
Medium medium_of(const Settings& settings, const std::string& method) {
    return settings.methods.at(method).medium;
}

bool has_kind(const Settings& settings, const std::string& method, MethodKind kind) {
    return kind_of(settings, method) == kind;
}

std::size_t longest_label(MethodKind kind) {
    return kind == MethodKind::Delivery ? kMaxDeliveryLabelBytes : kMaxLabelBytes;
}

// The menu line's text, or nothing if it may not be shown.
std::optional<std::string> choice(const MenuItem& item, const Screen& screen,
                                  const Settings& settings) {
    const auto kind = kind_of(settings, item.method);
    if (!kind) return std::nullopt;
    if (!item.masked_destination.empty() && *kind != MethodKind::Delivery) return std::nullopt;
    if (*kind == MethodKind::SavedCode) return std::string{screen_texts::kSavedCodeChoice};
    std::string text = settings.methods.at(item.method).label;
    if (!may_be_shown(text, longest_label(*kind))) return std::nullopt;
    if (!item.masked_destination.empty())
        text +=
            (is_telephone(medium_of(settings, item.method)) ? " " : ", ") + item.masked_destination;
    const auto& marked = screen.not_working;
    if (std::find(marked.begin(), marked.end(), item.method) != marked.end())
        text += screen_texts::kNotWorking;
    return text;
}

Result<std::string> menu(const Screen& screen, const Settings& settings) {
    if (screen.items.empty() || screen.items.size() > menu_page_size(screen.not_working))
        return rejected("a menu of no or too many items");
    std::string text{screen_texts::kMenuTitle};
    std::size_t number = 0;
    const auto add = [&text, &number](std::string_view line) {
        text += "  " + std::to_string(++number) + "  ";
        text += line;
        text += '\n';
    };
    for (const MenuItem& item : screen.items) {
        const auto line = choice(item, screen, settings);
        if (!line) return rejected("a menu item that may not be shown");
        add(*line);
    }
    add(screen.has_more ? screen_texts::kMoreChoices : screen_texts::kNoneOfThese);
    return text + "Choose 1-" + std::to_string(number) + " (Enter to go back): ";
}

Result<std::string> full_address(const Screen& screen, const Settings& settings) {
    if (!has_kind(settings, screen.method, MethodKind::Delivery))
        return rejected("an address for a method that has none");
    std::string text{"To protect your account, type the complete "};
    text += screen_texts::address_noun(medium_of(settings, screen.method));
    if (!screen.masked_destination.empty()) text += ' ' + screen.masked_destination;
    return text + ": ";
}

Result<std::string> code(const Screen& screen, const Settings& settings) {
    if (!has_kind(settings, screen.method, MethodKind::Delivery))
        return rejected("a sent code for a method that sends none");
    const std::string_view message = screen_texts::message_noun(medium_of(settings, screen.method));
    const bool to_contact = settings.methods.at(screen.method).recovery_contact;
    const std::string text = to_contact ? screen_texts::contact_code(message, screen.minutes)
                                        : screen_texts::sent_code(message, screen.minutes);
    return text + "\nNo message? r sends it again, m chooses another method.\nCode: ";
}

std::string remote_code(const Screen& screen) {
    return "If that is right, a code is on its way. " + screen_texts::valid_for(screen.minutes) +
           "\nCode (one letter sends it again, Enter goes back): ";
}

Result<std::string> otp_code(const Screen& screen, const Settings& settings) {
    if (!has_kind(settings, screen.method, MethodKind::Verification))
        return rejected("an app's code for a method that is no app");
    return std::string{settings.methods.at(screen.method).otp == OtpKind::Counter
                           ? screen_texts::kTokenCode
                           : screen_texts::kOtpCode};
}

// Whether the number to be chosen on a device stands on it, and for how long it may be.
bool shows_number(const Screen& screen, const Settings& settings) {
    return screen.kind == ScreenKind::Approval ||
           (screen.kind == ScreenKind::NewAddress &&
            has_kind(settings, screen.method, MethodKind::Approval));
}

std::string left(std::uint32_t seconds) {
    const std::string rest = std::to_string(seconds % 60);
    return std::to_string(seconds / 60) + ':' + (rest.size() == 1 ? "0" : "") + rest + " left";
}

Result<std::string> new_address(const Screen& screen, const Settings& settings) {
    if (shows_number(screen, settings))
        return screen_texts::new_device(screen.masked_destination, screen.number,
                                        left(screen.seconds));
    if (!has_kind(settings, screen.method, MethodKind::Delivery))
        return rejected("a sent code for a method that sends none");
    return screen_texts::new_address(medium_of(settings, screen.method), screen.masked_destination,
                                     screen.minutes);
}

Result<std::string> new_authenticator(const Screen& screen, const Settings& settings) {
    if (!has_kind(settings, screen.method, MethodKind::Verification))
        return rejected("an app's code for a method that is no app");
    return std::string{screen_texts::kNewAuthenticator};
}

bool is_two_digits(std::string_view text) {
    return text.size() == 2 && text[0] >= '1' && text[0] <= '9' && text[1] >= '0' && text[1] <= '9';
}

Result<std::string> approval(const Screen& screen, const Settings& settings) {
    if (!has_kind(settings, screen.method, MethodKind::Approval))
        return rejected("a number for a method that shows none");
    return std::string{screen_texts::kApproval} + "Tap or type " + screen.number +
           " there, then press Enter (" + left(screen.seconds) + "): ";
}

// What may be typed, by the media of the host's methods: the same for every name.
std::string addresses(const std::set<Medium>& media) {
    const bool by_call = media.contains(Medium::Call);
    if (media.contains(Medium::Other))
        return by_call ? "address (call +49... for a call)" : "address";
    std::string text;
    if (media.contains(Medium::Email)) text = "e-mail address";
    if (!by_call && !media.contains(Medium::Text)) return text;
    text += text.empty() ? "phone number" : " or phone number";
    return by_call ? text + " (call +49... for a call)" : text;
}

// Without a name this depends on the host's configuration and channels alone.
std::string address_or_saved_code(const Screen& screen, const Settings& settings) {
    std::set<Medium> media;
    for (const auto& [name, method] : settings.methods)
        if (method.kind == MethodKind::Delivery) media.insert(method.medium);
    if (media.empty()) return "Type a temporary pass, or one of your recovery codes: ";
    std::string text;
    if (!screen.not_working.empty()) text = screen_texts::kSendingNotWorking;
    return text + "Type your complete " + addresses(media) +
           ", a temporary pass,\nor one of your recovery codes: ";
}

Result<std::string> whom_to_ask(const Settings& settings, const std::string& host_name) {
    std::string text = settings.whom_to_ask;
    if (text.empty()) {
        text = "Ask the administrator of ";
        text += may_be_shown(host_name, screen_texts::kMaxHostNameBytes) ? host_name : "this host";
        text += '.';
    } else if (!may_be_shown(text, kMaxWhomToAskBytes)) {
        return rejected("whom_to_ask may not be shown");
    }
    return text + "\nPress Enter to go back: ";
}

std::string human_check(const Screen& screen) {
    std::string text{screen.in_words ? screen_texts::kWordsTitle : screen_texts::kPictureTitle};
    text += screen.in_words ? human_check_words(screen.signs) + '\n'
                            : human_check_picture(screen.signs);
    text += screen_texts::kCharacters;
    return text;
}

Result<std::string> question(const Screen& screen, const Settings& settings,
                             const std::string& host_name) {
    switch (screen.kind) {
        case ScreenKind::Menu:
            return menu(screen, settings);
        case ScreenKind::FullAddress:
            return full_address(screen, settings);
        case ScreenKind::AddressOrSavedCode:
            return address_or_saved_code(screen, settings);
        case ScreenKind::Code:
            return code(screen, settings);
        case ScreenKind::RemoteCode:
            return remote_code(screen);
        case ScreenKind::OtpCode:
            return otp_code(screen, settings);
        case ScreenKind::SavedCode:
            return std::string{screen_texts::kSavedCode};
        case ScreenKind::WhomToAsk:
            return whom_to_ask(settings, host_name);
        case ScreenKind::HumanCheck:
            return human_check(screen);
        case ScreenKind::Approval:
            return approval(screen, settings);
        case ScreenKind::NewAddress:
            return new_address(screen, settings);
        case ScreenKind::NewAuthenticator:
            return new_authenticator(screen, settings);
        case ScreenKind::VetoHeard:
            return std::string{screen_texts::kVetoHeard};
    }
    return rejected("of no kind");
}

// A mark stands where everybody sees it, on a method that is sent by channels.
bool may_be_marked(const Screen& screen, const Settings& settings) {
    const bool shows_marks =
        screen.kind == ScreenKind::Menu || screen.kind == ScreenKind::AddressOrSavedCode;
    return std::all_of(screen.not_working.begin(), screen.not_working.end(),
                       [&](const std::string& method) {
                           return shows_marks && has_kind(settings, method, MethodKind::Delivery);
                       });
}

// Every argument, also those the kind does not show: a peer that sends one is not ours.
Result<void> check_arguments(const Screen& screen, const Settings& settings) {
    const auto is_destination = [](const std::string& text) {
        return text.empty() || is_mask(text);
    };
    if (!is_destination(screen.masked_destination)) return rejected("a destination of no mask");
    for (const MenuItem& item : screen.items)
        if (!is_destination(item.masked_destination)) return rejected("a destination of no mask");
    if (!may_be_marked(screen, settings)) return rejected("a mark where none belongs");
    const bool shows_signs = screen.kind == ScreenKind::HumanCheck;
    if (shows_signs && !is_human_check(screen.signs)) return rejected("signs of no human check");
    if (!shows_signs && (!screen.signs.empty() || screen.in_words))
        return rejected("a human check where none belongs");
    const bool is_number_shown = shows_number(screen, settings);
    if (is_number_shown ? !is_two_digits(screen.number) : !screen.number.empty())
        return rejected("a number where none belongs, or of no two digits");
    if (is_number_shown ? screen.seconds == 0 || screen.seconds > 600 : screen.seconds != 0)
        return rejected("seconds out of bounds");
    if (!screen.resume_code.empty() && normalised_resume_code(screen.resume_code).empty())
        return rejected("a resume code of no shape");
    const bool names_minutes = screen.kind == ScreenKind::Code ||
                               screen.kind == ScreenKind::RemoteCode ||
                               (screen.kind == ScreenKind::NewAddress && !is_number_shown);
    if (names_minutes && (screen.minutes == 0 || screen.minutes > kMostMinutesOfCode))
        return rejected("minutes out of bounds");
    return {};
}

std::string resume_line(const std::string& resume_code) {
    if (resume_code.empty()) return {};
    const Secret code{normalised_resume_code(resume_code)};
    std::string line{"Your resume code, if you are cut off: "};
    line += shown_resume_code(code).reveal();
    return line + '\n';
}

}  // namespace

bool may_be_shown(std::string_view text, std::size_t at_most) {
    constexpr std::string_view kForbidden = "password";
    if (text.empty() || text.size() > at_most || !is_printable(text)) return false;
    // cppcheck-suppress invalidLifetime ; `text` is the caller's, not the local of another function
    return std::search(text.begin(), text.end(), kForbidden.begin(), kForbidden.end(),
                       [](char a, char b) { return lower(a) == b; }) == text.end();
}

bool comes_before(const Settings& settings, const std::string& a, const std::string& b) {
    const auto place = [&settings](const std::string& method) {
        const int kind =
            static_cast<int>(kind_of(settings, method).value_or(MethodKind::SavedCode));
        const auto found = settings.methods.find(method);
        const Medium medium =
            found == settings.methods.end() ? Medium::Email : found->second.medium;
        const bool is_contacts = found != settings.methods.end() && found->second.recovery_contact;
        // As on the page that people know: the telephone in one's pocket before the office's.
        // What takes another person's time comes last.
        return std::tuple{is_contacts, kind, medium, method != "email", method == "office", method};
    };
    return place(a) < place(b);
}

std::vector<std::string> methods_in_menu_order(const Settings& settings) {
    std::vector<std::string> result{std::string{kSavedMethod}};
    for (const auto& [name, method] : settings.methods)
        if (name != kSavedMethod) result.push_back(name);
    std::sort(result.begin(), result.end(),
              [&settings](const auto& a, const auto& b) { return comes_before(settings, a, b); });
    return result;
}

Result<std::string> render(const Screen& screen, const Settings& settings,
                           const std::string& host_name) {
    if (auto checked = check_arguments(screen, settings); !checked)
        return std::move(checked).error();
    auto asked = question(screen, settings, host_name);
    if (!asked) return asked;
    std::string text = screen_texts::wrapped(
        screen_texts::remark(screen.remark) + resume_line(screen.resume_code) + *asked,
        kMaxScreenColumns);
    if (text.size() > kMaxScreenBytes) return rejected("longer than a prompt may be");
    return text;
}

std::string reason_question() {
    return std::string{login_texts::kReasonQuestion};
}

}  // namespace latchkey
