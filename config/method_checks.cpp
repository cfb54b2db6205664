// SPDX-License-Identifier: MIT
#include "config/method_checks.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "config/phone_options.hpp"
#include "config/push_options.hpp"
#include "core/screens.hpp"

namespace latchkey {

namespace {

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

// A contact reads the code from a message that says for whom it is; a call says digits alone.
Result<void> complete_contact(const SettingsDraft& draft, const std::string& table,
                              MethodSettings& method) {
    const std::string is_contact = table + ".recovery_contact";
    const std::string extra = table + ".extra_hours";
    const bool is_written = draft.places.count(extra) != 0;
    if (!method.recovery_contact) {
        if (!is_written) return {};
        return refusal(draft.place_of({extra}), extra,
                       "is for methods with recovery_contact = true; remove it");
    }
    const bool is_call =
        method.medium == Medium::Call ||
        std::any_of(method.channels.begin(), method.channels.end(), [&](const std::string& name) {
            return draft.settings.channels.at(name).plugin.starts_with("voice-");
        });
    if (method.kind != MethodKind::Delivery || is_call)
        return refusal(draft.place_of({is_contact, table + ".medium", table + ".kind", table}),
                       is_contact,
                       "is true, but a call or another kind of method cannot say for whom the code "
                       "is; write medium = \"email\", \"text\" or \"other\"");
    if (!is_written) method.extra_lifetime = kMostExtraLifetime;
    return {};
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
        if (auto contact = complete_contact(draft, table, method->second); !contact) return contact;
        auto known = complete_otp_kind(draft, table, method->second);
        if (!known) return known;
        ++method;
    }
    return {};
}

}  // namespace latchkey
