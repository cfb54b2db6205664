// SPDX-License-Identifier: MIT
#include "config/settings_reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "config/budget_keys.hpp"
#include "config/channel_keys.hpp"
#include "config/method_checks.hpp"
#include "config/method_keys.hpp"
#include "config/number_keys.hpp"
#include "config/settings_draft.hpp"
#include "config/toml_document.hpp"
#include "config/trusted_file.hpp"
#include "core/answers.hpp"
#include "core/screens.hpp"

namespace latchkey {

namespace {

Result<void> set_phone_country(Settings& settings, const Written& written) {
    auto text = text_in(written, 8);
    if (!text) return std::move(text).error();
    const bool is_code = text->empty() || (text->size() >= 2 && text->size() <= 4 &&
                                           text->front() == '+' && (*text)[1] != '0' &&
                                           text->find_first_not_of("0123456789", 1) == text->npos);
    if (!is_code)
        return refusal(written,
                       "is no country code; write a plus and one to three digits, \"+49\"");
    settings.phone_country = std::move(*text);
    return {};
}

Result<void> set_own_mail_domains(Settings& settings, const Written& written) {
    auto names = names_in(written);
    if (!names) return std::move(names).error();
    for (const std::string& name : *names)
        if (checked_email_address("a@" + name) != "a@" + name)
            return refusal(written,
                           "holds what is no domain; write names such as "
                           "\"example.org\", in lower case");
    settings.own_mail_domains = std::move(*names);
    return {};
}

Result<void> set_administrator_mail(Settings& settings, const Written& written) {
    constexpr std::size_t kMost = 8;
    const auto* words = std::get_if<Words>(&written.value);
    if (words == nullptr || words->size() > kMost)
        return refusal(written,
                       "is no list of up to 8 addresses; write it as [\"ops@example.org\"]");
    std::vector<std::string> addresses;
    for (const std::string& word : *words) {
        auto address = checked_email_address(word);
        if (!address)
            return refusal(written,
                           "holds what is no plain e-mail address; write such as "
                           "\"ops@example.org\"");
        addresses.push_back(std::move(*address));
    }
    settings.administrator_mail = std::move(addresses);
    return {};
}

// Whoever wrote it counts on the messages.
Result<void> check_administrator_mail(const SettingsDraft& draft) {
    const auto& methods = draft.settings.methods;
    const bool sends_mail = std::any_of(methods.begin(), methods.end(), [](const auto& method) {
        return method.second.kind == MethodKind::Delivery && method.second.medium == Medium::Email;
    });
    if (draft.settings.administrator_mail.empty() || sends_mail) return {};
    return refusal(draft.place_of({"administrator_mail"}), "administrator_mail",
                   "is set, and no method sends e-mail; add [method.email], or remove it");
}

Result<void> set_whom_to_ask(Settings& settings, const Written& written) {
    auto text = text_in(written, kMaxWhomToAskBytes);
    if (!text) return std::move(text).error();
    if (!text->empty() && !may_be_shown(*text, kMaxWhomToAskBytes))
        return refusal(written, "names the password, and no text of ours may; leave that word out");
    settings.whom_to_ask = std::move(*text);
    return {};
}

Result<void> set_human_check(Settings& settings, const Written& written) {
    constexpr std::array<std::string_view, 3> kWords{"off", "after_failures", "always"};
    auto text = text_in(written, 32);
    if (!text) return std::move(text).error();
    const auto word = std::find(kWords.begin(), kWords.end(), *text);
    if (word == kWords.end())
        return refusal(written,
                       "is none of the words; write \"always\", \"after_failures\" or \"off\"");
    settings.human_check.when = static_cast<HumanCheckWhen>(word - kWords.begin());
    return {};
}

Result<void> set_registration(Settings& settings, const Written& written) {
    constexpr std::array<std::string_view, 3> kWords{"off", "remind", "require"};
    auto text = text_in(written, 32);
    if (!text) return std::move(text).error();
    const auto word = std::find(kWords.begin(), kWords.end(), *text);
    if (word == kWords.end())
        return refusal(written, "is none of the words; write \"off\", \"remind\" or \"require\"");
    settings.security_info.registration = static_cast<Registration>(word - kWords.begin());
    return {};
}

Result<void> set_end_sessions(Settings& settings, const Written& written) {
    auto truth = truth_in(written);
    if (!truth) return std::move(truth).error();
    settings.end_sessions = *truth;
    return {};
}

// `groups` of the configuration come on top of the built-in ones: a mistake here
// must not open the accounts of administrators with one gate.
Result<void> set_privileged_groups(Settings& settings, const Written& written) {
    auto groups = names_in(written);
    if (!groups) return std::move(groups).error();
    settings.privileged_groups = Settings{}.privileged_groups;
    for (std::string& group : *groups) {
        auto& known = settings.privileged_groups;
        if (std::find(known.begin(), known.end(), group) == known.end())
            known.push_back(std::move(group));
    }
    return {};
}

Result<void> set_privileged_users(Settings& settings, const Written& written) {
    auto users = names_in(written);
    if (!users) return std::move(users).error();
    settings.privileged_users = std::move(*users);
    return {};
}

Error unknown(const Written& written) {
    return refusal(written, "is not known; correct or remove it, latchkey.toml(5) lists every key");
}

Result<void> apply_number(Settings& settings, const Written& written) {
    const auto keys = number_keys();
    const std::string table = written.path.size() > 1 ? written.path.front() : "";
    const auto key = std::find_if(keys.begin(), keys.end(), [&](const NumberKey& k) {
        return written.path.size() <= 2 && k.table == table && k.key == written.path.back();
    });
    if (key == keys.end()) return unknown(written);
    auto number = number_in(written, key->lowest, key->highest, key->mend());
    if (!number) return std::move(number).error();
    key->set(settings, *number);
    return {};
}

Result<void> apply(SettingsDraft& draft, const Written& written) {
    constexpr std::array<std::string_view, 6> kPlainTables{
        "gates", "limits", "human_check", "acts", "after_recovery", "security_info"};
    draft.places[key_of(written.path)] = written.place;
    const std::string& first = written.path.front();
    if (first == "method") return apply_method_key(draft, written);
    if (first == "channel") return apply_channel_key(draft, written);
    if (written.path == Words{"human_check", "when"})
        return set_human_check(draft.settings, written);
    if (written.path == Words{"security_info", "registration"})
        return set_registration(draft.settings, written);
    if (written.path == Words{"after_recovery", "end_sessions"})
        return set_end_sessions(draft.settings, written);
    if (written.path.size() > 1) return apply_number(draft.settings, written);
    if (std::find(kPlainTables.begin(), kPlainTables.end(), first) != kPlainTables.end()) {
        if (std::holds_alternative<EmptyTable>(written.value)) return {};
        return refusal(written, "is a table; write [" + first + "] and the keys below it");
    }
    if (first == "phone_country") return set_phone_country(draft.settings, written);
    if (first == "own_mail_domains") return set_own_mail_domains(draft.settings, written);
    if (first == "administrator_mail") return set_administrator_mail(draft.settings, written);
    if (first == "whom_to_ask") return set_whom_to_ask(draft.settings, written);
    if (first == "privileged_groups") return set_privileged_groups(draft.settings, written);
    if (first == "privileged_users") return set_privileged_users(draft.settings, written);
    return apply_number(draft.settings, written);
}

Result<void> apply_file(SettingsDraft& draft, const std::string& path) {
    auto text = read_trusted_file(path);
    if (!text) return std::move(text).error();
    if (!text->has_value()) return {};
    auto file = parse_toml(**text, path);
    if (!file) return std::move(file).error();
    forget_options_of_replaced_plugins(draft, *file);
    for (const Written& written : *file)
        if (auto applied = apply(draft, written); !applied) return applied;
    return {};
}

}  // namespace

Settings shipped_settings() {
    Settings settings;
    MethodSettings& email = settings.methods["email"];
    email.label = "E-mail my alternate address";
    email.channels = {"email"};
    MethodSettings& totp = settings.methods["totp"];
    totp.label = "Enter a code from my authenticator app";
    totp.kind = MethodKind::Verification;
    totp.channels = {"totp"};
    ChannelSettings& smtp = settings.channels["email"];
    smtp.plugin = "email";
    smtp.options = {{"server", "127.0.0.1"}, {"port", "25"}, {"tls", "none"}};
    ChannelSettings& app = settings.channels["totp"];
    app.plugin = "totp";
    app.profile = Profile::None;
    return settings;
}

Result<Settings> read_settings(const std::string& main_file, const std::string& drop_in_directory) {
    SettingsDraft draft;
    draft.settings = shipped_settings();
    draft.main_file = main_file;
    if (auto applied = apply_file(draft, main_file); !applied) return std::move(applied).error();
    auto drop_ins = drop_ins_of(drop_in_directory);
    if (!drop_ins) return std::move(drop_ins).error();
    for (const std::string& path : *drop_ins)
        if (auto applied = apply_file(draft, path); !applied) return std::move(applied).error();
    if (auto checked = check_channels(draft); !checked) return std::move(checked).error();
    if (auto checked = check_methods(draft); !checked) return std::move(checked).error();
    if (auto checked = check_administrator_mail(draft); !checked) return std::move(checked).error();
    if (auto checked = complete_budgets(draft); !checked) return std::move(checked).error();
    return std::move(draft.settings);
}

}  // namespace latchkey
