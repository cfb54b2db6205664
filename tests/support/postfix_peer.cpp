// SPDX-License-Identifier: MIT
#include "tests/support/postfix_peer.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <stdexcept>

#include "tests/support/command.hpp"
#include "tests/support/debian_peer.hpp"
#include "tests/system/comes_true.hpp"

namespace latchkey {

namespace {

namespace fs = std::filesystem;

constexpr const char* kMailbox = "/home/ada/Maildir/new";
constexpr const char* kLog = "/var/log/postfix-of-this-test.log";
constexpr const char* kRealm = "latchkey.test";

void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream{file} << text;
}

void install() {
    install_debian_peer("libsasl2-modules");
    install_debian_peer("sasl2-bin");
    install_debian_peer("postfix", {"postfix postfix/main_mailer_type select Local only",
                                    "postfix postfix/mailname string localhost"});
    must_run({"useradd", "--create-home", "ada"});
}

void set_up_logins() {
    const std::string how = "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: ";
    write("/etc/postfix/sasl/smtpd.conf", how + "PLAIN LOGIN\n");
    write("/etc/postfix/sasl/login-only.conf", how + "LOGIN\n");
    must_run({"saslpasswd2", "-p", "-c", "-u", kRealm, PostfixPeer::kUser}, PostfixPeer::kPassword);
    must_run({"chmod", "0644", "/etc/sasldb2"});  // its server is not root
}

void listen_on(const std::string& port, const std::string& options) {
    const std::string where = "127.0.0.1:" + port;
    must_run({"postconf", "-M", where + "/inet=" + where + " inet n - n - - smtpd" + options});
}

void configure(const Certificates& certificates) {
    must_run(
        {"postconf", "-e", "home_mailbox=Maildir/", std::string{"maillog_file="} + kLog,
         std::string{"smtpd_sasl_local_domain="} + kRealm,
         "smtpd_tls_cert_file=" + certificates.certificate,
         "smtpd_tls_key_file=" + certificates.key,
         "smtpd_sender_restrictions=check_sender_access inline:{{liar@localhost=553 5.7.1 No}}",
         "smtpd_recipient_restrictions="
         "check_recipient_access inline:{{later@localhost=450 4.2.0 Greylisted}}",
         "smtpd_delay_reject=no"});
    must_run({"postconf", "-MX", "smtp/inet"});
    const std::string after_login =
        " -o smtpd_sasl_auth_enable=yes "
        "-o smtpd_sender_restrictions=permit_sasl_authenticated,reject";
    listen_on("25", "");
    listen_on("465", after_login + " -o smtpd_tls_wrappermode=yes");
    listen_on("587", after_login + " -o smtpd_tls_security_level=encrypt");
    listen_on("588",
              after_login + " -o smtpd_tls_security_level=encrypt -o smtpd_sasl_path=login-only");
    listen_on("589", after_login +
                         " -o smtpd_tls_security_level=may -o smtpd_tls_auth_only=no "
                         "-o smtpd_discard_ehlo_keywords=starttls");
}

std::vector<fs::path> files_in(const std::string& directory) {
    std::vector<fs::path> files;
    if (!fs::exists(directory)) return files;
    for (const auto& entry : fs::directory_iterator{directory}) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace

PostfixPeer::PostfixPeer(const Certificates& certificates) {
    install();
    set_up_logins();
    configure(certificates);
    must_run({"postfix", "start"});
}

PostfixPeer::~PostfixPeer() {
    (void)run_command({"postfix", "stop"});
}

std::vector<ReceivedMail> PostfixPeer::received(std::size_t count) const {
    if (!comes_true([&] { return files_in(kMailbox).size() >= count; }))
        throw std::runtime_error{"postfix delivers nothing: " + content_of(kLog)};
    std::vector<ReceivedMail> mails;
    for (const fs::path& file : files_in(kMailbox)) {
        const std::string base = reports_.file(file.filename());
        if (!fs::exists(base + ".json"))
            must_run({"/usr/bin/python3", LATCHKEY_TEST_MAIL_REPORT, base}, content_of(file));
        mails.push_back(read_mail_report(base));
    }
    return mails;
}

std::size_t PostfixPeer::conversations_with(const std::string& word) const {
    std::size_t count = 0;
    std::istringstream log{content_of(kLog)};
    for (std::string line; std::getline(log, line);)
        if (line.find(": disconnect from ") != std::string::npos &&
            line.find(word) != std::string::npos)
            ++count;
    return count;
}

void PostfixPeer::wait_for_conversations(std::size_t count) const {
    if (!comes_true([&] { return conversations_with("commands=") >= count; }))
        throw std::runtime_error{"postfix has not heard that often: " + content_of(kLog)};
}

}  // namespace latchkey
