// SPDX-License-Identifier: MIT
#include "tests/system/machine.hpp"

#include <crypt.h>
#include <sys/stat.h>

#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

namespace latchkey {
namespace {

constexpr const char* shadow_path = "/etc/shadow";

}  // namespace

std::string file_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

void write_file(const std::string& path, std::string_view text, mode_t mode) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (!file || ::chmod(path.c_str(), mode) != 0) {
        throw std::runtime_error("cannot write " + path);
    }
}

Machine::Machine() {
    if (std::getenv("LATCHKEY_SANDBOX") == nullptr) {
        throw std::runtime_error("this test changes accounts: run it through scripts/sandbox");
    }
}

Machine::~Machine() {
    if (std::uncaught_exceptions() == 0) return;
    try {
        std::cerr << "---- log ----\n" << log() << "---- end ----\n";
    } catch (const std::exception& problem) {
        std::cerr << problem.what() << '\n';
    }
}

void Machine::add_account(const std::string& name, const std::string& password,
                          const std::vector<std::string>& groups) {
    std::string joined;
    for (const std::string& group : groups) joined += (joined.empty() ? "" : ",") + group;
    std::vector<std::string> command{"useradd", "--create-home", "--shell", "/bin/bash"};
    if (!joined.empty()) command.insert(command.end(), {"--groups", joined});
    command.push_back(name);
    must_run(command);
    set_password(name, password);
}

void Machine::set_password(const std::string& name, const std::string& password) {
    must_run({"chpasswd"}, name + ':' + password + '\n');
}

std::string Machine::password_field(const std::string& name) const {
    std::istringstream rows(file_text(shadow_path));
    for (std::string row; std::getline(rows, row);) {
        if (row.compare(0, name.size() + 1, name + ':') != 0) continue;
        const std::string rest = row.substr(name.size() + 1);
        return rest.substr(0, rest.find(':'));
    }
    throw std::runtime_error(name + " has no row in shadow");
}

bool Machine::password_is(const std::string& name, const std::string& password) const {
    const std::string field = password_field(name);
    crypt_data data{};
    const char* const computed = ::crypt_r(password.c_str(), field.c_str(), &data);
    return computed != nullptr && field == computed;
}

void Machine::use_faillock(unsigned deny, unsigned unlock_time) {
    write_file(
        "/etc/security/faillock.conf",
        "deny = " + std::to_string(deny) + "\nunlock_time = " + std::to_string(unlock_time) + "\n");
    // Two profiles, because one of the lines stands before pam_unix and one behind it.
    write_file("/usr/share/pam-configs/faillock-count",
               "Name: Count failed sign-ins\nDefault: yes\nPriority: 0\nAuth-Type: Primary\n"
               "Auth:\n\t[default=die] pam_faillock.so authfail\n");
    write_file("/usr/share/pam-configs/faillock-refuse",
               "Name: Refuse accounts with too many failed sign-ins\nDefault: yes\n"
               "Priority: 1024\nAuth-Type: Primary\nAuth:\n\trequisite pam_faillock.so preauth\n"
               "Account-Type: Additional\nAccount:\n\trequired pam_faillock.so\n");
    must_run({"env", "DEBIAN_FRONTEND=noninteractive", "pam-auth-update", "--package"});
}

void Machine::use_pwquality() {
    must_run({"sh", "-c",
              "DEBIAN_FRONTEND=noninteractive dpkg -i /var/cache/latchkey-layer/pwquality/*.deb"});
}

Terminal Machine::console(const std::string& user, const TerminalOptions& options) {
    std::vector<std::string> argv{"/usr/bin/login"};
    if (!user.empty()) argv.push_back(user);
    return Terminal(argv, options);
}

bool Machine::signed_in(Terminal& terminal, const std::string& user,
                        std::chrono::milliseconds within) {
    const std::string nonce = std::to_string(++nonce_) + "-" + std::to_string(terminal.pid());
    const std::string proof = "/tmp/signed-in-" + nonce;
    const std::string uid = must_run({"id", "-u", user});
    try {
        terminal.expect("$ ", within);
        // The echo of the command does not contain the answer that is waited for.
        terminal.send_line("{ id -u; echo " + nonce + "; } >" + proof + "; echo wri''tten");
        terminal.expect("written", within);
    } catch (const TerminalError&) {
        return false;
    }
    struct stat facts {};
    if (::stat(proof.c_str(), &facts) != 0) return false;
    return std::to_string(facts.st_uid) + '\n' == uid && file_text(proof) == uid + nonce + '\n';
}

void Machine::expect_log(std::string_view text, std::chrono::milliseconds within) {
    const auto stands_there = [&] { return log().find(text) != std::string::npos; };
    if (comes_true(stands_there, within)) return;
    throw std::runtime_error("not logged: " + std::string(text) + "\n---- log ----\n" + log());
}

}  // namespace latchkey
