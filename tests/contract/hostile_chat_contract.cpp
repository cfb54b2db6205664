// SPDX-License-Identifier: MIT
//
// Chat servers that lie, stall and flood, before and after they have taken our password: each
// costs one call within its deadline, and no word of theirs is an answer or is logged.
#include <chrono>
#include <fstream>

#include "tests/support/approval_channel.hpp"
#include "tests/support/peer_process.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/system/comes_true.hpp"

namespace {

using namespace latchkey;
using wire::ChannelOutcome;

constexpr const char* kAda = "ada@chat.example";

// Modes are those of tests/support/xmpp_peer.py.
class HostileChat {
public:
    HostileChat(const std::string& mode, const std::string& when)
        : process_{{"/usr/bin/python3", LATCHKEY_TEST_XMPP_PEER, mode, when, directory_.path()}} {}

    [[nodiscard]] ApprovalChannel::Options options() const {
        return {{"jid", "latchkey@chat.example"},
                {"server", "127.0.0.1"},
                {"port", process_.first_line()},
                {"tls", "none"}};
    }
    // How many calls it has misbehaved to.
    [[nodiscard]] std::size_t calls() const { return number_in("misbehaved").value_or(0); }
    // How many bytes a mode that speaks for ever got rid of; nothing while it speaks.
    [[nodiscard]] std::optional<std::size_t> flooded() const { return number_in("written"); }

private:
    [[nodiscard]] std::optional<std::size_t> number_in(const std::string& name) const {
        std::size_t number = 0;
        std::ifstream file{directory_.file(name)};
        return file >> number ? std::optional{number} : std::nullopt;
    }
    TemporaryDirectory directory_;
    PeerProcess process_;
};

}  // namespace

TEST_CASE("a chat server that stalls or talks nonsense costs one call within its deadline",
          "[xmpp][hostile chat]") {
    const std::string when = GENERATE("at-once", "signed-in");
    const std::string mode =
        GENERATE("mute", "garbage", "no-xml", "deep", "entities", "other-protocol");
    CAPTURE(when, mode);
    ApprovalChannel channel{"push-xmpp"};
    channel.setup.deadline_seconds = 2;
    const HostileChat chat{mode, when};
    channel.use(chat.options(), "correct horse");
    for (const bool begins : {true, false}) {
        CAPTURE(begins);
        const auto before = std::chrono::steady_clock::now();
        const auto outcome = begins ? channel.begin(kAda) : channel.poll(kAda);
        CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds{3});
        // Nobody was asked before the server had said what its archive holds.
        CHECK(outcome == (begins ? ChannelOutcome::NotTaken : ChannelOutcome::Temporary));
        CHECK(channel.reply.answer.empty());
        CAPTURE(channel.reply.for_log);
    }
    CHECK(chat.calls() == 2);
}

TEST_CASE("a chat server that speaks for ever is cut off after 256 KiB", "[xmpp][hostile chat]") {
    // What is taken, and what the sockets on both sides hold beside it.
    constexpr std::size_t kMost = 2 << 20;
    const std::string when = GENERATE("at-once", "signed-in");
    const std::string mode =
        GENERATE("endless-text", "endless-attribute", "endless-depth", "endless-messages");
    const bool begins = GENERATE(true, false);
    CAPTURE(when, mode, begins);
    ApprovalChannel channel{"push-xmpp"};
    channel.setup.deadline_seconds = 10;
    const HostileChat chat{mode, when};
    channel.use(chat.options(), "correct horse");
    const auto before = std::chrono::steady_clock::now();
    const auto outcome = begins ? channel.begin(kAda) : channel.poll(kAda);
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds{5});
    CHECK(outcome == (begins ? ChannelOutcome::NotTaken : ChannelOutcome::Temporary));
    CHECK(channel.reply.for_log == "the server says too much");
    CHECK(channel.reply.answer.empty());
    CHECK(chat.calls() == 1);
    REQUIRE(comes_true([&] { return chat.flooded().has_value(); }));
    CHECK(chat.flooded() < kMost);
}
