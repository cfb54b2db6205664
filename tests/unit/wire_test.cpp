// SPDX-License-Identifier: MIT
//
// Every message, whole and broken, and the table of permitted requests.
#include <algorithm>
#include <random>
#include <set>
#include <tuple>

#include "core/wire/batches.hpp"
#include "core/wire/message.hpp"
#include "core/wire/permitted.hpp"
#include "tests/support/catch.hpp"

using namespace latchkey;
using namespace latchkey::wire;

namespace {

using EveryMessage =
    std::tuple<LoginHello, Answer, Left, Ask, AskHidden, LoginFinish, SignInHello, RecoveryHello,
               AskScreen, CheckSavedCode, SavedCodeJudged, SpendStep, StepSpent, VetoHeard,
               EndWaitingCodes, LookForChanges, ChangesSeen, AnnounceChange, ChangeAnnounced,
               StartChannel, ChannelStarted, Queued, Proof, Perform, Acted, RecoveryFinish,
               DeliverHello, OutboxKey, OutboxKeyIs, DeliverFinish, ChannelSetup, ChannelCall,
               ChannelReply, AdminRequest, AdminHello, AdminReply, UserRequest, ChangeHello, NewKey,
               ChangeFinish, ImportRows, ImportEntries>;

using Bytes = std::vector<std::byte>;

// Gives every field a value of its own, so that two fields that change places show.
class Filler {
public:
    template <class M>
    void fill(M& message) {
        std::apply([this](auto&... field) { (put(field), ...); }, M::fields(message));
    }

private:
    void put(std::string& text) { text = "text \n\xff" + std::to_string(++number_); }
    void put(Secret& secret) {
        secret = Secret{std::string{"secret\0", 7} + std::to_string(++number_)};
    }
    void put(bool& value) { value = true; }
    void put(std::uint8_t& value) { value = static_cast<std::uint8_t>(200 + ++number_); }
    void put(std::uint32_t& value) { value = 0xfffffff0U + ++number_ % 16; }
    void put(std::uint64_t& value) { value = 0xfffffffffffffff0U + ++number_ % 16; }
    void put(std::int64_t& value) { value = -1000 - ++number_; }
    void put(std::pair<std::string, std::string>& pair) {
        put(pair.first);
        put(pair.second);
    }
    template <class T>
    void put(std::vector<T>& list) {
        list.resize(3);
        for (T& item : list) put(item);
    }
    template <class S>
    requires requires(S& s) { S::fields(s); }
    void put(S& structure) { fill(structure); }
    template <class E>
    requires std::is_enum_v<E>
    void put(E& value) { value = EnumLast<E>::value; }

    std::uint32_t number_ = 0;
};

template <class T>
bool same(const T& a, const T& b) {
    return a == b;
}
bool same(const Secret& a, const Secret& b) {
    return a.reveal() == b.reveal();
}

template <class M>
bool same_fields(const M& a, const M& b);
template <class S>
requires requires(const S& s) {
    S::fields(s);
}
bool same(const std::vector<S>& a, const std::vector<S>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_fields<S>);
}

template <class M>
bool same_fields(const M& a, const M& b) {
    return std::apply(
        [&b](const auto&... left) {
            return std::apply([&](const auto&... right) { return (same(left, right) && ...); },
                              M::fields(b));
        },
        M::fields(a));
}

template <class M>
M filled() {
    M message;
    Filler{}.fill(message);
    return message;
}

// Calls `with(field)` for every enum among the fields.
template <class M, class With>
void for_each_enum(M& message, With with) {
    const auto visit = [&with](auto& field) {
        if constexpr (std::is_enum_v<std::remove_reference_t<decltype(field)>>) with(field);
    };
    std::apply([&visit](auto&... field) { (visit(field), ...); }, M::fields(message));
}

// Whatever decodes must be exactly what encoding gives: nothing is left over or lost.
template <class M>
bool refused_or_whole(const Bytes& packet) {
    const auto message = decode<M>(packet);
    return !message || encode(*message) == packet;
}

template <class... M>
bool each_refused_or_whole(const Bytes& packet, const std::tuple<M...>*) {
    return (refused_or_whole<M>(packet) && ...);
}

template <class... M>
std::vector<Bytes> one_of_each(const std::tuple<M...>*) {
    return {encode(filled<M>())...};
}

constexpr const EveryMessage* kEveryMessage = nullptr;

}  // namespace

TEMPLATE_LIST_TEST_CASE("a message arrives as it was sent", "", EveryMessage) {
    const TestType sent = filled<TestType>();
    const Bytes packet = encode(sent);
    CHECK(packet.size() <= kMaxPacket);
    CHECK(type_of(packet) == TestType::kType);
    const auto received = decode<TestType>(packet);
    REQUIRE(received);
    CHECK(same_fields(sent, *received));

    const TestType blank{};
    const auto received_blank = decode<TestType>(encode(blank));
    REQUIRE(received_blank);
    CHECK(same_fields(blank, *received_blank));
}

TEMPLATE_LIST_TEST_CASE("a message cut off anywhere is refused", "", EveryMessage) {
    const Bytes packet = encode(filled<TestType>());
    for (std::size_t length = 0; length < packet.size(); ++length)
        CHECK_FALSE(decode<TestType>(std::span{packet}.first(length)));
}

TEMPLATE_LIST_TEST_CASE("a message with bytes left over is refused", "", EveryMessage) {
    for (const unsigned extra : {0U, 1U, 255U}) {
        Bytes packet = encode(filled<TestType>());
        packet.push_back(static_cast<std::byte>(extra));
        CHECK_FALSE(decode<TestType>(packet));
    }
}

TEMPLATE_LIST_TEST_CASE("an enum value that nobody knows is refused", "", EveryMessage) {
    TestType message = filled<TestType>();
    for_each_enum(message, [&message](auto& field) {
        using Enum = std::remove_reference_t<decltype(field)>;
        const Enum last = field;
        for (unsigned value = static_cast<unsigned>(last) + 1; value <= 255; ++value) {
            field = static_cast<Enum>(value);
            CHECK_FALSE(decode<TestType>(encode(message)));
        }
        field = last;
        CHECK(decode<TestType>(encode(message)));
    });
}

TEMPLATE_LIST_TEST_CASE("a message is not taken for one of another type", "", EveryMessage) {
    Bytes packet = encode(filled<TestType>());
    for (unsigned type = 0; type <= 255; ++type) {
        packet.front() = static_cast<std::byte>(type);
        CHECK(decode<TestType>(packet).has_value() ==
              (type == static_cast<unsigned>(TestType::kType)));
    }
}

TEST_CASE("every type has one message, and other bytes are no type") {
    std::set<std::byte> types;
    for (const Bytes& packet : one_of_each(kEveryMessage)) types.insert(packet.front());
    CHECK(types.size() == std::tuple_size_v<EveryMessage>);
    for (unsigned type = 0; type <= 255; ++type) {
        const Bytes packet{static_cast<std::byte>(type)};
        CHECK(type_of(packet).has_value() == types.contains(packet.front()));
    }
    CHECK_FALSE(type_of({}));
}

TEST_CASE("rows leave in as few packets as they fit, in their order, and none is lost") {
    std::vector<ImportRows> arrived;
    const auto send = [&arrived](const ImportRows& message) {
        const Bytes packet = encode(message);
        CHECK(packet.size() <= kMaxPacket);
        auto decoded = decode<ImportRows>(packet);
        REQUIRE(decoded);
        arrived.push_back(std::move(*decoded));
        return true;
    };
    Batches<ImportRows, decltype(send)> batches{send};
    constexpr std::uint32_t kRows = 500;
    for (std::uint32_t line = 1; line <= kRows; ++line) {
        ImportRow row;
        row.line = line;
        row.user = std::string(line % 300, 'u');
        row.key = Secret{std::string(line % 64, 'k')};
        REQUIRE(batches.add(std::move(row)));
    }
    ImportRows end;
    end.write = true;
    REQUIRE(batches.finish(std::move(end)));
    std::uint32_t line = 0;
    for (const ImportRows& message : arrived) {
        CHECK(message.last == (&message == &arrived.back()));
        for (const ImportRow& row : message.rows) CHECK(row.line == ++line);
    }
    CHECK(line == kRows);
    CHECK(arrived.back().write);
    CHECK(arrived.size() < kRows / 10);
}

TEST_CASE("a row takes the bytes that it is counted for") {
    ImportEntry entry = filled<ImportEntry>();
    ImportEntries message;
    const std::size_t without = encode(message).size();
    const std::size_t counted = packed_size(entry);
    message.rows.push_back(std::move(entry));
    CHECK(encode(message).size() == without + counted);
}

TEST_CASE("what a verifier may say during an import is bounded") {
    PermittedRequests permitted{import_permissions()};
    for (int i = 0; i < 512; ++i) REQUIRE(permitted.admit(Type::AdminReply, Phase::Talking));
    CHECK_FALSE(permitted.admit(Type::AdminReply, Phase::Talking));
    CHECK_FALSE(permitted.admit(Type::Queued, Phase::Talking));
    CHECK_FALSE(permitted.admit(Type::ImportEntries, Phase::Talking));
}

TEST_CASE("a truth value is 0 or 1") {
    const auto judged = [](unsigned value) {
        Bytes packet = encode(SavedCodeJudged{});
        packet.at(1) = static_cast<std::byte>(value);
        return decode<SavedCodeJudged>(packet);
    };
    CHECK_FALSE(judged(0)->right);
    CHECK(judged(1)->right);
    for (unsigned value = 2; value <= 255; ++value) CHECK_FALSE(judged(value));
}

TEST_CASE("the longest message is 4,096 bytes") {
    const auto decodes = [](std::size_t text) {
        return decode<Ask>(encode(Ask{std::string(text, 'x')})).has_value();
    };
    CHECK(decodes(kMaxPacket - 3));
    CHECK_FALSE(decodes(kMaxPacket - 2));
    CHECK_FALSE(decodes(65535));
    CHECK_FALSE(decodes(65536));
    CHECK_FALSE(decodes(65536 + 10));
    CHECK_FALSE(decodes(1'000'000));
}

TEST_CASE("a list that promises more than it holds is refused before memory is taken") {
    ChannelSetup setup;
    Bytes packet = encode(setup);
    // Behind type, version, two empty texts, profile and deadline stands the list's length.
    const std::size_t at = 1 + 4 + 2 + 2 + 1 + 4;
    REQUIRE(decode<ChannelSetup>(packet));
    packet.at(at) = packet.at(at + 1) = std::byte{0xff};
    CHECK_FALSE(decode<ChannelSetup>(packet));
    packet.resize(kMaxPacket);
    CHECK_FALSE(decode<ChannelSetup>(packet));
}

TEST_CASE("ten thousand random packets neither crash nor decode with leftovers") {
    std::mt19937 random{20261124};
    const std::vector<Bytes> whole = one_of_each(kEveryMessage);
    const auto below = [&random](std::size_t bound) { return random() % bound; };
    std::size_t decoded = 0;
    for (int i = 0; i < 10000; ++i) {
        Bytes packet;
        if (i % 2 == 0) {  // noise behind a type that exists
            packet.resize(1 + below(64));
            for (std::byte& byte : packet) byte = static_cast<std::byte>(below(4) * below(86));
            packet.front() = whole.at(below(whole.size())).front();
        } else {  // a whole message with up to three changes
            packet = whole.at(below(whole.size()));
            for (std::size_t change = below(4); change > 0; --change) {
                if (below(3) == 0) packet.resize(1 + below(packet.size() + 8));
                packet.at(below(packet.size())) = static_cast<std::byte>(below(256));
            }
        }
        if (!each_refused_or_whole(packet, kEveryMessage)) FAIL("packet " << i);
        if (decode<LoginHello>(packet) || decode<ChannelCall>(packet) || decode<Acted>(packet))
            ++decoded;
    }
    CHECK(decoded > 50);  // the noise reaches past the first check
}

TEST_CASE("each permitted request is admitted as often as its row says, and not once more") {
    for (const auto table : {recovery_permissions(), change_permissions(), delivery_permissions(),
                             admin_permissions()}) {
        REQUIRE_FALSE(table.empty());
        for (const Permission& row : table) {
            PermittedRequests requests{table};
            bool all_admitted = true;
            for (std::uint32_t i = 0; i < row.at_most; ++i)
                all_admitted = all_admitted && requests.admit(row.type, row.phase);
            CHECK(all_admitted);
            CHECK_FALSE(requests.admit(row.type, row.phase));
            CHECK_FALSE(requests.admit(row.type, row.phase));
        }
    }
}

TEST_CASE("what is not in the table is not admitted") {
    for (const auto table : {recovery_permissions(), change_permissions(), delivery_permissions(),
                             admin_permissions()}) {
        std::set<std::pair<Phase, Type>> listed;
        for (const Permission& row : table) {
            CHECK(row.at_most > 0);
            CHECK(listed.emplace(row.phase, row.type).second);  // one row for each
        }
        for (unsigned byte = 0; byte <= 255; ++byte) {
            const Type type = static_cast<Type>(byte);
            for (const Phase phase : {Phase::Talking, Phase::Acted}) {
                PermittedRequests requests{table};
                CHECK(requests.admit(type, phase) == listed.contains({phase, type}));
            }
        }
    }
}

TEST_CASE("a verifier may not send what only the root side says") {
    for (const auto table : {recovery_permissions(), change_permissions(), delivery_permissions(),
                             admin_permissions()}) {
        for (const Type type :
             {Type::LoginHello, Type::Answer, Type::Ask, Type::AskHidden, Type::LoginFinish,
              Type::SignInHello, Type::RecoveryHello, Type::SavedCodeJudged, Type::ChannelStarted,
              Type::Acted, Type::OutboxKeyIs, Type::StepSpent, Type::ChannelSetup,
              Type::AdminRequest, Type::AdminHello, Type::UserRequest, Type::ChangeHello}) {
            PermittedRequests requests{table};
            CHECK_FALSE(requests.admit(type, Phase::Talking));
        }
    }
}

TEST_CASE("after the act a verifier may say that messages are due, and end") {
    for (unsigned byte = 0; byte <= 255; ++byte) {
        const Type type = static_cast<Type>(byte);
        PermittedRequests requests{recovery_permissions()};
        CHECK(requests.admit(type, Phase::Acted) ==
              (type == Type::Queued || type == Type::RecoveryFinish));
    }
}

TEST_CASE("a verifier that serves a change of security info may ask for no act") {
    for (const Type type : {Type::Perform, Type::RecoveryFinish, Type::AdminReply}) {
        PermittedRequests requests{change_permissions()};
        CHECK_FALSE(requests.admit(type, Phase::Talking));
        CHECK_FALSE(requests.admit(type, Phase::Acted));
    }
}

TEST_CASE("as many answers are judged as a conversation may have, and devices asked besides") {
    PermittedRequests requests{recovery_permissions()};
    constexpr int kJudged = 31;
    constexpr int kAsked = 9;
    for (int i = 0; i < kJudged + kAsked; ++i)
        CHECK(requests.admit(Type::StartChannel, Phase::Talking));
    CHECK_FALSE(requests.admit(Type::StartChannel, Phase::Talking));
}

TEST_CASE("what was said before the act counts after it") {
    PermittedRequests requests{recovery_permissions()};
    for (int i = 0; i < 34; ++i) CHECK(requests.admit(Type::Queued, Phase::Talking));
    CHECK_FALSE(requests.admit(Type::Queued, Phase::Acted));
}

TEST_CASE("a verifier performs at most three times and ends once") {
    PermittedRequests requests{recovery_permissions()};
    for (int i = 0; i < 3; ++i) CHECK(requests.admit(Type::Perform, Phase::Talking));
    CHECK_FALSE(requests.admit(Type::Perform, Phase::Talking));
    CHECK(requests.admit(Type::AskScreen, Phase::Talking));
    CHECK(requests.admit(Type::RecoveryFinish, Phase::Talking));
    CHECK_FALSE(requests.admit(Type::RecoveryFinish, Phase::Talking));
}

TEST_CASE("a verifier that probes may start channels, and is lent no key") {
    PermittedRequests requests{probing_permissions()};
    CHECK_FALSE(requests.admit(Type::OutboxKey, Phase::Talking));
    CHECK_FALSE(requests.admit(Type::Perform, Phase::Talking));
    CHECK_FALSE(requests.admit(Type::StartChannel, Phase::Acted));
    for (int i = 0; i < 16; ++i) CHECK(requests.admit(Type::StartChannel, Phase::Talking));
    CHECK_FALSE(requests.admit(Type::StartChannel, Phase::Talking));
    CHECK(requests.admit(Type::DeliverFinish, Phase::Talking));
}
