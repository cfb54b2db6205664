// SPDX-License-Identifier: MIT
#include "tests/system/town.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>

namespace latchkey {
namespace {

constexpr const char* passwd = "/etc/passwd";
constexpr const char* shadow = "/etc/shadow";
constexpr const char* group = "/etc/group";
constexpr int first_uid = 20000;
constexpr const char* drop_ins = "/etc/latchkey/latchkey.d/";

std::string name_of(std::size_t number) {
    const std::string digits = std::to_string(number);
    switch (number % 5) {
        case 0:
            return "ada" + digits;
        case 1:
            return "b_" + digits;
        case 2:
            return "carl-" + digits + "-of-the-long-name";
        case 3:
            return "d" + digits + ".smith";
        default:
            return "e" + std::string(20, 'x') + digits;
    }
}

}  // namespace

Town::Town(std::size_t size)
    : passwd_(file_text(passwd)), shadow_(file_text(shadow)), group_(file_text(group)) {
    for (std::size_t i = 0; i < size; ++i) names_.push_back(name_of(i));
    machine.set_up();
}

std::vector<std::string> Town::spellings_of(const std::string& name) {
    std::string upper = name;
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
    std::string capital = name;
    capital.front() = upper.front();
    return {upper, capital, name + ' ', ' ' + name, name + '.', name + "@example.org", name + '\t'};
}

std::vector<std::string> Town::spellings(std::size_t of_each) const {
    std::vector<std::string> spellings;
    for (const std::string& name : names_) {
        const auto some = spellings_of(name);
        const std::size_t first = spellings.size();
        for (std::size_t i = 0; i < of_each; ++i)
            spellings.push_back(some[(first + i) % some.size()]);
    }
    return spellings;
}

// One look-up of useradd's files for everybody, where useradd would take minutes.
void Town::move_in() {
    machine.add_account("model", "old horse battery");
    const std::string field = machine.password_field("model");
    must_run({"userdel", "--remove", "model"});
    std::string accounts;
    std::string passwords;
    std::string groups;
    int uid = first_uid;
    for (const std::string& name : names_) {
        const std::string id = std::to_string(uid++);
        accounts += name + ":x:" + id + ':' + id + "::/:/bin/bash\n";
        passwords += name + ':' + field + ":20000:0:99999:7:::\n";
        groups += name + ":x:" + id + ":\n";
    }
    write_file(passwd, passwd_ + accounts);
    write_file(group, group_ + groups);
    write_file(shadow, shadow_ + passwords, 0640);
}

void Town::enrol() {
    for (std::size_t i = 0; i < names_.size(); ++i) {
        machine.enroll_email(names_[i], address_of(names_[i]));
        if (i % 3 == 0) static_cast<void>(machine.enroll_app(names_[i]));
        if (i % 4 == 0) static_cast<void>(machine.new_saved_codes(names_[i]));
    }
}

void Town::lock() {
    mark_passwords(true);
}

void Town::unlock() {
    mark_passwords(false);
}

void Town::mark_passwords(bool locked) {
    std::string rows = file_text(shadow);
    for (const std::string& name : names_) {
        const std::string row = '\n' + name + ':';
        const std::size_t field = rows.find(row) + row.size();
        if (rows[field] == '!') rows.erase(field, 1);
        if (locked) rows.insert(field, 1, '!');
    }
    write_file(shadow, rows, 0640);
}

void Town::move_out() {
    write_file(passwd, passwd_);
    write_file(group, group_);
    write_file(shadow, shadow_, 0640);
}

void Town::lose_the_gateway() {
    machine.configure(R"([channel.post]
plugin = "email"
server = "127.0.0.1"
port = 9
tls = "none"
from = "help@example.org"
[method.email]
channels = ["post"]
)",
                      "70-dead");
}

void Town::get_the_gateway_back() {
    std::filesystem::remove(std::string(drop_ins) + "70-dead.toml");
}

void Town::throttle() {
    machine.configure(
        "[limits]\nwrong_per_hour = 1\nwrong_per_day = 1\nconsecutive_wrong = 1\n"
        "sends_per_minute = 1\nsends_per_ten_minutes = 1\nsends_per_hour = 1\n"
        "sends_per_day = 1\nwrong_addresses_per_pair_day = 1\n",
        "80-throttle");
}

void Town::lift_the_throttle() {
    std::filesystem::remove(std::string(drop_ins) + "80-throttle.toml");
}

}  // namespace latchkey
