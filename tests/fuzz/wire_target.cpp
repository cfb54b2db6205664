// SPDX-License-Identifier: MIT
//
// What a broken peer can send to either side: every decode, the table of permitted
// requests, and what lies sealed in an outbox row.
//
// First byte 0: the rest are the types of requests, one a byte. First byte 0xff: the
// rest is an outbox message. Anything else: one packet.
#include <map>
#include <optional>

#include "core/outbox_message.hpp"
#include "core/wire/permitted.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace latchkey;
using namespace latchkey::wire;
using fuzz::holds;

using Packet = std::span<const std::byte>;

// Whatever decodes is exactly what encoding gives: nothing is left over or lost.
template <class M>
int decoded(Packet packet) {
    const auto message = decode<M>(packet);
    if (!message) return 0;
    const auto again = encode(*message);
    holds(std::equal(again.begin(), again.end(), packet.begin(), packet.end()),
          "a message is encoded as it was decoded");
    return 1;
}

template <class... M>
int decoded_as_any(Packet packet) {
    return (decoded<M>(packet) + ...);
}

void try_packet(Packet packet) {
    const int understood =
        decoded_as_any<LoginHello, Answer, Left, Ask, AskHidden, LoginFinish, SignInHello,
                       RecoveryHello, AskScreen, CheckSavedCode, SavedCodeJudged, SpendStep,
                       StepSpent, VetoHeard, EndWaitingCodes, LookForChanges, ChangesSeen,
                       AnnounceChange, ChangeAnnounced, StartChannel, ChannelStarted, Queued, Proof,
                       Perform, Acted, RecoveryFinish, DeliverHello, OutboxKey, OutboxKeyIs,
                       DeliverFinish, ChannelSetup, ChannelCall, ChannelReply, AdminRequest,
                       AdminHello, AdminReply, UserRequest, ChangeHello, NewKey, ChangeFinish,
                       ImportRows, ImportEntries>(packet);
    holds(understood <= 1, "a packet is one message");
    holds(understood == 0 || (type_of(packet) && packet.size() <= kMaxPacket),
          "a message has a type and fits");
}

// Counted here from the rows alone.
void try_requests(std::span<const Permission> table, std::string_view types) {
    PermittedRequests permitted{table};
    std::map<char, std::uint32_t> admitted;
    for (const char type : types) {
        std::uint32_t at_most = 0;
        for (const Permission& row : table)
            if (row.phase == Phase::Talking && row.type == static_cast<Type>(type))
                at_most = row.at_most;
        const bool expected = ++admitted[type] <= at_most;
        holds(permitted.admit(static_cast<Type>(type), Phase::Talking) == expected,
              "a request is admitted as often as its row says");
    }
}

void try_outbox_message(std::string_view bytes) {
    const auto message = decode_outbox_message(Secret{bytes});
    if (message)
        holds(encode_outbox_message(*message).reveal() == bytes,
              "an outbox message is encoded as it was decoded");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    if (bytes.starts_with('\0')) {
        try_requests(recovery_permissions(), bytes.substr(1, 300));
        try_requests(change_permissions(), bytes.substr(1, 300));
        try_requests(delivery_permissions(), bytes.substr(1, 300));
        try_requests(admin_permissions(), bytes.substr(1, 300));
        try_requests(import_permissions(), bytes.substr(1, 300));
    } else if (bytes.starts_with('\xff')) {
        try_outbox_message(bytes.substr(1));
    } else {
        try_packet(fuzz::as_bytes(bytes));
    }
    return 0;
}
