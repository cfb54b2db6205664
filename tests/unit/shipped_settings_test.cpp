// SPDX-License-Identifier: MIT
//
// Three places name every key and its default: the structure, the file that is
// shipped and the man page. They must say the same.
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/unit/settings_files.hpp"

namespace latchkey {

namespace {

std::string text_of(const std::string& path) {
    std::ifstream file{std::string{LATCHKEY_SOURCE_DIR} + '/' + path};
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

bool is_key_or_table(const std::string& line) {
    return line.size() > 1 && line[0] == '#' &&
           ((line[1] >= 'a' && line[1] <= 'z') || line[1] == '[');
}

// The shipped file with every key in force, and the keys with their tables.
std::string uncommented(std::set<std::string>& keys) {
    std::istringstream file{text_of("config/latchkey.toml")};
    std::string result;
    std::string table;
    for (std::string line; std::getline(file, line);) {
        if (!is_key_or_table(line)) continue;
        line.erase(0, 1);
        result += line + '\n';
        if (line[0] == '[')
            table = line.substr(1, line.size() - 2) + '.';
        else
            keys.insert(table + line.substr(0, line.find(' ')));
    }
    return result;
}

// What the man page says of a key, up to the next one.
std::string entry_of(const std::string& page, const std::string& key) {
    const auto start = page.find(".It Ic " + key + '\n');
    if (start == std::string::npos) return {};
    return page.substr(start, page.find("\n.It ", start + 1) - start);
}

}  // namespace

TEST_CASE("the shipped file as it is changes nothing") {
    const SettingsFiles files;
    REQUIRE_FALSE(text_of("config/latchkey.toml").empty());
    CHECK(files.refusal_of(text_of("config/latchkey.toml")).empty());
    CHECK(as_text(*files.read()) == as_text(shipped_settings()));
}

TEST_CASE("every key of the shipped file stands there with its default") {
    const SettingsFiles files;
    std::set<std::string> keys;
    const std::string text = uncommented(keys);
    CHECK(files.refusal_of(text) == "");
    CHECK(as_text(*files.read()) == as_text(shipped_settings()));
    for (const NumberKey& key : number_keys()) {
        INFO(key.name());
        CHECK(keys.count(key.name()) == 1);
    }
    for (const char* key : {"whom_to_ask",
                            "administrator_mail",
                            "own_mail_domains",
                            "phone_country",
                            "privileged_groups",
                            "privileged_users",
                            "human_check.when",
                            "security_info.registration",
                            "after_recovery.end_sessions",
                            "method.email.label",
                            "method.email.kind",
                            "method.email.medium",
                            "method.email.channels",
                            "method.email.code_lifetime",
                            "method.totp.label",
                            "method.totp.kind",
                            "method.totp.channels",
                            "method.totp.code_lifetime",
                            "channel.email.plugin",
                            "channel.email.profile",
                            "channel.email.group",
                            "channel.email.deadline",
                            "channel.email.secret_file",
                            "channel.email.server",
                            "channel.email.port",
                            "channel.email.tls",
                            "channel.totp.plugin",
                            "channel.totp.profile",
                            "channel.totp.deadline",
                            "channel.totp.secret_file"}) {
        INFO(key);
        CHECK(keys.count(key) == 1);
    }
    CHECK(keys.size() == number_keys().size() + 30);
    std::cout << "keys of the shipped file: " << keys.size() << '\n';
}

TEST_CASE("the shipped file names the bounds of every number") {
    const std::string text = text_of("config/latchkey.toml");
    for (const NumberKey& key : number_keys()) {
        INFO(key.name());
        const auto line = text.find("\n#" + std::string{key.key} + " = ");
        REQUIRE(line != std::string::npos);
        const auto comment = text.rfind("\n\n", line);
        const std::string said = text.substr(comment, line - comment);
        const std::string bounds = key.lowest == key.highest ? std::to_string(key.lowest) + '.'
                                                             : std::to_string(key.lowest) + '-' +
                                                                   std::to_string(key.highest);
        CHECK(said.find(bounds) != std::string::npos);
    }
}

TEST_CASE("the man page lists every number with its bounds and its default") {
    const std::string page = text_of("docs/man/latchkey.toml.5");
    for (const NumberKey& key : number_keys()) {
        INFO(key.name());
        const std::string entry = entry_of(page, key.name());
        REQUIRE_FALSE(entry.empty());
        CHECK(entry.find(std::to_string(key.lowest) + " to " + std::to_string(key.highest)) !=
              std::string::npos);
        CHECK(entry.find("\nDefault: " + std::to_string(key.get(Settings{})) + '.') !=
              std::string::npos);
    }
}

TEST_CASE("the man page lists every other key of the shipped file with its default") {
    const std::string page = text_of("docs/man/latchkey.toml.5");
    std::set<std::string> keys;
    std::istringstream lines{uncommented(keys)};
    std::set<std::string> numbers;
    for (const NumberKey& key : number_keys()) numbers.insert(std::string{key.key});
    for (std::string line; std::getline(lines, line);) {
        const auto equals = line.find(" = ");
        if (line[0] == '[' || equals == std::string::npos) continue;
        const std::string key = line.substr(0, equals);
        const std::string value = line.substr(equals + 3);
        if (numbers.count(key) != 0) continue;
        INFO(line);
        const std::string entry = entry_of(page, key);
        REQUIRE_FALSE(entry.empty());
        const bool is_named_after_its_table =
            entry.find("Default: the channel of the same name") != std::string::npos ||
            entry.find("Default: the plugin of the same name") != std::string::npos;
        CHECK((is_named_after_its_table || entry.find(value) != std::string::npos));
    }
}

TEST_CASE("the man page lists the keys without a default") {
    const std::string page = text_of("docs/man/latchkey.toml.5");
    for (const char* key : {"ca_file", "user", "from", "hello_name", "html_template", "directory",
                            "per_hour", "per_day"})
        CHECK(entry_of(page, key).find("No default") != std::string::npos);
}

}  // namespace latchkey
