// SPDX-License-Identifier: MIT
#include "core/recovery_messages.hpp"

#include <algorithm>

#include "core/administrator_messages.hpp"
#include "core/outbox_message.hpp"
#include "core/screens.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/hostile_values.hpp"

using namespace latchkey;

namespace {

MessageFacts facts() {
    return {"ada",
            "host.example.org",
            "sshd",
            "192.0.2.7",
            "",
            Reason::ForgotPassword,
            TimePoint{std::chrono::seconds{1'800'000'000}}};
}
bool contains(const Secret& text, std::string_view part) {
    return text.reveal().find(part) != std::string_view::npos;
}
// What a mail may consist of: printable ASCII, and in the text also line ends.
bool is_plain(std::string_view text, bool may_break) {
    for (const char c : text)
        if ((c < 0x20 || c > 0x7e) && !(may_break && c == '\n')) return false;
    return true;
}

Secret not_me() {
    return Secret{"BCDFGHJKLM"};
}

}  // namespace

TEST_CASE("the code message holds the code and every circumstance", "[messages]") {
    const MessageText message = code_message(facts(), Secret{"12345678"}, 10);

    for (const char* part :
         {"Your recovery code: 1234 5678\n", "10 minutes", "ada", "host.example.org",
          "2027-01-15 08:00 UTC", "from 192.0.2.7", "service sshd", "by phone", "If it was not you",
          "Ask the administrator of host.example.org."})
        CHECK(contains(message.text, part));
    CHECK(message.subject == "Recovery code for your account on host.example.org");
    CHECK(message.code.reveal() == "12345678");
}

TEST_CASE("for a telephone a message is one line of 160 characters at most", "[messages]") {
    CHECK(code_message(facts(), Secret{"12345678"}, 10).short_text.reveal() ==
          "1234 5678 is the recovery code of ada on host.example.org, valid 10 minutes. "
          "Type it at the login prompt only.");
    MessageFacts longest = facts();
    longest.account_name = std::string(64, 'n');
    longest.host_name = std::string(GENERATE(1, 32, 33, 64), 'h');
    longest.reason = GENERATE(Reason::ForgotPassword, Reason::KnowsPassword);
    for (const Secret& text :
         {code_message(longest, Secret{"1234567890"}, 10).short_text.duplicate(),
          contact_code_message(longest, Secret{"1234567890"}, 1450).short_text.duplicate(),
          contact_notice_message(longest).short_text.duplicate(),
          pass_notice_message(longest, longest.at, false, not_me()).short_text.duplicate(),
          unlock_notice_message(longest, false, not_me()).short_text.duplicate(),
          addition_message(longest, "x", Reader::Owner).short_text.duplicate(),
          administrator_recovery_message(longest).short_text.duplicate(),
          undecided_removal_message(longest, {}, "x", longest.at).short_text.duplicate(),
          removal_message(longest, "all recovery codes", Reader::Contact).short_text.duplicate(),
          purge_message(longest, Reader::Owner).short_text.duplicate(),
          invitation_message(longest).short_text.duplicate(),
          notice_message(longest, not_me()).short_text.duplicate()}) {
        INFO(text.reveal());
        CHECK(text.size() <= kMaxShortText);
        CHECK(is_plain(text.reveal(), false));
    }
    CHECK(notice_message(longest, not_me()).code.empty());
}

TEST_CASE("the notice tells what is about to happen and holds no code", "[messages]") {
    MessageFacts about = facts();
    about.source = "console:tty1";
    about.whom_to_ask = "Call the help desk, extension 42.";
    about.reason = GENERATE(Reason::ForgotPassword, Reason::KnowsPassword);

    const MessageText message = notice_message(about, not_me());

    CHECK(contains(message.text, "at the console tty1"));
    CHECK(contains(message.text, "2027-01-15 08:00 UTC"));
    CHECK(contains(message.text, "Call the help desk, extension 42."));
    CHECK(contains(message.text, about.reason == Reason::ForgotPassword ? "choose a new password"
                                                                        : "end the lockout"));
    CHECK_FALSE(contains(message.text, "code: "));
}

TEST_CASE("the notice lists what was changed before, in fixed words", "[messages]") {
    MessageFacts about = facts();
    CHECK_FALSE(contains(notice_message(about, not_me()).text, "24 hours"));
    CHECK(contains(notice_message(about, not_me()).text, "If it was you, there is"));
    about.changed = {true, true, true};
    const MessageText all = notice_message(about, not_me());
    CHECK(contains(all.text,
                   "In the 24 hours before, these were changed:\n\n"
                   "  authorized_keys, which let in over ssh without a password\n"
                   "  the crontab, which starts programs by itself\n"
                   "  contacts, or other ways back into the account\n\n"
                   "Whoever made these changes may get in by them again.\n\n"
                   "If all of it was you, there is nothing to do.\n"));
    CHECK(all.short_text.reveal() ==
          "ada on host.example.org: somebody proved to be you and may set a new password. Changed "
          "lately: keys, crontab, contacts. Not you? latchkey deny BCDFG-HJKLM");
    about.changed = {false, true, false};
    const MessageText one = notice_message(about, not_me());
    CHECK(contains(one.text, "crontab"));
    CHECK_FALSE(contains(one.text, "authorized_keys"));
    CHECK_FALSE(contains(one.text, "contacts"));
    // Whose contact it is, is nobody else's business.
    CHECK_FALSE(contains(contact_notice_message(about).text, "crontab"));
}

TEST_CASE("where all is as long as it may be the list takes no room from the code that denies",
          "[messages]") {
    MessageFacts longest = facts();
    longest.account_name = std::string(64, '\x07');
    longest.host_name = std::string(32, 'h');
    longest.whom_to_ask = std::string(kMaxWhomToAskBytes, 'w');
    longest.service = longest.source = std::string(200, '\x1b');
    longest.saved_codes_left = 0;
    longest.pass_used = true;
    longest.changed = {true, true, true};
    const MessageText message = notice_message(longest, not_me());
    CHECK(message.short_text.size() <= kMaxShortText);
    CHECK(contains(message.short_text, "latchkey deny BCDFG-HJKLM"));
    CHECK_FALSE(contains(message.short_text, "lately"));
    CHECK(is_plain(message.text.reveal(), true));
    // It lies sealed in a row and crosses in one datagram.
    CHECK(encode_outbox_message({std::string(254, 'a'), message.subject, message.text.duplicate(),
                                 std::string(32, '0'), message.short_text.duplicate(), Secret{}, 0})
              .size() < 3500);
}

TEST_CASE("the notice of a pass tells when it ends and what to do, and where no login was",
          "[messages]") {
    MessageFacts issued = facts();
    issued.source.clear();
    issued.service.clear();
    const TimePoint ends = issued.at + std::chrono::hours{1};
    const MessageText own = pass_notice_message(issued, ends, false, not_me());
    for (const char* part :
         {"temporary pass for your account", "Account: ada\n", "Host:    host.example.org\n",
          "Issued:  2027-01-15 08:00 UTC\n", "Ends:    2027-01-15 09:00 UTC\n",
          "If you asked for it", "Then have it revoked",
          "Ask the administrator of host.example.org.", "by phone"})
        CHECK(contains(own.text, part));
    for (const char* part : {"Where:", "service", "code: "}) CHECK_FALSE(contains(own.text, part));
    CHECK(own.subject == "A temporary pass for your account on host.example.org");
    CHECK(own.code.empty());

    const MessageText contacts = pass_notice_message(issued, ends, true, {});
    CHECK(contains(contacts.text, "You are a recovery contact of ada."));
    CHECK(contains(contacts.text, "to be ada, until it ends"));
    CHECK_FALSE(contains(contacts.text, "your account"));
}

TEST_CASE("what an administrator took away is told with the time, and with no code", "[messages]") {
    const MessageText own = removal_message(facts(), "all recovery codes", Reader::Owner);
    for (const char* part : {"taken away all recovery codes", "your account", "Account: ada\n",
                             "2027-01-15 08:00 UTC", "talked the administrator into it"})
        CHECK(contains(own.text, part));
    CHECK(own.code.empty());
    const MessageText contacts = purge_message(facts(), Reader::Contact);
    CHECK(contains(contacts.text, "You are a recovery contact of ada."));
    CHECK(contains(contacts.text, "every way back into the account of ada"));
    CHECK_FALSE(contains(contacts.text, "your account"));
}

TEST_CASE("who is asked for a new password gets no code, and is told where one is typed",
          "[messages]") {
    const MessageText message = invitation_message(facts());
    CHECK(message.code.empty());
    for (const char* part : {"Press Enter at \"Password:\"", "\"I forgot my password\"",
                             "this message has none", "stays good", "We never ask"})
        CHECK(contains(message.text, part));
    for (const char* part : {"code: ", "latchkey deny"}) CHECK_FALSE(contains(message.text, part));
}

TEST_CASE("the notice of a recovery says that a pass was used, where one was", "[messages]") {
    MessageFacts with = facts();
    with.pass_used = true;
    CHECK(contains(notice_message(with, not_me()).text, "A temporary pass was used for it"));
    CHECK_FALSE(contains(notice_message(facts(), not_me()).text, "pass was used"));
}

TEST_CASE("a notice says how to deny it, also without signing in, or whom to tell", "[messages]") {
    const MessageFacts about = facts();
    const int which = GENERATE(0, 1, 2);
    const MessageText told = which == 0   ? notice_message(about, not_me())
                             : which == 1 ? pass_notice_message(about, about.at, false, not_me())
                                          : unlock_notice_message(about, false, not_me());
    CHECK(contains(told.text, "\n\n  latchkey deny BCDFG-HJKLM\n\n"));
    CHECK(contains(told.text, "press Enter at \"Password:\" of a login prompt of\n"));
    CHECK(contains(told.text, "Then have "));
    CHECK(contains(told.short_text, "latchkey deny BCDFG-HJKLM"));
    for (const MessageText& other :
         {notice_message(about, {}), pass_notice_message(about, about.at, false, {}),
          unlock_notice_message(about, true, {})}) {
        CHECK_FALSE(contains(other.text, "latchkey deny"));
        CHECK(contains(other.text, "Have "));
        CHECK(contains(other.short_text, "Tell the administrator."));
    }
}

TEST_CASE("a message says where the login is, or that nobody knows", "[messages]") {
    MessageFacts about = facts();
    const auto says = [&about](const std::string& where) {
        return notice_message(about, not_me()).text.reveal().find(where) != std::string_view::npos;
    };
    about.source = "console:tty1";
    CHECK(says("at the console tty1"));
    about.source = "192.0.2.7";
    CHECK(says("from 192.0.2.7"));
    about.source.clear();
    CHECK(says("from an unknown place"));
}

TEST_CASE("one minute is one minute", "[messages]") {
    CHECK(contains(code_message(facts(), Secret{"1"}, 1).text, "valid for 1 minute."));
}

TEST_CASE("hostile values change neither subject nor shape of a message", "[messages]") {
    const MessageText plain = code_message(facts(), Secret{"12345678"}, 10);
    const auto lines = [](const Secret& text) {
        return std::count(text.reveal().begin(), text.reveal().end(), '\n');
    };
    for (const HostileValue& value : hostile_values()) {
        MessageFacts about = facts();
        about.account_name = value.bytes;
        about.service = value.bytes;
        about.source = value.bytes;
        const MessageText code = code_message(about, Secret{"12345678"}, 10);
        const MessageText notice = notice_message(about, not_me());
        INFO(value.name);
        CHECK(code.subject == plain.subject);
        CHECK(lines(code.text) == lines(plain.text));
        CHECK(is_plain(code.text.reveal(), true));
        CHECK(is_plain(notice.text.reveal(), true));
        CHECK(is_plain(code.short_text.reveal(), false));
        CHECK(code.short_text.size() <= kMaxShortText);
        CHECK(code.text.size() < 2000);

        about.host_name = value.bytes;
        CHECK(is_plain(code_message(about, Secret{"1"}, 10).subject, false));
        CHECK(notice_message(about, not_me()).subject.size() < 120);
    }
}

TEST_CASE("times are written in UTC", "[messages]") {
    CHECK(utc_text(TimePoint{}) == "1970-01-01 00:00 UTC");
    CHECK(utc_text(TimePoint{std::chrono::seconds{951'827'159}}) == "2000-02-29 12:25 UTC");
}

TEST_CASE("an outbox message survives its encoding", "[messages]") {
    OutboxMessage message{
        "ada@example.org",  "Subject",    Secret{"text\nwith \xff bytes"}, "0123", Secret{"text"},
        Secret{"12345678"}, 1'800'000'000};

    const auto back = decode_outbox_message(encode_outbox_message(message));

    REQUIRE(back.has_value());
    CHECK(back->to == "ada@example.org");
    CHECK(back->subject == "Subject");
    CHECK(back->text.reveal() == message.text.reveal());
    CHECK(back->message_id == "0123");
    CHECK(back->short_text.reveal() == "text");
    CHECK(back->code.reveal() == "12345678");
    CHECK(back->expires_at == 1'800'000'000);
}

TEST_CASE("an altered outbox message is none", "[messages]") {
    const Secret encoded =
        encode_outbox_message({"a", "b", Secret{"c"}, "d", Secret{"e"}, Secret{"f"}, 7});
    const std::string bytes{encoded.reveal()};

    for (std::size_t length = 0; length < bytes.size(); ++length)
        CHECK_FALSE(decode_outbox_message(Secret{bytes.substr(0, length)}).has_value());
    CHECK_FALSE(decode_outbox_message(Secret{bytes + 'x'}).has_value());
}

TEST_CASE("how many saved codes are left is told, and of few how there are more", "[messages]") {
    CHECK(saved_codes_left_text(9) == "You have 9 recovery codes left.");
    CHECK(saved_codes_left_text(4) == "You have 4 recovery codes left.");
    CHECK(saved_codes_left_text(3) ==
          "You have 3 recovery codes left.\n"
          "Make new ones once you are signed in: latchkey codes --new");
    CHECK(saved_codes_left_text(1).starts_with("You have 1 recovery code left.\n"));
    CHECK(saved_codes_left_text(0).starts_with("You have no recovery codes left.\n"));

    MessageFacts about = facts();
    CHECK_FALSE(contains(notice_message(about, not_me()).text, " left."));
    about.saved_codes_left = 2;
    CHECK(contains(notice_message(about, not_me()).text,
                   "A recovery code was used up for it.\nYou have 2 recovery codes left.\n"));
    CHECK_FALSE(contains(code_message(about, Secret{"12345678"}, 10).text, " left."));
}
