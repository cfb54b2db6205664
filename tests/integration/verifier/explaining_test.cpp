// SPDX-License-Identifier: MIT
//
// What each way of an account proves now, by a verifier on the real store.
#include "verifier/explaining.hpp"

#include <nlohmann/json.hpp>

#include "adapters/sodium_vault/sodium_vault.hpp"
#include "core/limits.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_store.hpp"
#include "tests/support/recorded_events.hpp"

using namespace latchkey;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

struct Desk {
    Desk() {
        hello.verb = wire::AdminVerb::Explain;
        hello.subject = "1001:ada";
        hello.subkey = Secret{std::string(Vault::kKeyBytes, 'k')};
        settings.methods["email"].channels = {"smtp"};
        settings.channels["smtp"];
        settings.methods["totp"].kind = MethodKind::Verification;
    }

    void enrol_address(TimePoint confirmed_at, TimePoint usable_from) {
        Contact contact{0, "email", "email:example.org", "", confirmed_at, usable_from};
        contact.sealed_address =
            vault.seal(hello.subkey, contact_binding(hello.subject, contact), "ada@example.org");
        REQUIRE(store.enrol_contact(hello.subject, contact));
    }
    void enrol_app() {
        Authenticator app{"", 0, clock.now()};
        app.sealed_key = vault.seal(hello.subkey, authenticator_binding(hello.subject, app), "key");
        REQUIRE(store.enrol_authenticator(hello.subject, app));
    }
    void guess(const std::string& source, AttemptKind kind, const std::string& method) {
        const auto charge =
            store.charge_attempt({hello.subject, source, kind, method}, {}, clock.now());
        REQUIRE(charge);
        REQUIRE(store.settle_attempt(charge->id, AttemptResult::Wrong));
    }
    json ways() {
        const auto reply = explain_ways(hello, {settings, store, vault, clock, log});
        INFO(reply.error);
        REQUIRE(reply.error.empty());
        return json::parse(reply.json.reveal()).at("ways");
    }
    json way(const std::string& method, const std::string& surface) {
        for (const json& each : ways())
            if (each.at("method") == method && each.at("surface") == surface) return each;
        FAIL("no such way");
        return {};
    }
    std::string rule(const std::string& method, const std::string& surface) {
        return way(method, surface).at("rule");
    }

    Settings settings;
    FakeStore store;
    SodiumVault vault;
    FakeClock clock;
    RecordedEvents log;
    wire::AdminHello hello;
};

}  // namespace

TEST_CASE("what is enrolled works at both surfaces, and what is not is said to be missing") {
    Desk desk;
    desk.enrol_address(desk.clock.now(), desk.clock.now());
    CHECK(desk.way("email", "console") == json{{"method", "email"},
                                               {"destination", "a...a at e....org"},
                                               {"possession", "email:example.org"},
                                               {"surface", "console"},
                                               {"works", true},
                                               {"rule", ""},
                                               {"until", nullptr},
                                               {"minutes", 0},
                                               {"not_working", false}});
    CHECK(desk.way("email", "remote").at("works") == true);
    CHECK(desk.rule("totp", "console") == "not_enrolled");
    CHECK(desk.way("totp", "remote").at("works") == false);
}

TEST_CASE("an address that waits, has expired or does not open proves nothing") {
    Desk desk;
    const TimePoint now = desk.clock.now();
    SECTION("it waits") {
        desk.enrol_address(now, now + 24h);
        CHECK(desk.rule("email", "console") == "hold");
        CHECK(desk.way("email", "console").at("until").is_string());
    }
    SECTION("nobody has confirmed it") {
        desk.enrol_address(now - std::chrono::days{731}, now - std::chrono::days{731});
        CHECK(desk.rule("email", "console") == "expired");
    }
    SECTION("it is of another key") {
        desk.enrol_address(now, now);
        desk.hello.subkey = Secret{std::string(Vault::kKeyBytes, 'x')};
        CHECK(desk.rule("email", "console") == "unreadable");
    }
}

TEST_CASE("the limit that a surface has reached is named, and the other surface works") {
    Desk desk;
    desk.enrol_address(desk.clock.now(), desk.clock.now());
    desk.enrol_app();
    for (std::uint32_t i = 0; i < desk.settings.limits.wrong_per_hour; ++i)
        desk.guess("192.0.2.7", AttemptKind::Otp, "totp");
    CHECK(desk.rule("totp", "remote") == "limits.wrong_per_hour");
    CHECK(desk.way("totp", "remote").at("minutes") == 60);
    CHECK(desk.rule("email", "remote") == "limits.wrong_per_hour");  // guesses count together
    CHECK(desk.rule("totp", "console").empty());
    desk.clock.advance(61min);
    CHECK(desk.rule("totp", "remote").empty());
    for (std::uint32_t i = 0; i < desk.settings.limits.sends_per_day; ++i)
        desk.guess("console:tty1", AttemptKind::Send, "email");
    CHECK(desk.rule("email", "console").starts_with("limits.sends_per_"));
    CHECK(desk.rule("totp", "console").empty());
}

TEST_CASE("a used up budget of every channel of a method is the reason that is told") {
    Desk desk;
    desk.enrol_address(desk.clock.now(), desk.clock.now());
    desk.settings.channels["smtp"].budget = {1, 0};
    CHECK(desk.rule("email", "console").empty());
    REQUIRE(desk.store.charge_attempt({"channel:smtp", "", AttemptKind::Carry, ""}, {},
                                      desk.clock.now()));
    CHECK(desk.rule("email", "console") == "budget");
    desk.settings.channels["second"];
    desk.settings.methods["email"].channels.push_back("second");
    CHECK(desk.rule("email", "console").empty());
}

TEST_CASE("to explain counts nothing, and a store that fails is told") {
    Desk desk;
    desk.enrol_app();
    for (int i = 0; i < 50; ++i) (void)desk.ways();
    CHECK(desk.rule("totp", "remote").empty());
    desk.store.fail_with(ErrorKind::Unavailable);
    const auto reply =
        explain_ways(desk.hello, {desk.settings, desk.store, desk.vault, desk.clock, desk.log});
    CHECK(reply.error.find("cannot look at the account") == 0);
}
