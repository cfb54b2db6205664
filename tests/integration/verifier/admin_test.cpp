// SPDX-License-Identifier: MIT
//
// The command's questions, answered by the real verifier on a real store.
#include <thread>

#include <SQLiteCpp/SQLiteCpp.h>

#include "adapters/sqlite_store/sqlite_store.hpp"
#include "core/channel_budget.hpp"
#include "core/printable.hpp"
#include "monitor/store_trail.hpp"
#include "tests/integration/verifier/verifier_house.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_store.hpp"
#include "tests/support/fake_vault.hpp"
#include "tests/support/recorded_events.hpp"
#include "verifier/otp_enrolment.hpp"
#include "verifier/serve_admin.hpp"

using namespace latchkey;
using nlohmann::json;
using wire::AdminVerb;

TEST_CASE("an enrolled address is told masked, and kept so that no file shows it") {
    VerifierHouse house;
    const auto rows = house.command(AdminVerb::EnrolContact, "Ada.Lovelace@EXAMPLE.org");
    REQUIRE(rows.size() == 1);
    CHECK(rows[0] == json{{"user", "ada"},
                          {"method", "email"},
                          {"destination", "A...e at e....org"},
                          {"notices", 0}});

    const auto status = house.command(AdminVerb::Status);
    REQUIRE(status.size() == 1);
    const json& methods = status[0].at("methods");
    REQUIRE(methods.size() == 1);
    CHECK(methods[0].at("method") == "email");
    CHECK(methods[0].at("possession") == "email:example.org");
    CHECK(methods[0].at("destination") == "A...e at e....org");
    CHECK(methods[0].at("usable_from").get<std::string>().size() ==
          std::string{"2026-11-24T03:45:11Z"}.size());
    for (const char* name : {"", "-wal"})
        CHECK(content_of(house.files.store + name).find("Lovelace") == std::string::npos);
    CHECK(house.audit_events() == std::vector<std::string>{"enrolment"});
}

TEST_CASE("an address is added once, also beside another one of its domain") {
    VerifierHouse house;
    for (const char* address : {"one@example.org", "two@example.org", "ONE@example.org"})
        (void)house.command(AdminVerb::EnrolContact, address);
    CHECK(house.command(AdminVerb::Status)[0].at("methods").size() == 2);
}

TEST_CASE("an account has ten addresses at most, and the ten can be renewed") {
    VerifierHouse house;
    const auto address = [](int i) { return "ada" + std::to_string(i) + "@example.org"; };
    for (int i = 0; i < 10; ++i) (void)house.command(AdminVerb::EnrolContact, address(i));
    CHECK(house.command(AdminVerb::EnrolContact, address(10)).empty());
    CHECK(house.refused.find("10 addresses") != std::string::npos);
    CHECK_FALSE(house.command(AdminVerb::EnrolContact, address(3)).empty());
    CHECK(house.command(AdminVerb::Status)[0].at("methods").size() == 10);
}

TEST_CASE("what is no plain address is refused with a sentence, and nothing is kept") {
    VerifierHouse house;
    const std::vector<std::string> hostile{"",
                                           "ada",
                                           "ada@",
                                           "@example.org",
                                           "ada@example",
                                           "ada@example.org\r\nBcc: eve@example.net",
                                           "ada@ex\x1b[2Jample.org",
                                           "ada@example.org,eve@example.net",
                                           "<ada@example.org>",
                                           "\"a b\"@example.org",
                                           "ada@[127.0.0.1]",
                                           std::string("ada\0@example.org", 16),
                                           std::string(3000, 'a') + "@example.org",
                                           "ada%n@example.org\n"};
    for (const std::string& address : hostile) {
        CAPTURE(address);
        CHECK(house.command(AdminVerb::EnrolContact, address).empty());
        CHECK(house.refused.find("not a plain e-mail address") != std::string::npos);
    }
    CHECK(house.command(AdminVerb::Status)[0].at("methods").empty());
}

TEST_CASE("an address is enrolled for a method that is configured, and only for one") {
    VerifierHouse house;
    for (const char* method : {"sms", "totp", "saved", "", "sms\n", "\x1b[2J"}) {
        CAPTURE(method);
        CHECK(house.command(AdminVerb::EnrolContact, "+491701234567", method).empty());
        CHECK(house.refused.find("sends codes here; add [method.") != std::string::npos);
        CHECK(is_printable(house.refused));
    }
    CHECK(house.command(AdminVerb::Status)[0].at("methods").empty());
}

TEST_CASE("a number is enrolled in the countries of its method, and nowhere else") {
    VerifierHouse house;
    house.files.write_settings(
        "[channel.modem]\nplugin = \"modem\"\n"
        "[method.sms]\nchannels = [\"modem\"]\ncountries = [\"+49\", \"+43\"]\n");
    CHECK(house.command(AdminVerb::EnrolContact, "+41 79 1234567", "sms").empty());
    CHECK(house.refused.find("numbers in +49, +43 only; give another") != std::string::npos);
    CHECK(house.command(AdminVerb::Status)[0].at("methods").empty());
    const auto enrolled = house.command(AdminVerb::EnrolContact, "+43 1 1234567", "sms");
    REQUIRE(enrolled.size() == 1);
    CHECK(enrolled[0].at("number") == "+4311234567");
}

TEST_CASE("a mailbox on this host itself is no contact: the lost password opens it") {
    VerifierHouse house;
    CHECK(house.command(AdminVerb::EnrolContact, "ada@host.example.org").empty());
    CHECK(house.refused.find("opens that mailbox") != std::string::npos);
}

TEST_CASE("an enrolled app gets its key once, as digits and as a URI that apps read") {
    VerifierHouse house;
    const auto rows = house.command(AdminVerb::EnrolAuthenticator);
    REQUIRE(rows.size() == 1);
    const auto key = rows[0].at("key_base32").get<std::string>();
    CHECK(key.size() == 32);
    CHECK(rows[0].at("uri") == "otpauth://totp/host.example.org:ada?secret=" + key +
                                   "&issuer=host.example.org&algorithm=SHA1&digits=6&period=30");
    const auto again = house.command(AdminVerb::EnrolAuthenticator);
    CHECK(again.at(0).at("key_base32") != key);
    const json methods = house.command(AdminVerb::Status)[0].at("methods");
    REQUIRE(methods.size() == 1);
    CHECK(methods[0].at("possession") == "app");
    CHECK(methods[0].dump().find(key) == std::string::npos);
}

TEST_CASE("a token is enrolled where a method checks its codes, in place of the app") {
    VerifierHouse house;
    house.enrol_totp();
    CHECK(house.command(AdminVerb::EnrolAuthenticator, "", "hotp").empty());
    CHECK(house.refused.find("no method checks such codes here; add [method.hotp]") !=
          std::string::npos);
    CHECK(house.command(AdminVerb::Status)[0].at("methods")[0].at("method") == "totp");

    house.files.write_settings(
        "[channel.hotp]\nplugin = \"hotp\"\nprofile = \"none\"\n"
        "[method.hotp]\nlabel = \"Token\"\nkind = \"verification\"\nchannels = [\"hotp\"]\n");
    const auto rows = house.command(AdminVerb::EnrolAuthenticator, "", "hotp");
    REQUIRE(rows.size() == 1);
    const auto key = rows[0].at("key_base32").get<std::string>();
    CHECK(rows[0].at("uri") == "otpauth://hotp/host.example.org:ada?secret=" + key +
                                   "&issuer=host.example.org&algorithm=SHA1&digits=6&counter=0");
    const json methods = house.command(AdminVerb::Status)[0].at("methods");
    REQUIRE(methods.size() == 1);
    CHECK(methods[0].at("method") == "hotp");
    CHECK(methods[0].at("possession") == "app");
}

TEST_CASE("a list of everybody names who is enrolled and the outbox's oldest message") {
    VerifierHouse house;
    house.enrol_email();
    house.subject = "1002:bob";
    house.enrol_totp();
    house.subject.clear();
    const auto rows = house.command(AdminVerb::Status);
    CHECK(house.refused.empty());
    CHECK(rows == std::vector<json>{{{"subject", "1001:ada"}},
                                    {{"subject", "1002:bob"}},
                                    {{"outbox_oldest_due", nullptr}}});
}

TEST_CASE("the store's trail is read out page by page, and what was altered is said to be") {
    VerifierHouse house;
    house.enrol_email();
    {
        const auto opened = SqliteStore::open(house.files.store);
        REQUIRE(opened);
        const auto& store = *opened;
        for (std::uint32_t i = 0; i < wire::kTrailPage; ++i)
            REQUIRE(store->append_audit({TimePoint{}, "delivery", "1001:ada", "\xff\n"}));
        REQUIRE(store->append_audit({TimePoint{}, std::string(5000, '\x01'),
                                     std::string(5000, '\x01'), std::string(5000, '\x01')}));
    }
    SQLite::Database{house.files.store, SQLite::OPEN_READWRITE}.exec(
        "UPDATE audit SET detail = 'enrolled email by eve' WHERE id = 1;"
        "DELETE FROM audit WHERE id = 7");
    VerifierProcess verifier{house.files, "--admin"};
    StoreTrail trail;
    while (!trail.is_complete()) {
        wire::AdminHello hello;
        hello.verb = AdminVerb::AuditVerify;
        hello.after = trail.after();
        verifier.say(hello);
        std::vector<json> page;
        bool is_last = false;
        while (!is_last) {
            const auto reply = verifier.expect<wire::AdminReply>();
            REQUIRE(reply.error.empty());
            page.push_back(json::parse(reply.json.reveal()));
            is_last = reply.last;
        }
        REQUIRE(trail.take(page));
    }
    CHECK(trail.rows() == wire::kTrailPage + 1);
    const auto& faults = trail.findings().faults();
    REQUIRE(faults.size() == 3);
    CHECK(faults[0] == "row 1 of the store was changed, or put in the place of another");
    CHECK(faults[1] == "row 7 of the store is missing: taken out of the trail");
    CHECK(faults[2].find("which latchkey never writes") != std::string::npos);
}

TEST_CASE("a channel in trouble is told to the command, with the time of its first failure") {
    VerifierHouse house;
    house.subject.clear();
    CHECK(house.probe(wire::ChannelOutcome::Temporary));
    CHECK_FALSE(house.probe(wire::ChannelOutcome::Temporary));  // within the minute
    CHECK(house.command(AdminVerb::Status).size() == 1);

    // The probe before, as the store has it after a minute.
    VerifierHouse later;
    later.subject.clear();
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto store = SqliteStore::open(later.files.store);
    REQUIRE(store);
    REQUIRE((*store)->begin_probe("email", now - std::chrono::minutes{1}).value());
    REQUIRE((*store)->record_probe("email", false, now - std::chrono::minutes{1}));
    CHECK(later.probe(wire::ChannelOutcome::Temporary));
    const auto rows = later.command(AdminVerb::Status);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].at("channel") == "email");
    CHECK(rows[0].at("failing_since").get<std::string>().size() == 20);
    CHECK(rows[1].contains("outbox_oldest_due"));
}

TEST_CASE("what the channels with a budget have carried is told to the command") {
    VerifierHouse house;
    house.subject.clear();
    CHECK(house.command(AdminVerb::Budgets).empty());
    CHECK(house.refused.empty());

    house.files.write_settings("[channel.email]\nper_hour = 5\n");
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto store = SqliteStore::open(house.files.store);
    REQUIRE(store);
    for (const auto ago : {std::chrono::minutes{1}, std::chrono::minutes{61}})
        REQUIRE((*store)->charge_attempt(carrying("email", {5, 0}).attempt, {}, now - ago));
    CHECK(house.command(AdminVerb::Budgets) ==
          std::vector<json>{{{"channel", "email"}, {"last_hour", 1}, {"last_day", 2}}});
}

TEST_CASE("a verifier that probes asks for no key, whatever waits in the outbox") {
    VerifierHouse house;
    house.enrol_email();
    VerifierProcess login{house.files, "--login"};
    Talk talk{login};
    talk.say(house.hello(Surface::Console, 1));
    talk.choose(talk.expect_screen(ScreenKind::Menu), "email");
    (void)talk.expect_screen(ScreenKind::Code);
    CHECK(house.probe(wire::ChannelOutcome::Accepted));
    CHECK(house.deliver().size() == 1);
}

TEST_CASE("one verifier answers one question after the other, each with its own key") {
    VerifierHouse house;
    house.enrol_email();
    VerifierProcess verifier{house.files, "--admin"};
    wire::AdminHello hello;
    hello.subject = house.subject;
    hello.subkey = house.subkey();
    verifier.say(hello);
    CHECK(verifier.expect<wire::AdminReply>().json.reveal().find("a...e at e....org") !=
          std::string_view::npos);
    hello.subkey = Secret{std::string(Vault::kKeyBytes, 'x')};
    verifier.say(hello);
    CHECK(verifier.expect<wire::AdminReply>().json.reveal().find("unreadable") !=
          std::string_view::npos);
    verifier.hang_up();
    CHECK(verifier.ended() == 0);
}

TEST_CASE("a long list waits for a monitor that reads slowly") {
    constexpr int kPeople = 1500;  // several times what the socket holds
    FakeStore store;
    for (int i = 0; i < kPeople; ++i)
        REQUIRE(store.enrol_authenticator(std::to_string(2000 + i) + ":person", {}));
    FakeVault vault;
    FakeClock clock;
    RecordedEvents log;
    const Settings settings;
    auto ends = Seqpacket::make_pair();
    REQUIRE(ends);
    std::jthread verifier{[&, end = std::move(ends->second)]() mutable {
        MonitorLink monitor{std::move(end)};
        serve_admin(monitor, {settings, store, vault, clock, log});
    }};
    Seqpacket& link = ends->first;
    REQUIRE(link.send_message(wire::AdminHello{}));
    int rows = 0;
    for (bool last = false; !last; ++rows) {
        const auto reply = link.receive_message<wire::AdminReply>(std::chrono::steady_clock::now() +
                                                                  std::chrono::seconds{10});
        if (!reply) break;
        last = reply->last;
    }
    link.close();
    CHECK(rows == kPeople + 1);
}

TEST_CASE("what the verifier cannot do for the command is refused with a sentence") {
    VerifierHouse house;
    CHECK(house.command(AdminVerb::PassRevoke).empty());
    CHECK_FALSE(house.refused.empty());
    CHECK(house.command(AdminVerb::PassList).empty());
    CHECK_FALSE(house.refused.empty());
    house.subject.clear();
    CHECK(house.command(AdminVerb::EnrolAuthenticator).empty());
    CHECK_FALSE(house.refused.empty());
}

TEST_CASE("a URI percent-encodes what host and account may not hold") {
    const Secret uri = otpauth_uri(OtpKind::Time, "my host", "a:b@c&secret=x", Secret{"ABC"});
    CHECK(uri.reveal() ==
          "otpauth://totp/my%20host:a%3Ab%40c%26secret%3Dx?secret=ABC&issuer=my%20host"
          "&algorithm=SHA1&digits=6&period=30");
}

TEST_CASE("keys are 20 bytes, and base 32 is that of RFC 4648 without its padding") {
    FakeVault vault;
    CHECK(fresh_otp_key(vault).size() == kOtpKeyBytes);
    CHECK((*base32(Secret{"foobar"})).reveal() == "MZXW6YTBOI");
    CHECK((*base32(Secret{"12345678901234567890"})).reveal() == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}
