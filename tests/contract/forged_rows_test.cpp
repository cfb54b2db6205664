// SPDX-License-Identifier: MIT
//
// A verifier that was taken over while it served ada has her key and may write what it
// likes into the store. What it writes about ben is worth nothing when ben recovers.
#include <SQLiteCpp/SQLiteCpp.h>

#include "adapters/sodium_vault/sodium_vault.hpp"
#include "core/codes.hpp"
#include "core/masks.hpp"
#include "core/outbox_message.hpp"
#include "core/recovery_runner.hpp"
#include "tests/contract/store_under_test.hpp"
#include "tests/support/fake_acts.hpp"
#include "tests/support/fake_channels.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/scripted_conversation.hpp"

using namespace latchkey;

namespace {

const std::string kBen = "1002:ben";
const std::string kBensAddress = "ben@example.org";
const std::string kThiefsAddress = "thief@example.com";

// ben over ssh, where two gates are asked for: real store, real vault.
struct Town : contract::OnSqlite {
    SodiumVault vault;
    FakeChannels channels;
    FakeActs acts;
    FakeClock clock;
    RecordedEvents log;
    Settings settings;
    RecoveryRequest request;
    const Secret adas_key{std::string(Vault::kKeyBytes, 'a')};
    std::vector<Screen> seen;

    Town() {
        settings.human_check.when = HumanCheckWhen::Off;
        settings.methods["email"] = {
            "E-mail", MethodKind::Delivery, {"mail"}, std::chrono::minutes{10}};
        settings.methods["totp"] = {
            "App", MethodKind::Verification, {"totp"}, std::chrono::minutes{10}};
        request.subject = kBen;
        request.deliverable = true;
        request.subkey = Secret{std::string(Vault::kKeyBytes, 'b')};
        request.account_name = "ben";
        request.host_name = "tower";
        request.surface = Surface::Remote;
        request.gates_needed = 2;
        request.service = "sshd";
        request.source = "192.0.2.7";
        enrol(kBensAddress, request.subkey);
        Authenticator app;
        app.sealed_key = vault.seal(request.subkey, authenticator_binding(kBen), channels.key);
        app.confirmed_at = clock.now();
        REQUIRE(store.enrol_authenticator(kBen, app));
    }

    void enrol(const std::string& address, const Secret& key) {
        Contact contact;
        contact.method = "email";
        contact.possession = possession_of_address(address);
        contact.sealed_address = vault.seal(key, contact_binding(kBen, "email"), address);
        contact.confirmed_at = contact.usable_from = clock.now();
        REQUIRE(store.enrol_contact(kBen, contact));
    }
    void forge(const std::string& sql) {
        SQLite::Database{directory.file("store.db"), SQLite::OPEN_READWRITE}.exec(sql);
    }
    void forge_digest(const std::string& sql, const Digest& digest) {
        SQLite::Database database{directory.file("store.db"), SQLite::OPEN_READWRITE};
        SQLite::Statement statement{database, sql};
        statement.bind(1, digest.data(), static_cast<int>(digest.size()));
        CHECK(statement.exec() >= 1);
    }

    template <class... Lines>
    Outcome connect(Lines... lines) {
        ScriptedConversation conversation{acts};
        (conversation.answers(lines), ...);
        request.lease += '+';
        const RecoveryEnd end = run_recovery(
            request, settings, {store, vault, channels, conversation, acts, clock, log});
        seen = conversation.seen;
        return end.outcome;
    }
    // The code in the message to ben; empty if none was sent.
    [[nodiscard]] ScriptedConversation::Line sent_code() {
        return [this](const Screen&) { return newest_code(); };
    }
    std::string newest_code() {
        std::string code;
        const auto rows = store.claim_due(clock.now(), clock.now(), 64).value();
        for (const OutboxRow& row : rows) {
            const auto plain = vault.unseal(vault.derive(request.subkey, "outbox"),
                                            outbox_binding(row), row.sealed);
            if (row.purpose != OutboxPurpose::Code || !plain) continue;
            const std::string text{decode_outbox_message(*plain)->text.reveal()};
            code = text.substr(text.find("code: ") + 6, 9);
        }
        return code;
    }
    [[nodiscard]] ScriptedConversation::Line otp() {
        return [this](const Screen&) {
            return FakeChannels::otp_at(FakeChannels::step_at(clock.now()));
        };
    }

    // Who reads ben's mail proves that, and is cut off; the resume code.
    std::string prove_mail_alone() {
        REQUIRE(connect(kBensAddress, sent_code()) == Outcome::Refused);
        REQUIRE(acts.proofs == std::vector<std::string>{"email:example.org"});
        REQUIRE_FALSE(seen.back().resume_code.empty());
        return seen.back().resume_code;
    }
};

}  // namespace

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
        " usable_from) SELECT subject, method, 'email:other', sealed_address,"
        " confirmed_at, usable_from FROM contact");
    static_cast<void>(town.prove_mail_alone());
    for (const MenuItem& item : town.seen.back().items) CHECK(item.method != "email");
}

TEST_CASE("a code hashed with another account's key is not ben's", "[forged]") {
    Town town;
    const auto forge_and_type = [&](const Screen&) {
        const Digest digest =
            town.vault.digest(town.adas_key, "code|1|email|email:example.org", "00000000");
        town.forge_digest("UPDATE code SET digest = ?1", digest);
        return std::string{"00000000"};
    };
    CHECK(town.connect(kBensAddress, ScriptedConversation::Line{forge_and_type}) ==
          Outcome::Refused);
    CHECK(town.acts.proofs.empty());
}

TEST_CASE("an app whose key another account's verifier sealed is none of ben's", "[forged]") {
    Town town;
    Authenticator app;
    app.sealed_key = town.vault.seal(town.adas_key, authenticator_binding(kBen), town.channels.key);
    app.confirmed_at = town.clock.now();
    REQUIRE(town.store.enrol_authenticator(kBen, app));
    CHECK(town.connect(kBensAddress, town.sent_code(), "1", town.otp()) != Outcome::Recovered);
    CHECK(town.log.has("cannot open an authenticator"));
    CHECK(town.acts.proofs == std::vector<std::string>{"email:example.org"});
    CHECK(town.acts.performed.empty());
}
