// SPDX-License-Identifier: MIT
//
// A monitor that dies or talks nonsense, a store that does not work: the
// verifier ends, nothing is stuck, nothing is harmed.
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "adapters/sodium_vault/sodium_vault.hpp"
#include "adapters/sqlite_store/sqlite_store.hpp"
#include "tests/integration/verifier/verifier_house.hpp"
#include "tests/support/catch.hpp"

using namespace latchkey;

namespace {

// Ended by itself, not by a signal.
bool ended_orderly(VerifierProcess& verifier) {
    const auto status = verifier.ended();
    return status == 0 || status == 1;
}

// Says nothing more to us, and is gone.
bool falls_silent(VerifierProcess& verifier) {
    while (true) {
        auto packet =
            verifier.link().receive(std::chrono::steady_clock::now() + std::chrono::seconds{10});
        if (!packet) return ended_orderly(verifier);
        const auto type = wire::type_of(packet->bytes);
        if (type == wire::Type::Proof || type == wire::Type::Perform) return false;
    }
}

std::vector<std::vector<std::byte>> nonsense() {
    const std::vector<std::byte> long_one(5000, std::byte{3});
    std::vector<std::vector<std::byte>> packets{
        {std::byte{0}},
        {std::byte{255}, std::byte{1}},
        {std::byte{static_cast<std::uint8_t>(wire::Type::Answer)}},
        long_one,
        wire::encode(wire::LoginHello{}),
        wire::encode(wire::RecoveryHello{}),
        wire::encode(wire::SavedCodeJudged{true}),
        wire::encode(wire::Acted{ActResult::Done}),
        wire::encode(wire::ChannelStarted{true}),
        wire::encode(wire::RecoveryFinish{Outcome::Recovered}),
        wire::encode(wire::AdminReply{}),
    };
    auto with_a_tail = wire::encode(wire::Answer{Secret{"1"}});
    with_a_tail.push_back(std::byte{0});
    packets.push_back(with_a_tail);
    return packets;
}

std::string line_of(pid_t pid, const char* file, const std::string& key) {
    std::ifstream lines{"/proc/" + std::to_string(pid) + '/' + file};
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(key)) return line;
    return {};
}

// False after ten seconds.
bool comes_true(const std::function<bool()>& condition) {
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!condition()) {
        if (std::chrono::steady_clock::now() >= patience) return false;
        ::sched_yield();
    }
    return true;
}

Outcome refused_outcome(VerifierHouse& house, rlim_t largest_file = 0) {
    VerifierProcess verifier{house.files, "--login", largest_file};
    verifier.say(house.hello(Surface::Console, 1));
    const Outcome outcome = verifier.expect<wire::RecoveryFinish>().outcome;
    verifier.hang_up();
    CHECK(ended_orderly(verifier));
    return outcome;
}

}  // namespace

TEST_CASE("a monitor that dies at any step of a recovery leaves a store that serves the next") {
    bool came_to_the_end = false;
    for (std::size_t step = 0; !came_to_the_end; ++step) {
        CAPTURE(step);
        VerifierHouse house;
        house.enrol_email();
        {
            VerifierProcess verifier{house.files, "--login"};
            Talk talk{verifier};
            talk.hang_up_after(step);
            try {
                (void)forgot_at_console(house, talk);
                came_to_the_end = true;
            } catch (const HungUp&) {
            }
            REQUIRE(ended_orderly(verifier));
        }
        VerifierProcess next{house.files, "--login"};
        Talk talk{next};
        talk.say(house.hello(Surface::Console, 1));
        (void)talk.expect_screen(ScreenKind::Menu);
    }
}

TEST_CASE("a monitor that dies at any step of a delivery loses no message, and sends none twice") {
    bool came_to_the_end = false;
    for (std::size_t step = 0; !came_to_the_end; ++step) {
        CAPTURE(step);
        VerifierHouse house;
        house.enrol_email();
        VerifierProcess login{house.files, "--login"};
        Talk talk{login};
        talk.say(house.hello(Surface::Console, 1));
        talk.choose(talk.expect_screen(ScreenKind::Menu), "email");
        (void)talk.expect_screen(ScreenKind::Code);

        bool accepted = false;
        VerifierProcess delivery{house.files, "--deliver"};
        Talk run{delivery};
        run.hang_up_after(step);
        try {
            run.say(wire::DeliverHello{});
            (void)run.expect<wire::OutboxKey>();
            run.say(wire::OutboxKeyIs{SodiumVault{}.derive(house.subkey(), "outbox")});
            (void)run.play_channel("email", [](const wire::ChannelCall&) {
                wire::ChannelReply reply;
                reply.outcome = wire::ChannelOutcome::Accepted;
                return reply;
            });
            accepted = true;
            const auto done = run.expect<wire::DeliverFinish>();
            CHECK(done.delivered == 1);
            came_to_the_end = true;
        } catch (const HungUp&) {
        }
        REQUIRE(ended_orderly(delivery));
        // Its lease, or its back-off, may keep a message that was left waiting.
        const auto store = SqliteStore::open(house.files.store);
        REQUIRE(store);
        const TimePoint later = std::chrono::floor<std::chrono::seconds>(
            std::chrono::system_clock::now() + std::chrono::minutes{3});
        const auto rows = (*store)->claim_due(later, later, 10);
        REQUIRE(rows);
        CHECK(rows->size() == (accepted ? 0U : 1U));
    }
}

TEST_CASE("nonsense in place of a greeting ends the verifier, in every mode") {
    VerifierHouse house;
    for (const char* mode : {"--login", "--deliver", "--probe", "--admin"}) {
        for (const auto& packet : nonsense()) {
            CAPTURE(mode, packet.size(), std::to_integer<int>(packet.front()));
            VerifierProcess verifier{house.files, mode};
            verifier.say_bytes(packet);
            CHECK(falls_silent(verifier));
        }
    }
}

TEST_CASE("nonsense in place of an answer ends the verifier without a proof or an act") {
    VerifierHouse house;
    house.enrol_email();
    for (const auto& packet : nonsense()) {
        CAPTURE(packet.size(), std::to_integer<int>(packet.front()));
        VerifierProcess verifier{house.files, "--login"};
        Talk talk{verifier};
        talk.say(house.hello(Surface::Console, 1));
        (void)talk.expect_screen(ScreenKind::Menu);
        verifier.say_bytes(packet);
        CHECK(falls_silent(verifier));
    }
}

TEST_CASE("nonsense in place of a verdict is no verdict") {
    for (const auto& packet : nonsense()) {
        if (wire::decode<wire::SavedCodeJudged>(packet)) continue;
        VerifierHouse house;
        CAPTURE(packet.size(), std::to_integer<int>(packet.front()));
        VerifierProcess verifier{house.files, "--login"};
        Talk talk{verifier};
        auto hello = house.hello(Surface::Console, 1);
        hello.has_saved_codes = true;
        talk.say(hello);
        talk.choose(talk.expect_screen(ScreenKind::Menu), "saved");
        (void)talk.expect_screen(ScreenKind::SavedCode);
        talk.answer("ABCD-EFGH-JKLM-NPQR");
        (void)talk.expect<wire::CheckSavedCode>();
        verifier.say_bytes(packet);
        CHECK(falls_silent(verifier));
    }
}

TEST_CASE("a greeting of another version, or without a key, is refused") {
    VerifierHouse house;
    auto hello = house.hello(Surface::Console, 1);
    SECTION("version") {
        hello.version = wire::kVersion + 1;
    }
    SECTION("key") {
        hello.subkey = Secret{"short"};
    }
    SECTION("subject") {
        hello.subject.clear();
    }
    SECTION("gates") {
        hello.gates_needed = 0;
    }
    VerifierProcess verifier{house.files, "--login"};
    verifier.say(hello);
    CHECK(verifier.expect<wire::RecoveryFinish>().outcome == Outcome::Refused);
    CHECK(verifier.ended() == 1);
}

TEST_CASE("the claimant leaving ends the recovery, and the verifier says so") {
    VerifierHouse house;
    house.enrol_email();
    VerifierProcess verifier{house.files, "--login"};
    Talk talk{verifier};
    talk.say(house.hello(Surface::Console, 1));
    (void)talk.expect_screen(ScreenKind::Menu);
    talk.say(wire::Left{});
    CHECK(talk.expect<wire::RecoveryFinish>().outcome == Outcome::Refused);
    CHECK(verifier.ended() == 0);
}

TEST_CASE("a store that cannot be used refuses recovery, and harms nothing") {
    VerifierHouse house;
    SECTION("absent, and nowhere to be created") {
        house.files.store_directory = house.files.directory.file("not/there");
        house.files.store = house.files.store_directory + "/store.db";
        CHECK(refused_outcome(house) == Outcome::Refused);
        VerifierProcess admin{house.files, "--admin"};
        admin.say(wire::AdminHello{});
        CHECK(admin.expect<wire::AdminReply>().error.find("not/there") != std::string::npos);
    }
    SECTION("read-only") {
        house.enrol_email();
        ::chmod(house.files.store.c_str(), 0400);
        CHECK(refused_outcome(house) == Outcome::Refused);
        ::chmod(house.files.store.c_str(), 0600);
        CHECK(house.command(wire::AdminVerb::Status).at(0).at("methods").size() == 1);
    }
    SECTION("no database") {
        house.enrol_email();
        std::filesystem::remove(house.files.store + "-wal");
        std::ofstream{house.files.store, std::ios::trunc} << "no database at all\n";
        CHECK(refused_outcome(house) == Outcome::Refused);
    }
    SECTION("full") {
        house.enrol_email();
        constexpr rlim_t kNoGrowth = 1;
        CHECK(refused_outcome(house, kNoGrowth) == Outcome::Refused);
        CHECK(house.command(wire::AdminVerb::Status).at(0).at("methods").size() == 1);
    }
}

TEST_CASE("settings that are refused switch recovery off and are named to the administrator") {
    VerifierHouse house;
    house.files.write_settings("[recovery]\nlifetime = \"for ever\"\n");
    CHECK(refused_outcome(house) == Outcome::Refused);
    VerifierProcess admin{house.files, "--admin"};
    for (int question = 0; question < 3; ++question) {
        admin.say(wire::AdminHello{});
        const auto reply = admin.expect<wire::AdminReply>();
        CHECK(reply.last);
        CHECK(reply.exit_status == 1);
        CHECK(reply.error.find("latchkey.toml:2:") != std::string::npos);
    }
    admin.hang_up();
    CHECK(admin.ended() == 1);
    VerifierProcess delivery{house.files, "--deliver"};
    CHECK(delivery.expect<wire::DeliverFinish>().delivered == 0);
}

TEST_CASE("the verifier is confined before it has read a byte of the monitor's") {
    VerifierHouse house;
    VerifierProcess verifier{house.files, "--login"};
    REQUIRE(comes_true(
        [&verifier] { return line_of(verifier.pid(), "status", "Seccomp:") == "Seccomp:\t2"; }));
    CHECK(line_of(verifier.pid(), "status", "NoNewPrivs:") == "NoNewPrivs:\t1");
    CHECK(::getsid(verifier.pid()) == verifier.pid());
    const std::string core = line_of(verifier.pid(), "limits", "Max core file size");
    CHECK(core.find_first_of("123456789") == std::string::npos);
    CHECK(core.find("unlimited") == std::string::npos);
    verifier.hang_up();
    CHECK(ended_orderly(verifier));
}

TEST_CASE("arguments that are not understood start nothing") {
    VerifierHouse house;
    VerifierProcess verifier{house.files, "--serve-everybody"};
    CHECK(verifier.ended() == 2);
    CHECK_FALSE(std::ifstream{house.files.store}.is_open());
}
