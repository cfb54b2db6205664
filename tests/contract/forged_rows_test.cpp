// SPDX-License-Identifier: MIT
//
// A verifier that was taken over while it served ada has her key and may write what it
// likes into the store. What it writes about ben is worth nothing when ben recovers.
#include "tests/contract/forgers_town.hpp"

using namespace latchkey;
using namespace latchkey::contract;

TEST_CASE("without forged rows ben proves two gates and recovers", "[forged]") {
    Town town;
    CHECK(town.connect(kBensAddress, town.sent_code(), "1", town.otp()) == Outcome::Recovered);
    CHECK(town.acts.proofs == std::vector<std::string>{"email:example.org", "app"});
}

TEST_CASE("an address sealed with another account's key gets no code of ben's", "[forged]") {
    Town town;
    town.enrol(kThiefsAddress, town.adas_key);
    CHECK(town.connect(kThiefsAddress) == Outcome::Refused);
    CHECK(town.newest_code().empty());
    CHECK(town.log.has("cannot open a contact"));
}

TEST_CASE("an address copied under another name is the same gate", "[forged]") {
    Town town;
    town.forge(
        "INSERT INTO contact (subject, method, possession, sealed_address, confirmed_at,"
        " usable_from, gone_from) SELECT subject, method, 'email:other', sealed_address,"
        " confirmed_at, usable_from, gone_from FROM contact");
    static_cast<void>(town.prove_mail_alone());
    for (const MenuItem& item : town.seen.back().items) CHECK(item.method != "email");
}

TEST_CASE("a code hashed with another account's key is not ben's", "[forged]") {
    const bool is_bens_key = GENERATE(true, false);  // with his, it is one: the forgery is exact
    Town town;
    const NewRecovery opened{kBen,
                             true,
                             Reason::ForgotPassword,
                             town.request.service,
                             town.request.source,
                             2,
                             town.clock.now(),
                             town.clock.now() + town.settings.recovery_lifetime};
    const auto forge_and_type = [&](const Screen&) {
        const Digest digest = town.vault.digest(
            is_bens_key ? town.request.subkey : town.adas_key,
            "code|" + row_text({recovery_text(1, opened), "email", "email:example.org"}),
            "00000000");
        town.forge_digest("UPDATE code SET digest = ?1", digest);
        return std::string{"00000000"};
    };
    CHECK(town.connect(kBensAddress, ScriptedConversation::Line{forge_and_type}) ==
          Outcome::Refused);
    CHECK(town.acts.proofs.empty() != is_bens_key);
}

TEST_CASE("an app whose key another account's verifier sealed is none of ben's", "[forged]") {
    Town town;
    Authenticator app;
    app.confirmed_at = town.clock.now();
    app.sealed_key =
        town.vault.seal(town.adas_key, authenticator_binding(kBen, app), town.channels.key);
    REQUIRE(town.store.enrol_authenticator(kBen, app));
    CHECK(town.connect(kBensAddress, town.sent_code(), "1", town.otp()) != Outcome::Recovered);
    CHECK(town.log.has("cannot open an authenticator"));
    CHECK(town.acts.proofs == std::vector<std::string>{"email:example.org"});
    CHECK(town.acts.performed.empty());
}

TEST_CASE("a waiting time that was cut short in the store is not over", "[forged]") {
    Town town;
    town.enrol(kThiefsAddress, town.request.subkey, town.clock.now(), town.clock.now() + 168h);
    town.forge("UPDATE contact SET usable_from = 1");
    CHECK(town.connect(kThiefsAddress) == Outcome::Refused);
    CHECK(town.newest_code().empty());
    CHECK(town.alarms("cannot open a contact") == 2);
}

TEST_CASE("an address that was confirmed by hand in the store gets no code", "[forged]") {
    Town town;
    town.enrol(kThiefsAddress, town.request.subkey, TimePoint{}, town.clock.now());
    town.forge("UPDATE contact SET confirmed_at = usable_from WHERE confirmed_at = 0");
    CHECK(town.connect(kThiefsAddress) == Outcome::Refused);
    CHECK(town.newest_code().empty());
    CHECK(town.alarms("cannot open a contact") == 1);
}

TEST_CASE("an address under another method or possession than it was enrolled for is unusable",
          "[forged]") {
    const std::string change = GENERATE("method = 'letter'", "possession = 'email:other'");
    Town town;
    town.settings.methods["letter"] = {
        "Letter", MethodKind::Delivery, {"mail"}, std::chrono::minutes{10}};
    town.forge("UPDATE contact SET " + change);
    CHECK(town.connect(kBensAddress) == Outcome::Refused);
    CHECK(town.newest_code().empty());
    CHECK(town.alarms("cannot open a contact") == 1);
}

TEST_CASE("an address that stands twice in the store is one way and gets one notice", "[forged]") {
    Town town;
    town.request.surface = Surface::Console;
    town.forge_copy("contact", "id = id + 100");
    CHECK(town.connect("2", town.otp(), "1", town.sent_code()) == Outcome::Recovered);
    std::size_t addresses = 0;
    for (const MenuItem& item : town.seen.front().items)
        addresses += item.method == "email" ? 1 : 0;
    CHECK(addresses == 1);
    CHECK(town.alarms("found a contact twice") == 1);
    CHECK(town.log.has("notices=1"));
}

TEST_CASE("an app that was confirmed by hand in the store is none of ben's", "[forged]") {
    Town town;
    town.enrol_app(TimePoint{});
    town.forge("UPDATE authenticator SET confirmed_at = 1800000000");
    CHECK(town.connect(kBensAddress, town.sent_code(), "1", town.otp()) != Outcome::Recovered);
    CHECK(town.alarms("cannot open an authenticator") == 1);
}

TEST_CASE("the key of ben's app is no token's, whatever the store calls it", "[forged]") {
    Town town;
    town.settings.methods["hotp"] = {
        "Token", MethodKind::Verification, {"hotp"}, std::chrono::minutes{10}};
    town.settings.methods["hotp"].otp = OtpKind::Counter;
    town.forge("UPDATE authenticator SET method = 'hotp'");
    CHECK(town.connect(kBensAddress, town.sent_code(), "1", town.otp()) != Outcome::Recovered);
    CHECK(town.alarms("cannot open an authenticator") == 1);
}

TEST_CASE("an app that was not confirmed proves nothing", "[forged]") {
    Town town;
    town.enrol_app(TimePoint{});
    CHECK(town.connect(kBensAddress, town.sent_code(), "1", town.otp()) != Outcome::Recovered);
    CHECK(town.acts.performed.empty());
}

TEST_CASE("an OTP of a time that no app can have reached is told apart from a used one",
          "[forged]") {
    Town town;
    town.request.surface = Surface::Console;
    town.request.gates_needed = 1;
    town.acts.newest_step = 0;
    CHECK(town.connect("2", town.otp()) == Outcome::Refused);
    CHECK(town.log.has("refused an OTP that no app or token can have reached"));
    CHECK_FALSE(town.log.has("used before"));
}

TEST_CASE("an OTP that ben used is refused although the store has forgotten it", "[forged]") {
    Town town;
    town.request.surface = Surface::Console;
    town.request.gates_needed = 1;
    REQUIRE(town.connect("2", town.otp()) == Outcome::Recovered);
    town.forge("UPDATE authenticator SET last_step = 0");
    CHECK(town.connect("2", town.otp()) == Outcome::Refused);
    CHECK(town.acts.performed.size() == 1);
    CHECK(town.log.has("refused an OTP that was used before"));
    town.clock.advance(30s);
    CHECK(town.connect("2", town.otp()) == Outcome::Recovered);
}
