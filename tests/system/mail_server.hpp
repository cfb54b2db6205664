// SPDX-License-Identifier: MIT
//
// A real SMTP server of the sandbox, reached by the name mail.example.test, whose
// certificate the machine trusts. Mails arrive in a directory.
//
//   MailServer server(MailServer::StartTls);
//   ... channel.email with host = MailServer::host, port = MailServer::port
//   server.next_mail()
#pragma once

#include <sys/types.h>

#include <chrono>
#include <set>
#include <string>

namespace latchkey {

class MailServer {
public:
    enum Kind {
        Plain,        // no TLS at all
        StartTls,     // STARTTLS required, certificate for the name
        ImplicitTls,  // TLS from the first byte
        WrongName,    // STARTTLS required, certificate for another name
        Mute,         // takes connections and never says a word
        Refusing,     // says 550 to every recipient
    };
    static constexpr const char* host = "mail.example.test";
    static constexpr int port = 2525;
    static constexpr const char* user = "mailer";
    static constexpr const char* password = "to the post office";

    // With `needs_login` a mail is taken only after AUTH with user and password.
    explicit MailServer(Kind kind, bool needs_login = false);
    MailServer(const MailServer&) = delete;
    MailServer& operator=(const MailServer&) = delete;
    ~MailServer();

    // The next mail not yet returned, as it came over the wire; throws at the deadline. What is
    // told of ways that root added is passed over, here and below.
    std::string next_mail(std::chrono::milliseconds within = std::chrono::seconds{20});
    [[nodiscard]] std::size_t count() const;  // of all mails so far

private:
    pid_t pid_ = -1;
    std::set<std::string> returned_;
};

}  // namespace latchkey
