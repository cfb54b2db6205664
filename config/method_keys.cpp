// SPDX-License-Identifier: MIT
#include "config/method_keys.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "core/screens.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kMaxMethods = 16;
constexpr std::array<std::pair<std::string_view, Medium>, 4> kMedia{{{"email", Medium::Email},
                                                                     {"text", Medium::Text},
                                                                     {"call", Medium::Call},
                                                                     {"other", Medium::Other}}};

struct KnownMethod {
    std::string_view name;
    Medium medium;
    std::string_view label;
    MethodKind kind = MethodKind::Delivery;
    bool recovery_contact = false;
};
// What a table of this name means if it does not say otherwise.
constexpr std::array kKnownMethods{
    KnownMethod{"sms", Medium::Text, "Text my mobile phone"},
    KnownMethod{"voice", Medium::Call, "Call my mobile phone"},
    KnownMethod{"office", Medium::Call, "Call my office phone"},
    KnownMethod{"contact", Medium::Email, "E-mail my recovery contact", MethodKind::Delivery, true},
    KnownMethod{"contact-sms", Medium::Text, "Text my recovery contact", MethodKind::Delivery,
                true},
    KnownMethod{"push", Medium::Other, "Approve a notification on my phone", MethodKind::Approval},
};

// A method that is met the first time.
MethodSettings fresh_method(const std::string& name) {
    MethodSettings method;
    method.medium = Medium::Other;
    for (const KnownMethod& known : kKnownMethods) {
        if (known.name != name) continue;
        method.medium = known.medium;
        method.label = known.label;
        method.kind = known.kind;
        method.recovery_contact = known.recovery_contact;
    }
    return method;
}
constexpr std::size_t kMaxChannelsOfMethod = 4;

Result<void> set_label(MethodSettings& method, const Written& written) {
    auto text = text_in(written, kMaxLabelBytes);
    if (!text) return std::move(text).error();
    if (!may_be_shown(*text, kMaxLabelBytes))
        return refusal(written,
                       "is empty or names the password; write a menu line without that word");
    method.label = std::move(*text);
    return {};
}

Result<void> set_kind(MethodSettings& method, const Written& written) {
    auto text = text_in(written, 32);
    if (!text) return std::move(text).error();
    if (*text == "delivery") {
        method.kind = MethodKind::Delivery;
    } else if (*text == "verification") {
        method.kind = MethodKind::Verification;
    } else if (*text == "approval") {
        method.kind = MethodKind::Approval;
    } else {
        return refusal(written, "is no kind; write \"delivery\", \"verification\" or \"approval\"");
    }
    return {};
}

Result<void> set_medium(MethodSettings& method, const Written& written) {
    const auto text = text_in(written, 32);
    if (!text) return Error{text.error()};
    const auto found = std::find_if(kMedia.begin(), kMedia.end(),
                                    [&](const auto& medium) { return medium.first == *text; });
    if (found == kMedia.end())
        return refusal(written, "is no medium; write \"email\", \"text\", \"call\" or \"other\"");
    method.medium = found->second;
    return {};
}

Result<void> set_channels(MethodSettings& method, const Written& written) {
    auto names = names_in(written);
    if (!names) return std::move(names).error();
    if (names->size() > kMaxChannelsOfMethod)
        return refusal(written, "has more than 4 entries; shorten the list");
    if (std::set<std::string>(names->begin(), names->end()).size() != names->size())
        return refusal(written, "names a channel twice; remove one of the two");
    method.channels = std::move(*names);
    return {};
}

// A calling code, or the beginning of the numbers within one: "+49", "+1212".
bool is_calling_code(const std::string& text) {
    constexpr std::size_t kMostDigits = 7;
    return text.size() >= 2 && text.size() <= 1 + kMostDigits && text[0] == '+' && text[1] != '0' &&
           text.find_first_not_of("0123456789", 1) == text.npos;
}

Result<void> set_countries(MethodSettings& method, const Written& written) {
    const auto* words = std::get_if<Words>(&written.value);
    constexpr std::size_t kMost = 32;
    const bool is_list = words != nullptr && !words->empty() && words->size() <= kMost;
    if (is_list && *words == Words{"any"}) {
        method.countries.clear();
        return {};
    }
    if (!is_list || !std::all_of(words->begin(), words->end(), is_calling_code))
        return refusal(written,
                       "is no list of calling codes; write 1 to 32 of them, such as [\"+49\", "
                       "\"+43\"], or [\"any\"]");
    method.countries = *words;
    return {};
}

Result<void> set_code_lifetime(MethodSettings& method, const Written& written) {
    auto minutes = number_in(written, 1, 10,
                             "write a number of minutes from 1 to 10, or remove the line to "
                             "have 10");
    if (!minutes) return std::move(minutes).error();
    method.code_lifetime = std::chrono::minutes{static_cast<std::int64_t>(*minutes)};
    return {};
}

Result<void> set_recovery_contact(MethodSettings& method, const Written& written) {
    auto truth = truth_in(written);
    if (!truth) return std::move(truth).error();
    method.recovery_contact = *truth;
    return {};
}

Result<void> set_extra_hours(MethodSettings& method, const Written& written) {
    auto hours = number_in(written, 0, 24,
                           "write a number of hours from 0 to 24, or remove the line to have 24");
    if (!hours) return std::move(hours).error();
    method.extra_lifetime = std::chrono::hours{static_cast<std::int64_t>(*hours)};
    return {};
}

}  // namespace

Result<void> apply_method_key(SettingsDraft& draft, const Written& written) {
    if (written.path.size() == 1 ||
        (written.path.size() == 2 && !std::holds_alternative<EmptyTable>(written.value)))
        return refusal(written, "is no table; write [method.NAME] and the keys below it");
    const std::string& name = written.path[1];
    if (name == kSavedMethod)
        return refusal(written, "is built in and has no settings; remove the line");
    if (!is_table_name(name))
        return refusal(written,
                       "has a name that cannot be used; take up to 16 lower-case "
                       "letters, digits and hyphens, a letter first");
    draft.places["method." + name] = written.place;
    MethodSettings& method =
        draft.settings.methods.try_emplace(name, fresh_method(name)).first->second;
    if (draft.settings.methods.size() > kMaxMethods)
        return refusal(written, "is one method too many; 16 are possible, remove one");
    if (written.path.size() == 2) return {};
    const std::string& key = written.path[2];
    if (written.path.size() == 3) {
        if (key == "label") return set_label(method, written);
        if (key == "kind") return set_kind(method, written);
        if (key == "channels") return set_channels(method, written);
        if (key == "medium") return set_medium(method, written);
        if (key == "code_lifetime") return set_code_lifetime(method, written);
        if (key == "countries") return set_countries(method, written);
        if (key == "recovery_contact") return set_recovery_contact(method, written);
        if (key == "extra_hours") return set_extra_hours(method, written);
    }
    return refusal(written,
                   "is not known; remove it, the keys of a method are label, kind, "
                   "medium, channels, code_lifetime, countries, recovery_contact and extra_hours");
}

}  // namespace latchkey
