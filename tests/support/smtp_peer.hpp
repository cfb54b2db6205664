// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/certificates.hpp"
#include "tests/support/peer_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace latchkey {

// What a mail server took, as Python's e-mail package reads it.
struct ReceivedMail {
    std::string mail_from;
    std::vector<std::string> recipients;
    std::string user;  // who logged in
    bool tls = false;
    bool multipart = false;
    std::vector<std::string> types;      // of the parts, or of the one body
    std::vector<std::string> encodings;  // Content-Transfer-Encoding of each
    std::size_t longest_line = 0;
    std::size_t bare_line_ends = 0;  // CR or LF alone
    bool is_ascii = false;
    std::vector<std::string> defects;
    std::vector<std::pair<std::string, std::string>> headers;  // in order, words decoded
    std::string body;                                          // the plain text
    std::string html;                                          // the page, if there is one

    [[nodiscard]] std::string header(const std::string& name) const;  // the only one, or throws
};

// What is in BASE.json and beside it, as tests/support/mail_report.py writes it. The envelope is
// empty where nobody wrote one.
[[nodiscard]] ReceivedMail read_mail_report(const std::string& base);

// A mail server on loopback until it goes out of scope; modes are those of
// tests/support/smtp_peer.py.
class SmtpPeer {
public:
    explicit SmtpPeer(const std::string& mode, const Certificates& certificates = {},
                      const std::string& address = "127.0.0.1");

    [[nodiscard]] const std::string& port() const { return process_.first_line(); }
    // All but the first `known` ones, in order.
    [[nodiscard]] std::vector<ReceivedMail> received(std::size_t known = 0) const;
    // One line for each attempt to log in: mechanism, and "tls" or "clear".
    [[nodiscard]] std::string logins() const;
    // How many bytes a mode that speaks for ever got rid of; nothing while it speaks.
    [[nodiscard]] std::optional<std::size_t> flooded() const;

private:
    TemporaryDirectory directory_;
    PeerProcess process_;
};

}  // namespace latchkey
