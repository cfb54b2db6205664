// SPDX-License-Identifier: MIT
//
// E-mail by the host's own mailer, with the command that all of them have:
// sendmail -t -i -f SENDER, the message on standard input (README.md).
// Options: from; program (/usr/sbin/sendmail); html; html_template. Needs profile = "program".
#include <algorithm>
#include <ctime>
#include <string>

#include <latchkey/plugin.hpp>

#include "plugins/common/html_page.hpp"
#include "plugins/common/mail_message.hpp"
#include "plugins/common/mailbox.hpp"
#include "plugins/common/program_run.hpp"
#include "plugins/common/trusted_path.hpp"

namespace {

using latchkey::plugin::Host;
using latchkey::plugin::Message;
using latchkey::plugin::Outcome;
using latchkey::plugin::Reply;

// Mailers read a file of this host, whose lines end as they do here.
std::string with_local_line_ends(std::string mail) {
    mail.erase(std::remove(mail.begin(), mail.end(), '\r'), mail.end());
    return mail;
}

class SendmailDelivery final : public latchkey::plugin::Delivery {
public:
    Reply deliver(const Host& host, const Message& message) override {
        const std::string usual = "latchkey@" + latchkey::mail::this_host();
        const auto from = latchkey::mail::mailbox_of(host.option("from").value_or(usual));
        if (!from)
            return {Outcome::Misconfigured,
                    "option from is no address such as help@example.org or Help "
                    "<help@example.org>"};
        const std::string path{host.option("program").value_or("/usr/sbin/sendmail")};
        if (const auto refusal = latchkey::plugin::refusal_of_program(path); !refusal.empty())
            return {Outcome::Misconfigured, "option program " + refusal};
        const auto page = latchkey::mail::read_page_template(host);
        if (!page.refusal.empty()) return {Outcome::Misconfigured, page.refusal};
        const auto mail = latchkey::mail::compose(*from, message, std::time(nullptr), page.html);
        if (!mail) return {Outcome::Permanent, "address, subject or message id cannot be mailed"};
        return latchkey::plugin::reply_of(
            latchkey::plugin::run_program({path, "-t", "-i", "-f", from->address},
                                          with_local_line_ends(*mail), host.time_left()));
    }
};

}  // namespace

LATCHKEY_DELIVERY(SendmailDelivery, LATCHKEY_VERSION);
