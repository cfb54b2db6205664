// SPDX-License-Identifier: MIT
//
// The hotp plugin, in its process, against the codes of oathtool: which codes of a token that
// counts are right, and how far its counter is then.
#include <cstdint>
#include <optional>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/channel_workshop.hpp"
#include "tests/support/command.hpp"

namespace {

using namespace latchkey;

constexpr std::string_view kKey = "12345678901234567890";  // of RFC 4226, appendix D
constexpr const char* kKeyInHex = "3132333435363738393031323334353637383930";
constexpr std::uint64_t kLookAhead = 5;
constexpr std::uint64_t kResyncAhead = 1000;

// What the token shows at that counter, by a program of others.
std::string shown(std::uint64_t counter, const std::string& digits = "6") {
    const std::string out = must_run(
        {"oathtool", "--hotp", "--digits", digits, "-c", std::to_string(counter), kKeyInHex});
    return out.substr(0, out.find('\n'));
}

struct Token {
    ChannelWorkshop workshop{{"hotp"}};
    wire::ChannelSetup setup = workshop.setup("hotp", Profile::None);
    ProcessChannels channels = workshop.channels(setup);

    // How far the counter is behind the answer; nothing: it is wrong.
    Result<std::optional<std::uint64_t>> judged(const std::string& answer, std::uint64_t counter,
                                                std::string_view key = kKey) {
        const Secret secret_key{key};
        const Secret typed{answer};
        return channels.verify({"token", secret_key, typed, TimePoint{}, counter, 1});
    }
    std::optional<std::uint64_t> counter_behind(const std::string& answer, std::uint64_t counter) {
        auto found = judged(answer, counter);
        REQUIRE(found);
        return *found;
    }
};

}  // namespace

TEST_CASE("the codes of the RFC are right, each at its own place") {
    Token token;
    CHECK(shown(0) == "755224");  // appendix D
    CHECK(token.counter_behind("755224", 0) == 1);
    CHECK(token.counter_behind("520489", 9) == 10);
    CHECK(token.counter_behind("755 224", 0) == 1);
}

TEST_CASE("a code is right from the counter on, up to five codes ahead, and never twice") {
    Token token;
    constexpr std::uint64_t kCounter = 70;
    for (std::uint64_t ahead = 0; ahead <= kLookAhead; ++ahead)
        CHECK(token.counter_behind(shown(kCounter + ahead), kCounter) == kCounter + ahead + 1);
    CHECK_FALSE(token.counter_behind(shown(kCounter + kLookAhead + 1), kCounter));
    for (std::uint64_t ago = 1; ago <= kLookAhead; ++ago)
        CHECK_FALSE(token.counter_behind(shown(kCounter - ago), kCounter));
}

TEST_CASE("two codes in succession bring a token back that is far ahead") {
    Token token;
    for (const std::uint64_t ahead : {std::uint64_t{0}, kLookAhead + 1, kResyncAhead}) {
        CHECK(token.counter_behind(shown(ahead) + ' ' + shown(ahead + 1), 0) == ahead + 2);
        CHECK(token.counter_behind(shown(ahead) + shown(ahead + 1), 0) == ahead + 2);
    }
    CHECK_FALSE(token.counter_behind(shown(kResyncAhead + 1) + shown(kResyncAhead + 2), 0));
    // In no other order, not with one left out, and not of what is behind.
    CHECK_FALSE(token.counter_behind(shown(21) + shown(20), 0));
    CHECK_FALSE(token.counter_behind(shown(20) + shown(22), 0));
    CHECK_FALSE(token.counter_behind(shown(20) + shown(20), 0));
    CHECK_FALSE(token.counter_behind(shown(20) + shown(21), 21));
}

TEST_CASE("an answer that is no code of a token is wrong, not an error") {
    Token token;
    const std::string right = shown(0);
    for (const std::string& answer :
         {std::string{}, std::string{"12345"}, right + "0", right.substr(1), "+" + right.substr(1),
          std::string(512, '1'), right + shown(1) + shown(2), right + std::string{'\0'},
          shown(0, "8"), std::string{"%n%n%n"}, right + "-" + shown(1)}) {
        CAPTURE(answer);
        CHECK_FALSE(token.counter_behind(answer, 0));
    }
}

TEST_CASE("the hotp plugin refuses a key of less than 128 bits, and a counter that is none") {
    Token token;
    for (const std::string_view key : {"", "fifteen bytes.."}) {
        const auto found = token.judged("000000", 0, key);
        REQUIRE_FALSE(found);
        CHECK(found.error().kind == ErrorKind::Misconfigured);
    }
    for (const std::uint64_t counter : {~std::uint64_t{0}, (std::uint64_t{1} << 62) + 1}) {
        const auto found = token.judged(shown(0), counter);
        REQUIRE_FALSE(found);
        CHECK(found.error().kind == ErrorKind::Misconfigured);
    }
}
