// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/temporary_directory.hpp"

namespace latchkey {

// A certificate authority of the test's own, and a server certificate by it.
struct Certificates {
    std::string ca;
    std::string certificate;
    std::string key;
};
// Files in `directory`, readable by all; `prefix` keeps two sets apart.
[[nodiscard]] Certificates make_certificates(const std::string& directory,
                                             const std::string& prefix,
                                             const std::string& server_name);

// What a mail server took, as Python's e-mail package reads it.
struct ReceivedMail {
    std::string mail_from;
    std::vector<std::string> recipients;
    std::string user;  // who logged in
    bool tls = false;
    bool multipart = false;
    std::size_t longest_line = 0;
    std::vector<std::string> defects;
    std::vector<std::pair<std::string, std::string>> headers;  // in order, words decoded
    std::string body;

    [[nodiscard]] std::string header(const std::string& name) const;  // the only one, or throws
};

// A name of this host, other than "localhost", and the loopback address that
// /etc/hosts gives it. ("localhost" is answered by libcurl itself; the point is
// to have the C library resolve a name.)
struct LoopbackName {
    std::string name;
    std::string address;
};
[[nodiscard]] LoopbackName loopback_name();

// A mail server on loopback until it goes out of scope; modes are those of
// tests/support/smtp_peer.py.
class SmtpPeer {
public:
    explicit SmtpPeer(const std::string& mode, const Certificates& certificates = {},
                      const std::string& address = "127.0.0.1");
    ~SmtpPeer();
    SmtpPeer(const SmtpPeer&) = delete;
    SmtpPeer& operator=(const SmtpPeer&) = delete;

    [[nodiscard]] const std::string& port() const { return port_; }
    // All but the first `known` ones, in order.
    [[nodiscard]] std::vector<ReceivedMail> received(std::size_t known = 0) const;

private:
    TemporaryDirectory directory_;
    pid_t pid_ = -1;
    std::string port_;
};

}  // namespace latchkey
