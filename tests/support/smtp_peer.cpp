// SPDX-License-Identifier: MIT
#include "tests/support/smtp_peer.hpp"

#include <filesystem>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "tests/support/temporary_directory.hpp"

namespace latchkey {

namespace {

ReceivedMail mail_of(const std::string& base) {
    const auto report = nlohmann::json::parse(content_of(base + ".json"));
    ReceivedMail mail;
    mail.mail_from = report.at("mail_from");
    mail.recipients = report.at("recipients");
    mail.user = report.at("user");
    mail.tls = report.at("tls");
    mail.multipart = report.at("multipart");
    mail.longest_line = report.at("longest_line");
    mail.defects = report.at("defects");
    for (const auto& header : report.at("headers"))
        mail.headers.emplace_back(header.at(0), header.at(1));
    mail.body = content_of(base + ".body");
    return mail;
}

}  // namespace

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
        mails.push_back(mail_of(directory_.file(std::to_string(n))));
    return mails;
}

}  // namespace latchkey
