// SPDX-License-Identifier: MIT
#include "cli/setup_answers.hpp"

#include <algorithm>
#include <functional>

#include "core/answers.hpp"
#include "core/printable.hpp"
#include "core/screens.hpp"

namespace latchkey::cli {

namespace {

using Mail = SetupAnswers::Mail;

std::string option(const Settings& settings, const std::string& key) {
    const auto channel = settings.channels.find("email");
    if (channel == settings.channels.end()) return {};
    const auto found = channel->second.options.find(key);
    return found == channel->second.options.end() ? std::string{} : found->second;
}

Mail mail_of(const Settings& settings) {
    return {option(settings, "server"), option(settings, "port"), option(settings, "tls"),
            option(settings, "from")};
}

bool is_this_host(const std::string& server) {
    return server == "localhost" || server == "::1" || server.starts_with("127.");
}

// NAME, NAME:PORT or [ADDRESS]:PORT. A change of server changes what is usual
// for port and encryption with it.
Result<void> set_server(Mail& mail, const std::string& text) {
    const std::size_t bracket = text.find(']');
    const std::size_t colon = text.find(':', bracket == std::string::npos ? 0 : bracket);
    mail.server = text.substr(0, colon);
    mail.port = colon == std::string::npos ? "" : text.substr(colon + 1);
    if (mail.port.empty()) mail.port = is_this_host(mail.server) ? "25" : "587";
    const bool is_number =
        mail.port.size() <= 5 && mail.port.find_first_not_of("0123456789") == std::string::npos;
    if (mail.server.empty() || !is_number) {
        return Error{
            ErrorKind::Rejected,
            "not a mail server: give NAME or NAME:PORT, for instance mail.example.org:587"};
    }
    mail.tls = "starttls";
    if (mail.port == "465") mail.tls = "implicit";
    if (is_this_host(mail.server)) mail.tls = "none";
    return {};
}

Result<void> set_tls(Mail& mail, const std::string& text) {
    if (text != "none" && text != "starttls" && text != "implicit") {
        return Error{ErrorKind::Rejected,
                     "not a kind of encryption: give none, starttls or implicit"};
    }
    if (text == "none" && !is_this_host(mail.server)) {
        return Error{ErrorKind::Rejected,
                     "codes do not leave this host without encryption: give starttls or implicit"};
    }
    mail.tls = text;
    return {};
}

Result<void> set_from(Mail& mail, const std::string& text) {
    const auto address = checked_email_address(text);
    if (!address)
        return Error{ErrorKind::Rejected, "not a plain e-mail address; give name@example.org"};
    mail.from = *address;
    return {};
}

Result<void> set_test_address(SetupAnswers& answers, const std::string& text) {
    const auto address = checked_email_address(text);
    if (!address)
        return Error{ErrorKind::Rejected, "not a plain e-mail address; give name@example.org"};
    answers.test_address = *address;
    return {};
}

Result<void> set_whom_to_ask(SetupAnswers& answers, const std::string& text) {
    if (!text.empty() && !may_be_shown(text, kMaxWhomToAskBytes)) {
        return Error{ErrorKind::Rejected,
                     "this cannot be shown at a login: give at most 200 plain ASCII characters, "
                     "without the word password"};
    }
    answers.whom_to_ask = text;
    return {};
}

// Asks until `take` is content; Enter keeps what is in brackets.
Result<void> question(const Terminal& terminal, const std::string& text, const std::string& current,
                      const std::function<Result<void>(const std::string&)>& take) {
    while (true) {
        terminal.out << text << (current.empty() ? "" : " [" + escaped(current) + "]") << ": "
                     << std::flush;
        std::string line;
        if (!std::getline(terminal.in, line)) {
            return Error{ErrorKind::Unavailable, "nobody answers; nothing was changed"};
        }
        if (line.empty()) return {};
        if (auto taken = take(line); taken)
            return {};
        else
            terminal.out << "  " << escaped(taken.error().detail) << "\n";
    }
}

std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result + '"';
}

Result<void> ask_about_mail(SetupAnswers& answers, const Terminal& terminal, Mail mail) {
    const Mail before = mail;
    const std::string now = mail.server.empty() ? "" : mail.server + ":" + mail.port;
    auto asked = question(terminal, "Mail server that sends the codes", now,
                          [&](const std::string& text) { return set_server(mail, text); });
    if (!asked) return asked;
    if (!is_this_host(mail.server)) {
        asked = question(terminal, "Encryption (starttls or implicit)", mail.tls,
                         [&](const std::string& text) { return set_tls(mail, text); });
        if (!asked) return asked;
    }
    asked = question(terminal, "Sender of the messages", mail.from,
                     [&](const std::string& text) { return set_from(mail, text); });
    if (!asked) return asked;
    const bool changed = mail.server != before.server || mail.port != before.port ||
                         mail.tls != before.tls || mail.from != before.from;
    if (changed) answers.mail = mail;
    return {};
}

}  // namespace

Result<SetupAnswers> answers_from_options(const SetupCommand& command, const Settings& current) {
    SetupAnswers answers;
    Mail mail = mail_of(current);
    Result<void> taken;
    if (command.whom_to_ask) taken = set_whom_to_ask(answers, *command.whom_to_ask);
    if (taken && command.mail_server) taken = set_server(mail, *command.mail_server);
    if (taken && command.mail_tls) taken = set_tls(mail, *command.mail_tls);
    if (taken && command.mail_from) taken = set_from(mail, *command.mail_from);
    if (taken && command.test_address) taken = set_test_address(answers, *command.test_address);
    if (!taken) return std::move(taken).error();
    if (command.mail_server || command.mail_tls || command.mail_from) answers.mail = mail;
    return answers;
}

Result<SetupAnswers> answers_from_questions(const SetupCommand& command, const Settings& current,
                                            const Terminal& terminal) {
    auto answers = answers_from_options(command, current);
    if (!answers) return answers;
    Result<void> asked;
    if (!answers->whom_to_ask) {
        const std::string now =
            current.whom_to_ask.empty() ? "Ask the administrator" : current.whom_to_ask;
        asked = question(terminal, "What to tell people who cannot recover", now,
                         [&](const std::string& text) { return set_whom_to_ask(*answers, text); });
    }
    if (asked && !answers->mail) asked = ask_about_mail(*answers, terminal, mail_of(current));
    if (asked && answers->test_address.empty()) {
        asked = question(terminal, "Send a test message to (Enter for none)", "",
                         [&](const std::string& text) { return set_test_address(*answers, text); });
    }
    if (!asked) return std::move(asked).error();
    return answers;
}

std::string drop_in_text(const SetupAnswers& answers, const Settings& current) {
    const std::string whom = answers.whom_to_ask.value_or(current.whom_to_ask);
    std::string text = "# written by latchkey setup; latchkey.toml(5) explains every key\n";
    if (!whom.empty()) text += "whom_to_ask = " + quoted(whom) + "\n";
    const Mail mail = answers.mail.value_or(mail_of(current));
    if (mail.server.empty()) return text;
    text += "\n[channel.email]\nplugin = \"email\"\nserver = " + quoted(mail.server) +
            "\nport = " + mail.port + "\ntls = " + quoted(mail.tls) + "\n";
    if (!mail.from.empty()) text += "from = " + quoted(mail.from) + "\n";
    return text;
}

}  // namespace latchkey::cli
