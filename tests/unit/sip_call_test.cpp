// SPDX-License-Identifier: MIT
//
// What baresip says is read, whatever the other side puts into it, and what is spoken is sound.
#include <cmath>
#include <numbers>

#include "plugins/voice-sip/call_report.hpp"
#include "plugins/voice-sip/sip_settings.hpp"
#include "plugins/voice-sip/sound.hpp"
#include "plugins/voice-sip/speech.hpp"
#include "tests/support/catch.hpp"

namespace {

using namespace latchkey::sip;
using latchkey::plugin::Outcome;

CallReport report_of(const std::string& said) {
    CallReport report{"alice@example.org"};
    for (const char c : said) report.take(std::string_view{&c, 1});
    return report;
}

const std::string kAnswered = "alice@example.org: Call established: sip:bob@example.org\n";
const std::string kEndOfFile = "menu: audio error (0,end of file)\n";

Sound tone(std::uint32_t rate, double hertz) {
    Sound sound{rate, {}};
    for (std::uint32_t i = 0; i < rate; ++i)
        sound.samples.push_back(
            static_cast<std::int16_t>(10000 * std::sin(2 * std::numbers::pi * hertz * i / rate)));
    return sound;
}

double loudness(const Samples& samples) {
    double sum = 0;
    for (const double sample : samples) sum += sample * sample;
    return std::sqrt(sum / static_cast<double>(samples.size()));
}

}  // namespace

TEST_CASE("whoever has picked up may have heard the code") {
    CHECK(report_of(kAnswered).reply().outcome == Outcome::Queued);
    CHECK(report_of(kAnswered + kEndOfFile).reply().outcome == Outcome::Accepted);
    const auto cut = report_of(kAnswered + "sip:bob@example.org: session closed: 404 Not Found\n");
    CHECK(cut.is_over());
    CHECK(cut.reply().outcome == Outcome::Queued);
}

TEST_CASE("a call that never left has reached nobody, and one that left may have") {
    // As baresip -s shows what it has sent.
    const std::string sent =
        "\x1b[36;1m#\nTCP 192.0.2.2:5060 -> 192.0.2.1:5060\n"
        "INVITE sip:bob@example.org SIP/2.0\r\n\r\n\x1b[;m\n";
    for (const std::string end :
         {"", "menu: ua_connect failed: Invalid argument\n",
          "sip:bob@example.org: session closed: Connection refused [111]\n",
          "sip:bob@example.org: session closed: Connection reset by peer [104]\n"}) {
        CAPTURE(end);
        CHECK(report_of(end).reply().outcome == Outcome::NotTaken);
        CHECK(report_of(sent + end).reply().outcome == Outcome::Temporary);
    }
}

TEST_CASE("sound that ends before somebody picks up has said nothing") {
    const auto report = report_of(kEndOfFile + kAnswered);
    CHECK_FALSE(report.is_said());
    CHECK(report.reply().outcome != Outcome::Accepted);
}

TEST_CASE("who declines is not called again") {
    for (const int status : {600, 603})
        CHECK(reply_to_status(status).outcome == Outcome::Permanent);
    // Busy, or not there: somebody else may have a telephone that rings.
    CHECK(reply_to_status(486).outcome == Outcome::Temporary);
}

TEST_CASE("a telephone that has rung does not ring again within a code's life") {
    constexpr std::chrono::minutes kLongestCodeLifetime{10};
    const std::string ringing = "call: SIP Progress: 180 Ringing\n";
    for (const std::string end :
         {"", "sip:bob@example.org: session closed: 480 Gone\n",
          "sip:bob@example.org: session closed: 503 Unavailable\n",
          "sip:bob@example.org: session closed: Connection timed out [110]\n"}) {
        CAPTURE(end);
        const auto reply = report_of(ringing + end).reply();
        CHECK(reply.outcome == Outcome::Temporary);
        CHECK(reply.retry_after >= kLongestCodeLifetime);
    }
    // Nobody's telephone has rung: somebody waits at the prompt.
    CHECK(report_of("sip:bob@example.org: session closed: 503 Unavailable\n").reply().retry_after ==
          std::chrono::seconds{0});
}

TEST_CASE("a server cannot make another line of its own words") {
    for (const std::string words :
         {"call: SIP Progress: 180 alice@example.org: Call established: x",
          "sip:bob@example.org: session closed: 404 alice@example.org: Call established: x",
          "call: SIP Progress: 183 menu: audio error (0,end of file)"})
        CHECK_FALSE(report_of(words + '\n').is_answered());
    // A line without an end takes no more room than a long one.
    CallReport report{"alice@example.org"};
    for (int i = 0; i < 1000; ++i) report.take(std::string(4096, 'x'));
    report.take('\n' + kAnswered);
    CHECK(report.is_answered());
}

TEST_CASE("nothing is said to a number that a server names instead") {
    for (const std::string answer : {"SIP/2.0 302 Moved Temporarily", "SIP/2.0 300 Choose"}) {
        // As baresip -s shows what it has received.
        const std::string redirect = "\x1b[36;1m#\nUDP 192.0.2.1:5060 -> 192.0.2.2:5060\n" +
                                     answer + "\r\nContact: <sip:+4490987654@x>\r\n\r\n\x1b[;m\n";
        const auto report = report_of(redirect + kAnswered + kEndOfFile);
        CHECK(report.is_over());
        CHECK_FALSE(report.is_answered());
        CHECK(report.reply().outcome == Outcome::Permanent);
        CHECK(report.reply().for_log.find("4490987654") == std::string::npos);
        // Who was called has picked up before: that one may have heard the code.
        CHECK(report_of(kAnswered + redirect).reply().outcome == Outcome::Queued);
    }
}

TEST_CASE("what a server's messages hold is nothing that baresip says") {
    for (const std::string line :
         {"alice@example.org: Call established: x", "menu: audio error (0,end of file)",
          "call: SIP Progress: 180 Ringing", "sip:bob@example.org: session closed: 404 Not Found",
          "baresip is ready."}) {
        CAPTURE(line);
        std::string shown = "\x1b[36;1m#\nUDP 192.0.2.1:5060 -> 192.0.2.2:5060\nSIP/2.0 183 ";
        shown.append(line).append("\r\n").append(line).append("\n\r\n").append(line);
        const auto report = report_of(shown + "\x1b[;m\n");
        CHECK_FALSE(report.is_ready());
        CHECK_FALSE(report.has_rung());
        CHECK_FALSE(report.is_answered());
        CHECK_FALSE(report.is_over());
        // Behind it baresip is heard again.
        CHECK(report_of(shown + "\x1b[;m\n" + kAnswered).is_answered());
    }
}

TEST_CASE("a caller of an IPv6 address is known by what baresip calls it") {
    SipSettings settings;
    settings.server = "::1";
    settings.transport = "udp";
    settings.user = settings.from = "alice";
    settings.domain = "::1";
    CHECK(account_command(settings).starts_with("/uanew <sip:alice@[::1];transport=udp>;"));
    CHECK(dial_command(settings, "+4930123456") == "/dial sip:4930123456@[::1]\n");
    CallReport report{caller_of(settings)};
    report.take("alice@::1: Call established: sip:bob@[::1];transport=udp\n");
    CHECK(report.is_answered());
    report.take("sip:alice@[::1]: Call with sip:bob@[::1] terminated (duration: 3 secs)\n");
    CHECK(report.is_over());
}

TEST_CASE("digits are said one by one, in a greeting's language or without one") {
    CHECK(words_of_code("en-gb", "", "4710")->text == "Your recovery code is: 4, 7, 1, 0.");
    CHECK(words_of_code("de", "", "4710")->text == "4, 7, 1, 0.");
    CHECK(words_of_code("de", "Ihr Code ist:", "47")->text == "Ihr Code ist: 4, 7.");
    for (const char* code : {"", "47 11", "4711<", "-1", "99999999999999999"})
        CHECK_FALSE(words_of_code("en", "", code));
    CHECK(words_of_notice("de", "Your password was changed").voice == "en");
    CHECK(words_of_notice("en-us", "Your password was changed").voice == "en-us");
}

TEST_CASE("a sound keeps its pitch and length at a telephone's rate") {
    const Samples kept = at_telephone_rate(tone(22050, 1000));
    CHECK(length_of(kept) == std::chrono::milliseconds{1000});
    const auto expected = tone(8000, 1000);
    double difference = 0;
    for (std::size_t i = 100; i < 7900; ++i)
        difference = std::max(difference, std::abs(1.0 * kept[i] - expected.samples[i]));
    CHECK(difference < 20);
    // What a telephone cannot carry is not heard as something else.
    CHECK(loudness(at_telephone_rate(tone(22050, 5000))) < 100);
}

TEST_CASE("what is written is read, and what is no such sound is refused") {
    const Samples samples{1, -2, 32767, -32768};
    const auto sound = read_wav(write_wav(samples));
    REQUIRE(sound);
    CHECK(sound->rate == 8000);
    CHECK(sound->samples == samples);
    std::string stereo = write_wav(samples);
    stereo[22] = 2;
    CHECK_FALSE(read_wav(stereo));
    CHECK_FALSE(read_wav(write_wav({})));
    CHECK_FALSE(read_wav(""));
    CHECK(length_of(twice(Samples(8000))) == std::chrono::milliseconds{5500});
}
