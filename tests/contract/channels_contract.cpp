// SPDX-License-Identifier: MIT
//
// The port Channels on its adapter and its fake, and the two plugins that need
// no peer: totp against oathtool, file against the directory.
#include <sys/stat.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/channel_workshop.hpp"
#include "tests/support/command.hpp"
#include "tests/support/fake_channels.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace latchkey;
using std::chrono::seconds;

constexpr std::string_view kKey = "a key of 20 bytes...";
constexpr std::uint64_t kStep = 59'000'000;
constexpr TimePoint kNow{seconds{kStep * 30 + 7}};

// What an app shows at that step, by a program of others.
std::string oathtool(std::uint64_t step, const std::string& digits = "6") {
    std::string hex;
    for (const char c : kKey) {
        char two[3];
        (void)snprintf(two, sizeof two, "%02x", static_cast<unsigned>(c));
        hex += two;
    }
    std::string out = must_run(
        {"oathtool", "--totp", "--digits", digits, "--now", "@" + std::to_string(step * 30), hex});
    return out.substr(0, out.find('\n'));
}

struct Verifying {
    std::string name;
    std::function<std::unique_ptr<Channels>()> channels;
    std::function<std::string(std::uint64_t step)> otp_at;
};

struct TotpSetup {
    ChannelWorkshop workshop{{"totp"}};
    wire::ChannelSetup setup = workshop.setup("totp", Profile::None);
};

std::vector<Verifying> both(TotpSetup& totp) {
    return {
        {"process channels and the totp plugin",
         [&totp] { return std::make_unique<ProcessChannels>(totp.workshop.channels(totp.setup)); },
         [](std::uint64_t step) { return oathtool(step); }},
        {"fake channels", [] { return std::make_unique<FakeChannels>(); }, &FakeChannels::otp_at}};
}

Result<std::optional<std::uint64_t>> ask(Channels& channels, const std::string& otp,
                                         std::uint64_t last_step, std::uint32_t window = 1,
                                         std::string_view key = kKey) {
    const Secret secret_key{key};
    const Secret answer{otp};
    return channels.verify({"app", secret_key, answer, kNow, last_step, window});
}

}  // namespace

TEST_CASE("an OTP is right within the window and never at or before the last step", "[channels]") {
    TotpSetup totp;
    for (const Verifying& each : both(totp)) {
        INFO(each.name);
        auto channels = each.channels();
        struct Row {
            std::int64_t offset;
            std::uint64_t last_step;
            std::uint32_t window;
            bool right;
        };
        const auto row = GENERATE(values<Row>({{0, 0, 1, true},
                                               {-1, 0, 1, true},
                                               {1, 0, 1, true},
                                               {-2, 0, 1, false},
                                               {2, 0, 1, false},
                                               {0, 0, 0, true},
                                               {1, 0, 0, false},
                                               {-1, 0, 0, false},
                                               {0, kStep, 1, false},
                                               {-1, kStep, 1, false},
                                               {1, kStep, 1, true},
                                               {1, kStep + 1, 1, false},
                                               {0, kStep - 1, 1, true}}));
        const std::uint64_t step = kStep + static_cast<std::uint64_t>(row.offset);
        CAPTURE(row.offset, row.last_step, row.window);
        const auto found = ask(*channels, each.otp_at(step), row.last_step, row.window);
        REQUIRE(found);
        CHECK(found->has_value() == row.right);
        if (row.right && *found) CHECK(**found == step);
    }
}

TEST_CASE("an answer that is no OTP is wrong, not an error", "[channels]") {
    TotpSetup totp;
    auto channels = totp.workshop.channels(totp.setup);
    const std::string right = oathtool(kStep);
    for (const std::string& answer :
         {std::string{}, std::string{"12345"}, right + "0", right.substr(1), "+" + right.substr(1),
          std::string(512, '1'), std::string{"\0\0\0\0\0\0", 6}, right + std::string{'\0'},
          oathtool(kStep, "8"), std::string{"%n%n%n"}, "-" + right}) {
        CAPTURE(answer);
        const auto found = ask(channels, answer, 0);
        REQUIRE(found);
        CHECK_FALSE(found->has_value());
    }
}

TEST_CASE("an OTP may be typed as the app shows it, with a space", "[channels]") {
    TotpSetup totp;
    auto channels = totp.workshop.channels(totp.setup);
    const std::string otp = oathtool(kStep);
    const auto found = ask(channels, otp.substr(0, 3) + " " + otp.substr(3), 0);
    REQUIRE(found);
    CHECK(found->has_value());
}

TEST_CASE("the totp plugin refuses a key that is empty or shorter than 80 bits", "[channels]") {
    TotpSetup totp;
    auto channels = totp.workshop.channels(totp.setup);
    for (const std::string_view key : {"", "nine byte"}) {
        const auto found = ask(channels, "000000", 0, 1, key);
        REQUIRE_FALSE(found);
        CHECK(found.error().kind == ErrorKind::Misconfigured);
    }
}

TEST_CASE("a plugin that checks answers gets neither network nor a writable directory",
          "[channels]") {
    TotpSetup totp;
    totp.setup.profile = Profile::Network;
    auto channels = totp.workshop.channels(totp.setup);
    const auto with_network = ask(channels, oathtool(kStep), 0);
    REQUIRE_FALSE(with_network);
    CHECK(with_network.error().kind == ErrorKind::Misconfigured);
    totp.setup.profile = Profile::None;
    totp.setup.options = {{"directory", totp.workshop.messages_directory()}};
    const auto with_directory = ask(channels, oathtool(kStep), 0);
    REQUIRE_FALSE(with_directory);
    CHECK(with_directory.error().kind == ErrorKind::Misconfigured);
}

TEST_CASE("a plugin is not asked for what it cannot do", "[channels]") {
    ChannelWorkshop workshop{{"totp", "file"}};
    const auto delivering_totp =
        workshop.call(workshop.setup("totp", Profile::None), delivery_to("ada@example.org"));
    REQUIRE(delivering_totp);
    CHECK(delivering_totp->outcome == wire::ChannelOutcome::Misconfigured);
    const auto setup = workshop.setup("file", Profile::None);
    auto file_channels = workshop.channels(setup);
    const auto verifying_file = ask(file_channels, "123456", 0);
    REQUIRE_FALSE(verifying_file);
    CHECK(verifying_file.error().kind == ErrorKind::Misconfigured);
}

TEST_CASE("the file plugin writes one private file per message", "[channels]") {
    ChannelWorkshop workshop{{"file"}};
    auto setup = workshop.setup("file", Profile::Network);
    setup.options = {{"directory", workshop.messages_directory()}};
    auto call = delivery_to("ada@example.org");
    call.message_id = "../../x\ny";
    const auto reply = workshop.call(setup, call);
    REQUIRE(reply);
    INFO(reply->for_log);
    REQUIRE(reply->outcome == wire::ChannelOutcome::Accepted);

    const std::string file = workshop.messages_directory() + "/%2E%2E%2F%2E%2E%2Fx%0Ay.txt";
    struct stat found {};
    REQUIRE(::stat(file.c_str(), &found) == 0);
    CHECK((found.st_mode & 07777) == 0600);
    const std::string content = content_of(file);
    CHECK(content.find("To: ada@example.org\n") == 0);
    CHECK(content.find("\n\nYour recovery code is 4711 0815.\n") != std::string::npos);

    SECTION("the same message again is accepted and changes nothing") {
        call.text = Secret{"other\n"};
        const auto again = workshop.call(setup, call);
        REQUIRE(again);
        CHECK(again->outcome == wire::ChannelOutcome::Accepted);
        CHECK(content_of(file) == content);
        namespace fs = std::filesystem;
        const auto files = std::distance(fs::directory_iterator{workshop.messages_directory()},
                                         fs::directory_iterator{});
        CHECK(files == 1);
    }
}

TEST_CASE("the file plugin says what is wrong with its directory", "[channels]") {
    ChannelWorkshop workshop{{"file"}};
    auto setup = workshop.setup("file", Profile::None);
    const auto unset = workshop.call(setup, delivery_to("ada@example.org"));
    REQUIRE(unset);
    CHECK(unset->outcome == wire::ChannelOutcome::Misconfigured);
    CHECK(unset->for_log == "option directory is not set");
    setup.options = {{"directory", workshop.root() + "/absent"}};
    const auto absent = workshop.call(setup, delivery_to("ada@example.org"));
    REQUIRE(absent);
    CHECK(absent->outcome == wire::ChannelOutcome::Misconfigured);
}

TEST_CASE("a message that does not fit a packet is rejected before a host is started",
          "[channels]") {
    bool started = false;
    ProcessChannels channels{[&](const std::string&) -> Result<UniqueFd> {
                                 started = true;
                                 return Error{ErrorKind::Unavailable, "not now"};
                             },
                             [] {}};
    auto call = delivery_to("ada@example.org");
    call.text = Secret{std::string(wire::kMaxPacket, 'x')};
    const auto reply = channels.deliver("test", call);
    REQUIRE_FALSE(reply);
    CHECK(reply.error().kind == ErrorKind::Rejected);
    CHECK_FALSE(started);
}

TEST_CASE("the outbox is announced to the monitor and nothing waits", "[channels]") {
    int announced = 0;
    ProcessChannels channels{[](const std::string&) -> Result<UniqueFd> {
                                 return Error{ErrorKind::Unavailable, "none"};
                             },
                             [&] { ++announced; }};
    channels.send_due();
    CHECK(announced == 1);
}
