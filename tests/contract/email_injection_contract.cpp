// SPDX-License-Identifier: MIT
//
// Hostile bytes on their way into an e-mail: nothing is sent, or exactly one
// message with exactly our headers to exactly one recipient.
#include "tests/support/catch.hpp"
#include "tests/support/channel_workshop.hpp"
#include "tests/support/hostile_values.hpp"
#include "tests/support/smtp_peer.hpp"

namespace {

using namespace latchkey;
using wire::ChannelOutcome;

using std::string;

// Beside those that every border is tried with.
const std::vector<HostileValue> kOfMail{
    {"CR LF, blank line and a body", "a@example.org\r\n\r\nhello"},
    {"LF and a header", "a@example.org\nBcc: eve@example.com"},
    {"CR and a header", "a@example.org\rBcc: eve@example.com"},
    {"end of data and a second message",
     "x\r\n.\r\nMAIL FROM:<eve@example.com>\r\nRCPT "
     "TO:<eve@example.com>\r\nDATA\r\nx\r\n.\r\n"},
    {"end of data with bare LF", "x\n.\nMAIL FROM:<eve@example.com>\n"},
    {"end of data with bare CR", "x\r.\rMAIL FROM:<eve@example.com>\r"},
    {"end of data, LF dot CR LF", "x\n.\r\nMAIL FROM:<eve@example.com>"},
    {"a lone dot", "."},
    {"lines of dots", ".\n..\n...\n"},
    {"pipelined QUIT", "x\r\nQUIT\r\n"},
    {"encoded line break", "a%0d%0aBcc:eve@example.com"},
    {"encoded words that say CR LF", "=?UTF-8?B?DQpCY2M6IGV2ZUBleGFtcGxlLmNvbQ==?="},
    {"encoded word, quoted", "=?UTF-8?Q?=0D=0ABcc:_eve@example.com?="},
    {"display name and address", "Eve <eve@example.com>"},
    {"angle brackets", "<eve@example.com>"},
    {"parameters of MAIL", "a@example.org> SIZE=1"},
    {"source route", "@relay.example,@b.example:a@example.org"},
    {"percent hack", "a%example.com@example.org@x"},
    {"bang path", "host!a"},
    {"quoted local part", "\"a b\"@example.org"},
    {"quoted local part with CR LF", "\"a\r\nb\"@example.org"},
    {"group syntax", "friends: a@example.org, b@example.org;"},
    {"semicolon list", "a@example.org;eve@example.com"},
    {"two at signs", "a@b@example.org"},
    {"empty local part", "@example.org"},
    {"empty domain", "a@"},
    {"dots at the ends", ".a.@example.org"},
    {"domain with an underscore", "a@exa_mple.org"},
    {"domain with an empty label", "a@example..org"},
    {"leading hyphen", "-oQ/tmp@example.org"},
    {"vertical tab",
     "a@example.org\x0b"
     "Bcc: e"},
    {"form feed",
     "a@example.org\x0c"
     "Bcc: e"},
    {"next line, C1",
     "a@example.org\xc2\x85"
     "Bcc: e"},
    {"fullwidth at sign",
     "a\xef\xbc\xa0"
     "example.org"},
    {"overlong CR LF",
     "a@example.org\xc0\x8d\xc0\x8a"
     "Bcc: e"},
    {"MIME boundary", "--x\r\nContent-Type: text/html\r\n\r\n<b>"},
    {"our MIME boundary", "--=_latchkey\r\nContent-Type: text/html\r\n\r\n<b>"},
    {"our MIME boundary, LF", "x\n--=_latchkey--\n--=_latchkey\nContent-Type: text/html\n\n<b>"},
    {"our MIME boundary, encoded", "\n--=3D_latchkey--\n"},
    {"end of the page", "</p></body></html><script>alert(1)</script>"},
    {"page that loads", "<img src=\"https://example.com/x\"><a href='https://example.com'>x</a>"},
    {"placeholders of a page", "{text}{subject}{{text}}"},
    {"entities", "&lt;b&gt; &#60;b&#62;"},
    {"header of ours", "x\r\nContent-Type: text/html"},
    {"folded header", "x\r\n Bcc: eve@example.com"},
    {"2,000 letters", string(2000, 'b')},
    {"600 letters", string(600, 'c')},
};

std::vector<HostileValue> injections() {
    auto values = hostile_values();
    values.insert(values.end(), kOfMail.begin(), kOfMail.end());
    return values;
}

struct Mailing {
    ChannelWorkshop workshop{{"email"}};
    SmtpPeer peer{"plain"};
    wire::ChannelSetup setup = workshop.setup("email", Profile::Network);
    std::size_t received = 0;

    Mailing() { setup.options = {{"port", peer.port()}, {"from", "help@example.org"}}; }

    // What arrived, and whether the call was accepted.
    std::pair<bool, std::vector<ReceivedMail>> send(const wire::ChannelCall& call) {
        const auto reply = workshop.call(setup, call);
        auto mails = peer.received(received);
        received += mails.size();
        // Refused by the plugin, or too long for one packet; never half-way.
        if (!reply)
            REQUIRE(reply.error().kind == ErrorKind::Rejected);
        else
            REQUIRE((reply->outcome == ChannelOutcome::Accepted ||
                     reply->outcome == ChannelOutcome::Permanent ||
                     reply->outcome == ChannelOutcome::Misconfigured));
        const bool accepted = reply && reply->outcome == ChannelOutcome::Accepted;
        return {accepted, std::move(mails)};
    }
};

// One mail with our eight headers and one text, once plain and once as a page unless no page
// can show it, to `to` alone.
void check_form(const std::vector<ReceivedMail>& mails, const std::string& to) {
    REQUIRE(mails.size() == 1);
    const ReceivedMail& mail = mails.front();
    CHECK(mail.recipients == std::vector<std::string>{to});
    CHECK(mail.mail_from == "help@example.org");
    CHECK(mail.headers.size() == (mail.multipart ? 8 : 9));
    CHECK(mail.header("To") == to);
    CHECK(mail.header("Message-ID") == "<1f0c7f3e-0001@example.org>");
    CHECK(mail.header("Content-Type") == (mail.multipart
                                              ? "multipart/alternative; boundary=\"=_latchkey\""
                                              : "text/plain; charset=utf-8"));
    CHECK(mail.types.front() == "text/plain");
    CHECK(mail.types.size() == (mail.multipart ? 2 : 1));
    CHECK(mail.defects.empty());
    CHECK(mail.bare_line_ends == 0);
    CHECK(mail.longest_line <= 998);
    CHECK(mail.is_ascii);
}

// The page has the tags of our template and no others, whatever stands in it.
void check_page(std::string page) {
    for (const char* tag : {"<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<title>", "<style>",
                            "<meta charset=\"utf-8\">", "<body>", "<h1>", "<p>", "<br>",
                            "<meta name=\"viewport\" content=\"width=device-width\">", "</html>",
                            "</head>", "</title>", "</style>", "</body>", "</h1>", "</p>"})
        for (std::size_t at = 0; (at = page.find(tag)) != string::npos;)
            page.erase(at, std::string_view{tag}.size());
    INFO(page);
    CHECK(page.find_first_of("<>\"'") == string::npos);
}

std::string with_crlf(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '\n') result += '\r';
        result += c;
    }
    return text.ends_with('\n') ? result : result + "\r\n";
}

}  // namespace

TEST_CASE("no address adds a header, a recipient or a command", "[email]") {
    Mailing mailing;
    for (const HostileValue& value : injections()) {
        INFO(value.name);
        const auto [accepted, mails] = mailing.send(delivery_to(value.bytes));
        if (accepted)
            check_form(mails, value.bytes);
        else
            CHECK(mails.empty());
    }
}

TEST_CASE("no subject adds a header, a recipient or a command", "[email]") {
    Mailing mailing;
    for (const HostileValue& value : injections()) {
        INFO(value.name);
        auto call = delivery_to("ada@example.org");
        call.subject = value.bytes;
        const auto [accepted, mails] = mailing.send(call);
        if (accepted)
            check_form(mails, "ada@example.org");
        else
            CHECK(mails.empty());
        if (accepted && mails.front().multipart) check_page(mails.front().html);
        if (accepted && value.name.find("encoded word") == 0)
            CHECK(mails.front().header("Subject") == value.bytes);
    }
}

TEST_CASE("no display name adds a header, a recipient or a command", "[email]") {
    Mailing mailing;
    std::size_t arrived = 0;
    for (const HostileValue& value : injections()) {
        if (value.bytes.size() > 400) continue;  // the settings allow none so long
        INFO(value.name);
        mailing.setup.options = {{"port", mailing.peer.port()},
                                 {"from", value.bytes + " <help@example.org>"}};
        const auto [accepted, mails] = mailing.send(delivery_to("ada@example.org"));
        if (!accepted) {
            CHECK(mails.empty());
            continue;
        }
        check_form(mails, "ada@example.org");
        const std::string from = mails.front().header("From");
        CAPTURE(from);
        // Python's reader takes the blank behind an encoded word of broken UTF-8 for its own.
        CHECK((from.ends_with("<help@example.org>") || from == "help@example.org"));
        ++arrived;
    }
    CHECK(arrived >= 30);
}

TEST_CASE("no message id adds a header, a recipient or a command", "[email]") {
    Mailing mailing;
    for (const HostileValue& value : injections()) {
        INFO(value.name);
        auto call = delivery_to("ada@example.org");
        call.message_id = value.bytes;
        const auto [accepted, mails] = mailing.send(call);
        REQUIRE(mails.size() == (accepted ? 1U : 0U));
        if (!accepted) continue;
        CHECK(mails.front().headers.size() == 8);
        CHECK(mails.front().header("Message-ID") == "<" + value.bytes + "@example.org>");
    }
}

TEST_CASE("every text arrives byte for byte and ends where it ends", "[email]") {
    Mailing mailing;
    std::size_t arrived = 0;
    std::size_t pages = 0;
    for (const HostileValue& value : injections()) {
        INFO(value.name);
        auto call = delivery_to("ada@example.org");
        call.text = Secret{value.bytes};
        const auto [accepted, mails] = mailing.send(call);
        CHECK(accepted == (wire::encode(call).size() <= wire::kMaxPacket));
        if (!accepted) continue;
        check_form(mails, "ada@example.org");
        CHECK(mails.front().body == with_crlf(value.bytes));
        if (mails.front().multipart) check_page(mails.front().html);
        ++arrived;
        pages += mails.front().multipart ? 1 : 0;
    }
    CHECK(arrived >= 80);
    CHECK(pages >= 50);
}
