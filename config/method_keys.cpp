// SPDX-License-Identifier: MIT
#include "config/method_keys.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "config/phone_options.hpp"
#include "config/push_options.hpp"
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
};
// What a table of this name means if it does not say otherwise.
constexpr std::array kKnownMethods{
    KnownMethod{"sms", Medium::Text, "Text my mobile phone"},
    KnownMethod{"voice", Medium::Call, "Call my mobile phone"},
    KnownMethod{"office", Medium::Call, "Call my office phone"},
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

Result<void> check_label(const SettingsDraft& draft, const std::string& table,
                         const MethodSettings& method) {
    if (method.label.empty())
        return refusal(draft.place_of({table}), table + ".label",
                       "is missing; write the line that the menu shows");
    if (method.kind == MethodKind::Delivery && method.label.size() > kMaxDeliveryLabelBytes)
        return refusal(draft.place_of({table + ".label", table}), table + ".label",
                       "is longer than 28 bytes, and the destination must fit behind it; "
                       "shorten it");
    return {};
}

// False where a plugin of ours is known not to be of this kind.
bool can_do(const std::string& plugin, MethodKind kind) {
    if (plugin == "totp" || plugin == "hotp") return kind == MethodKind::Verification;
    if (is_push_plugin(plugin)) return kind == MethodKind::Approval;
    constexpr std::array<std::string_view, 6> kDeliver{"email",    "exec",      "file",
                                                       "sendmail", "sms-spool", "voice-sip"};
    const bool delivers = is_phone_plugin(plugin) ||
                          std::find(kDeliver.begin(), kDeliver.end(), plugin) != kDeliver.end();
    return !delivers || kind == MethodKind::Delivery;
}

// False where a plugin of ours is known to take no addresses of this medium. Under another
// medium the same mailbox or telephone would be a second possession, and pass a second gate.
bool carries(const std::string& plugin, Medium medium) {
    if (plugin == "email" || plugin == "sendmail") return medium == Medium::Email;
    if (plugin == "sms-spool" || plugin == "voice-sip" || is_phone_plugin(plugin))
        return medium == Medium::Text || medium == Medium::Call;
    return true;
}

Result<void> check_channels(const SettingsDraft& draft, const std::string& table,
                            const MethodSettings& method) {
    const std::string key = table + ".channels";
    for (const std::string& name : method.channels) {
        const auto found = draft.settings.channels.find(name);
        if (found == draft.settings.channels.end())
            return refusal(draft.place_of({key, table}), key,
                           "names a channel that does not exist; write its table [channel.NAME] "
                           "or correct the name");
        if (!can_do(found->second.plugin, method.kind))
            return refusal(draft.place_of({key, table}), key,
                           "names a channel whose plugin does something else; correct the name "
                           "or the method's kind");
        if (!carries(found->second.plugin, method.medium))
            return refusal(
                draft.place_of({key, table}), key,
                "names a channel that carries other addresses than this method has; "
                "correct the name or the method's medium (\"email\" for e-mail, \"text\" "
                "or \"call\" for telephones)");
        if (method.kind == MethodKind::Approval && found->second.profile != Profile::Network) {
            const std::string profile = "channel." + name + ".profile";
            return refusal(draft.place_of({profile, key, table}), profile,
                           "is not \"network\", which asking a device needs; write profile = "
                           "\"network\"");
        }
        if (method.kind == MethodKind::Verification && found->second.profile != Profile::None) {
            const std::string profile = "channel." + name + ".profile";
            return refusal(draft.place_of({profile, key, table}), profile,
                           "is not \"none\", but a verification plugin sees somebody's key; "
                           "write profile = \"none\"");
        }
    }
    return {};
}

// Who says what a leading 0 stands for says where the people's numbers are.
Result<void> complete_countries(const SettingsDraft& draft, const std::string& table,
                                MethodSettings& method) {
    const std::string key = table + ".countries";
    const bool is_written = draft.places.count(key) != 0;
    const bool is_of_telephones =
        method.kind == MethodKind::Delivery && is_telephone(method.medium);
    if (is_written && !is_of_telephones)
        return refusal(draft.place_of({key}), key,
                       "is for methods whose medium is \"text\" or \"call\"; remove it");
    const std::string& own = draft.settings.phone_country;
    if (!is_written && is_of_telephones && !own.empty()) method.countries = {own};
    return {};
}

// Whatever the medium, what approves is counted as the app's pocket. A mailbox or telephone that
// gets codes as well would pass two gates.
Result<void> check_medium(const SettingsDraft& draft, const std::string& table,
                          const MethodSettings& method) {
    if (method.kind != MethodKind::Approval || method.medium == Medium::Other) return {};
    return refusal(draft.place_of({table + ".medium", table + ".kind", table}), table + ".medium",
                   "is not \"other\", which asking a device needs; write medium = \"other\"");
}

// The codes of a method are those of its plugins, and a key is for one kind of them.
Result<void> complete_otp_kind(const SettingsDraft& draft, const std::string& table,
                               MethodSettings& method) {
    if (method.kind != MethodKind::Verification || method.channels.empty()) return {};
    const auto counts = [&draft](const std::string& channel) {
        return draft.settings.channels.at(channel).plugin == "hotp";
    };
    const std::string key = table + ".channels";
    method.otp = counts(method.channels.front()) ? OtpKind::Counter : OtpKind::Time;
    for (const std::string& channel : method.channels)
        if (counts(channel) != (method.otp == OtpKind::Counter))
            return refusal(draft.place_of({key, table}), key,
                           "mixes the codes of tokens with those of apps; give each a method of "
                           "its own");
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
    }
    return refusal(written,
                   "is not known; remove it, the keys of a method are label, kind, "
                   "medium, channels, code_lifetime and countries");
}

Result<void> check_methods(SettingsDraft& draft) {
    auto& methods = draft.settings.methods;
    for (auto method = methods.begin(); method != methods.end();) {
        const std::string table = "method." + method->first;
        if (method->second.channels.empty()) {
            const bool switched_off = draft.places.count(table + ".channels") != 0;
            if (!switched_off)
                return refusal(draft.place_of({table}), table + ".channels",
                               "is missing; name the channels that carry it");
            method = methods.erase(method);
            continue;
        }
        if (auto checked = check_label(draft, table, method->second); !checked) return checked;
        if (auto checked = check_channels(draft, table, method->second); !checked) return checked;
        if (auto checked = check_medium(draft, table, method->second); !checked) return checked;
        auto completed = complete_countries(draft, table, method->second);
        if (!completed) return completed;
        auto known = complete_otp_kind(draft, table, method->second);
        if (!known) return known;
        ++method;
    }
    return {};
}

}  // namespace latchkey
