// SPDX-License-Identifier: MIT
#include "adapters/system/seqpacket.hpp"

#include <chrono>

#include "core/wire/message.hpp"
#include "tests/support/catch.hpp"

using namespace latchkey;

namespace {

Deadline soon() {
    return std::chrono::steady_clock::now() + std::chrono::seconds{20};
}

}  // namespace

TEST_CASE("what a peer said before it ended is read, though it has left a message unread") {
    auto ends = Seqpacket::make_pair();
    REQUIRE(ends);
    Seqpacket& ours = ends->first;
    Seqpacket& theirs = ends->second;
    REQUIRE(ours.send_message(wire::UserRequest{}));
    REQUIRE(theirs.send_message(wire::AdminReply{true, 3, {}, "not for you"}));
    theirs.close();
    const auto reply = ours.receive_message<wire::AdminReply>(soon());
    REQUIRE(reply);
    CHECK(reply->error == "not for you");
    CHECK_FALSE(ours.receive(soon()));
}

TEST_CASE("a peer that has ended without a word is gone, whatever it has left unread") {
    auto ends = Seqpacket::make_pair();
    REQUIRE(ends);
    REQUIRE(ends->first.send_message(wire::UserRequest{}));
    ends->second.close();
    const auto packet = ends->first.receive(soon());
    REQUIRE_FALSE(packet);
    CHECK(packet.error().kind == ErrorKind::Unavailable);
}
