// SPDX-License-Identifier: MIT
#include "tests/support/smtp_peer.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "tests/support/temporary_directory.hpp"

namespace latchkey {

ReceivedMail read_mail_report(const std::string& base) {
    const auto report = nlohmann::json::parse(content_of(base + ".json"));
    ReceivedMail mail;
    mail.mail_from = report.value("mail_from", "");
    mail.recipients = report.value("recipients", std::vector<std::string>{});
    mail.user = report.value("user", "");
    mail.tls = report.value("tls", false);
    mail.multipart = report.at("multipart");
    mail.types = report.at("types");
    mail.encodings = report.at("encodings");
    mail.longest_line = report.at("longest_line");
    mail.bare_line_ends = report.at("bare_line_ends");
    mail.is_ascii = report.at("is_ascii");
    mail.defects = report.at("defects");
    for (const auto& header : report.at("headers"))
        mail.headers.emplace_back(header.at(0), header.at(1));
    mail.body = content_of(base + ".body");
    if (std::filesystem::exists(base + ".html")) mail.html = content_of(base + ".html");
    return mail;
}

std::string ReceivedMail::header(const std::string& name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : headers)
        if (key == name) values.push_back(value);
    if (values.size() != 1)
        throw std::runtime_error{std::to_string(values.size()) + " headers " + name};
    return values.front();
}

SmtpPeer::SmtpPeer(const std::string& mode, const Certificates& certificates,
                   const std::string& address)
    : process_{{"/usr/bin/python3", LATCHKEY_TEST_SMTP_PEER, mode, directory_.path(), address,
                certificates.certificate, certificates.key}} {}

std::vector<ReceivedMail> SmtpPeer::received(std::size_t known) const {
    std::vector<ReceivedMail> mails;
    for (std::size_t n = known + 1;
         std::filesystem::exists(directory_.file(std::to_string(n) + ".json")); ++n)
        mails.push_back(read_mail_report(directory_.file(std::to_string(n))));
    return mails;
}

std::string SmtpPeer::logins() const {
    const std::string file = directory_.file("logins");
    return std::filesystem::exists(file) ? content_of(file) : "";
}

std::optional<std::size_t> SmtpPeer::flooded() const {
    std::size_t written = 0;
    std::ifstream file{directory_.file("written")};
    return file >> written ? std::optional{written} : std::nullopt;
}

}  // namespace latchkey
