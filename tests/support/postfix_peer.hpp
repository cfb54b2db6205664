// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "tests/support/certificates.hpp"
#include "tests/support/smtp_peer.hpp"
#include "tests/support/temporary_directory.hpp"

namespace latchkey {

// Debian's postfix with logins by Cyrus SASL, as a host would have it; for a sandbox. It delivers
// to ada@localhost, and takes mail on these ports of loopback:
//   25   from everybody, without TLS; later@localhost is put off with 450, from
//        liar@localhost nothing is taken (553)
//   465  over TLS from its beginning, after a login
//   587  over STARTTLS, after a login
//   588  the same, with LOGIN as the only mechanism
//   589  a login without TLS, as if somebody on the way had taken STARTTLS away
class PostfixPeer {
public:
    static constexpr const char* kUser = "mailer";
    static constexpr const char* kPassword = "correct horse";

    explicit PostfixPeer(const Certificates& certificates);
    ~PostfixPeer();
    PostfixPeer(const PostfixPeer&) = delete;
    PostfixPeer& operator=(const PostfixPeer&) = delete;

    // The mails in ada's mailbox as Python's e-mail package reads them, once there are that many.
    [[nodiscard]] std::vector<ReceivedMail> received(std::size_t count) const;
    // How many of postfix's lines "disconnect from ... ehlo=2 starttls=1 auth=0/1 quit=1" hold
    // `word`.
    [[nodiscard]] std::size_t conversations_with(const std::string& word) const;
    // Returns when that many conversations have ended.
    void wait_for_conversations(std::size_t count) const;

private:
    TemporaryDirectory reports_;
};

}  // namespace latchkey
