// SPDX-License-Identifier: MIT
//
// What the email plugin makes of what a mail server says, or does not say.
#include <chrono>

#include "tests/support/email_channel.hpp"
#include "tests/support/smtp_peer.hpp"
#include "tests/system/comes_true.hpp"

namespace {

using namespace latchkey;
using wire::ChannelOutcome;

}  // namespace

TEST_CASE("the answers of a mail server become outcomes", "[email]") {
    EmailChannel mailing;
    struct Row {
        std::string mode;
        ChannelOutcome outcome;
    };
    const auto row =
        GENERATE(values<Row>({{"reply:RCPT:550 5.1.1 no such user", ChannelOutcome::Permanent},
                              {"reply:RCPT:551 5.1.6 moved", ChannelOutcome::Permanent},
                              {"reply:RCPT:553 5.1.3 bad", ChannelOutcome::Permanent},
                              {"reply:RCPT:554 5.7.1 no relay", ChannelOutcome::Permanent},
                              {"reply:RCPT:450 4.2.1 busy", ChannelOutcome::Temporary},
                              {"reply:RCPT:451 4.7.1 later", ChannelOutcome::Temporary},
                              {"reply:RCPT:452 4.2.2 full", ChannelOutcome::Temporary},
                              {"reply:RCPT:421 4.3.2 bye", ChannelOutcome::Temporary},
                              {"reply:RCPT:530 5.7.0 login", ChannelOutcome::Misconfigured},
                              {"reply:MAIL:451 4.3.0 later", ChannelOutcome::Temporary},
                              {"reply:MAIL:550 5.1.8 sender", ChannelOutcome::Misconfigured},
                              {"reply:MAIL:553 5.7.1 sender", ChannelOutcome::Misconfigured},
                              {"reply:DATA:451 4.3.0 later", ChannelOutcome::Temporary},
                              {"reply:DATA:552 5.3.4 size", ChannelOutcome::Permanent},
                              {"refuse-data", ChannelOutcome::Permanent},
                              {"not-now", ChannelOutcome::Temporary},
                              {"not-you", ChannelOutcome::Misconfigured},
                              {"reset", ChannelOutcome::NotTaken}}));
    CAPTURE(row.mode);
    const SmtpPeer peer{row.mode};
    mailing.use({{"port", peer.port()}, {"from", "a@example.org"}});
    const auto reply = mailing.send();
    CAPTURE(reply.for_log);
    // It is a race whether libcurl sees the connection before the reset.
    const bool is_as_good = row.mode == "reset" && reply.outcome == ChannelOutcome::Temporary;
    CHECK((reply.outcome == row.outcome || is_as_good));
    CHECK(peer.received().empty());
    check_silent(reply);
}

TEST_CASE("a mail server that speaks for ever is cut off after 64 KiB", "[email]") {
    // What is taken of one reply, which libcurl bounds, and what both sockets hold beside it.
    constexpr std::size_t kMost = 1 << 20;
    EmailChannel mailing;
    mailing.setup.deadline_seconds = 10;
    const std::string mode = GENERATE("endless-greeting", "endless-line");
    const bool probes = GENERATE(false, true);
    CAPTURE(mode, probes);
    const SmtpPeer peer{mode};
    mailing.use({{"port", peer.port()}, {"from", "a@example.org"}});
    const auto before = std::chrono::steady_clock::now();
    const auto reply = probes ? mailing.workshop.channels(mailing.setup).probe("test")
                              : mailing.workshop.call(mailing.setup, code_delivery());
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds{5});
    REQUIRE(reply);
    CHECK(reply->outcome == ChannelOutcome::Temporary);
    check_silent(*reply);
    REQUIRE(comes_true([&] { return peer.flooded().has_value(); }));
    CHECK(peer.flooded() < kMost);
}

TEST_CASE("a server that is mute, endless or mad costs no more than the deadline", "[email]") {
    EmailChannel mailing;
    mailing.setup.deadline_seconds = 1;
    const std::string mode = GENERATE("mute", "endless-greeting", "endless-line", "garbage");
    CAPTURE(mode);
    const SmtpPeer peer{mode};
    mailing.use({{"port", peer.port()}, {"from", "a@example.org"}});
    const auto before = std::chrono::steady_clock::now();
    const auto reply = mailing.workshop.call(mailing.setup, delivery_to("ada@example.org"));
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds{3});
    if (reply)
        CHECK(reply->outcome == ChannelOutcome::Temporary);
    else
        CHECK(reply.error().kind == ErrorKind::Unavailable);
}

TEST_CASE("a mail server that is not there has taken nothing, and is worth another try",
          "[email]") {
    EmailChannel mailing;
    std::string port;
    {
        const SmtpPeer gone{"mute"};
        port = gone.port();
    }
    mailing.use({{"port", port}, {"from", "a@example.org"}});
    CHECK(mailing.send().outcome == ChannelOutcome::NotTaken);
    mailing.setup.deadline_seconds = 1;  // a resolver that does not answer is as good
    mailing.use({{"server", "no-such-host.invalid"}, {"from", "a@example.org"}});
    CHECK(mailing.send().outcome == ChannelOutcome::NotTaken);
}
