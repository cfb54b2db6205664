// SPDX-License-Identifier: MIT
//
// The part of Machine that knows latchkey: its settings, its command, its messages.
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "tests/system/machine.hpp"

namespace latchkey {
namespace {

constexpr const char* drop_ins = "/etc/latchkey/latchkey.d/";
constexpr const char* unchecked = "41-unchecked";
constexpr const char* message_directory = "/var/spool/latchkey-messages";

std::string latchkey_command(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "/usr/bin/latchkey");
    return must_run(arguments);
}

}  // namespace

bool is_of_setting_up(std::string_view text) {
    return text.find("The administrator has added ") != text.npos;
}

std::string DeliveredMessage::code() const {
    constexpr std::string_view before = " recovery code: ";
    const std::size_t at = text.find(before);
    if (at == std::string::npos) throw std::runtime_error("no code in " + path + ":\n" + text);
    const std::size_t from = at + before.size();
    return text.substr(from, text.find('\n', from) - from);
}

void Machine::configure(std::string_view toml, const std::string& name) {
    write_file(drop_ins + name + ".toml", toml);
}

void Machine::widen_limits() {
    configure(R"(reply_grid = 0
[limits]
wrong_per_hour = 100
wrong_per_day = 100
wrong_at_console_per_day = 100
consecutive_wrong = 100
saved_code_interval = 1
sends_per_minute = 60
sends_per_ten_minutes = 100
sends_per_hour = 200
sends_per_day = 500
starts_per_source_hour = 1000
names_per_source_hour = 1000
wrong_addresses_per_source_hour = 1000
wrong_addresses_per_pair_day = 1000
wrong_resumes_per_source_hour = 1000
)",
              "40-widened");
    configure("[human_check]\nwhen = \"off\"\n", unchecked);
}

void Machine::check_humans() {
    std::filesystem::remove(std::string{drop_ins} + unchecked + ".toml");
}

void Machine::deliver_to_files() {
    std::filesystem::create_directories(message_directory);
    must_run({"chown", "_latchkey-channel:", message_directory});
    configure(R"([channel.file]
plugin = "file"
profile = "none"
directory = "/var/spool/latchkey-messages"

[method.email]
channels = ["file"]
)",
              "50-files");
}

void Machine::set_up() {
    widen_limits();
    deliver_to_files();
    run_setup();
}

void Machine::run_setup() {
    latchkey_command({"setup", "--yes", "--allow-file-channel"});
}

void Machine::enroll_email(const std::string& user, const std::string& address) {
    latchkey_command({"enroll", user, "email", address});
}

std::string Machine::enroll_app(const std::string& user) {
    const auto answer = nlohmann::json::parse(latchkey_command({"enroll", user, "totp", "--json"}));
    return answer.at("key_base32").get<std::string>();
}

std::string Machine::enroll_token(const std::string& user) {
    const auto answer = nlohmann::json::parse(latchkey_command({"enroll", user, "hotp", "--json"}));
    return answer.at("key_base32").get<std::string>();
}

std::vector<std::string> Machine::new_saved_codes(const std::string& user) {
    const auto answer = nlohmann::json::parse(latchkey_command({"codes", user, "--new", "--json"}));
    return answer.at("codes").get<std::vector<std::string>>();
}

std::vector<DeliveredMessage> Machine::waiting_messages() const {
    std::vector<DeliveredMessage> messages;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(message_directory, none)) {
        const std::string path = entry.path().string();
        // A name with a leading dot is still being written.
        if (entry.path().filename().string().front() == '.') continue;
        if (returned_messages_.count(path) != 0) continue;
        DeliveredMessage message{path, file_text(path)};
        if (!is_of_setting_up(message.text)) messages.push_back(std::move(message));
    }
    const auto earlier = [](const DeliveredMessage& left, const DeliveredMessage& right) {
        return std::filesystem::last_write_time(left.path) <
               std::filesystem::last_write_time(right.path);
    };
    std::sort(messages.begin(), messages.end(), earlier);
    return messages;
}

std::size_t Machine::setting_up_messages() const {
    std::error_code none;
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(message_directory, none)) {
        const std::string path = entry.path().string();
        if (entry.path().filename().string().front() != '.' && is_of_setting_up(file_text(path)))
            ++count;
    }
    return count;
}

std::vector<DeliveredMessage> Machine::take_messages() {
    std::vector<DeliveredMessage> messages = waiting_messages();
    for (const DeliveredMessage& message : messages) returned_messages_.insert(message.path);
    return messages;
}

DeliveredMessage Machine::next_message(std::chrono::milliseconds within) {
    std::vector<DeliveredMessage> messages;
    const auto has_come = [&] { return !(messages = waiting_messages()).empty(); };
    if (!comes_true(has_come, within)) {
        throw std::runtime_error("no message was delivered\n---- log ----\n" + log());
    }
    returned_messages_.insert(messages.front().path);
    return messages.front();
}

}  // namespace latchkey
