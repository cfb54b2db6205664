// SPDX-License-Identifier: MIT
//
// A configuration of its own for one test case, and settings as text to compare.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "config/number_keys.hpp"
#include "config/settings_reader.hpp"
#include "tests/support/temporary_directory.hpp"

namespace latchkey {

class SettingsFiles {
public:
    SettingsFiles() {
        std::filesystem::create_directory(drop_ins());
        ::chmod(drop_ins().c_str(), 0755);
    }

    [[nodiscard]] std::string main_file() const { return directory_.file("latchkey.toml"); }
    [[nodiscard]] std::string drop_ins() const { return directory_.file("latchkey.d"); }

    void write_main(const std::string& text) const {
        directory_.write("latchkey.toml", text, 0644);
    }
    void write_drop_in(const std::string& name, const std::string& text) const {
        directory_.write("latchkey.d/" + name, text, 0644);
    }
    [[nodiscard]] Result<Settings> read() const { return read_settings(main_file(), drop_ins()); }

    // The refusal of a main file with this text; empty if it is not refused.
    [[nodiscard]] std::string refusal_of(const std::string& text) const {
        write_main(text);
        const auto settings = read();
        return settings ? std::string{} : settings.error().detail;
    }

private:
    TemporaryDirectory directory_;
};

// Every value, one a line.
inline std::string as_text(const Settings& settings) {
    std::string text = "whom_to_ask " + settings.whom_to_ask + '\n';
    for (const NumberKey& key : number_keys())
        text += key.name() + ' ' + std::to_string(key.get(settings)) + '\n';
    text += "human_check " + std::to_string(static_cast<int>(settings.human_check.when)) + '\n';
    text += "registration " +
            std::to_string(static_cast<int>(settings.security_info.registration)) + '\n';
    text += settings.end_sessions ? "end_sessions\n" : "";
    for (const auto& group : settings.privileged_groups) text += "group " + group + '\n';
    for (const auto& user : settings.privileged_users) text += "user " + user + '\n';
    for (const auto& address : settings.administrator_mail) text += "mail " + address + '\n';
    for (const auto& [name, method] : settings.methods) {
        text += "method " + name + ' ' + method.label + ' ' +
                std::to_string(static_cast<int>(method.kind)) + ' ' +
                std::to_string(method.code_lifetime.count()) + ' ' +
                std::to_string(method.extra_lifetime.count());
        for (const auto& channel : method.channels) text += ' ' + channel;
        for (const auto& country : method.countries) text += ' ' + country;
        text += '\n';
    }
    for (const auto& [name, channel] : settings.channels) {
        text += "channel " + name + ' ' + channel.plugin + ' ' +
                std::to_string(static_cast<int>(channel.profile)) + ' ' +
                std::to_string(channel.deadline.count()) + ' ' + channel.secret_file + ' ' +
                std::to_string(channel.budget.per_hour) + '/' +
                std::to_string(channel.budget.per_day);
        for (const auto& [key, value] : channel.options) text += ' ' + key + '=' + value;
        text += '\n';
    }
    return text;
}

}  // namespace latchkey
