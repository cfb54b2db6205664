// SPDX-License-Identifier: MIT
//
// E-mail over SMTP. Without options: the mail server of this host, 127.0.0.1:25.
// Options: server, port, tls (none, starttls, implicit), ca_file, user, from,
// hello_name, html, html_template; the channel's secret is the password (README.md).
#include <ctime>
#include <string>

#include <latchkey/plugin.hpp>

#include "plugins/common/mail_message.hpp"
#include "plugins/email/mail_settings.hpp"
#include "plugins/email/smtp.hpp"

namespace {

using latchkey::plugin::Host;
using latchkey::plugin::Message;
using latchkey::plugin::Outcome;
using latchkey::plugin::Reply;

class EmailDelivery final : public latchkey::plugin::Delivery, public latchkey::plugin::Probe {
public:
    Reply probe(const Host& host) override {
        const auto read = latchkey::email::read_settings(host);
        if (!read.settings) return {Outcome::Misconfigured, read.refusal};
        return latchkey::email::knock(*read.settings, host.time_left());
    }
    Reply deliver(const Host& host, const Message& message) override {
        const auto read = latchkey::email::read_settings(host);
        if (!read.settings) return {Outcome::Misconfigured, read.refusal};
        const auto mail = latchkey::mail::compose(read.settings->from, message, std::time(nullptr),
                                                  read.settings->page_template);
        if (!mail) return {Outcome::Permanent, "address, subject or message id cannot be mailed"};
        return latchkey::email::send(*read.settings, std::string{message.to}, *mail,
                                     host.time_left());
    }
};

}  // namespace

LATCHKEY_DELIVERY(EmailDelivery, LATCHKEY_VERSION);
