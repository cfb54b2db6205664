// SPDX-License-Identifier: MIT
//
// Ben's enrolments in a real store, and a forger who may write what he likes into it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "adapters/sodium_vault/sodium_vault.hpp"
#include "core/codes.hpp"
#include "core/masks.hpp"
#include "core/outbox_message.hpp"
#include "core/recovery_runner.hpp"
#include "core/row_tags.hpp"
#include "tests/contract/store_under_test.hpp"
#include "tests/support/fake_acts.hpp"
#include "tests/support/fake_channels.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/scripted_conversation.hpp"

namespace latchkey::contract {

inline const std::string kBen = "1002:ben";
inline const std::string kBensAddress = "ben@example.org";
inline const std::string kThiefsAddress = "thief@example.com";

// ben over ssh, where two gates are asked for: real store, real vault.
struct Town : OnSqlite {
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
        enrol_app(clock.now());
    }

    void enrol_app(TimePoint confirmed_at) {
        Authenticator app;
        app.confirmed_at = confirmed_at;
        app.sealed_key = vault.seal(request.subkey, authenticator_binding(kBen, app), channels.key);
        REQUIRE(store.enrol_authenticator(kBen, app));
    }

    void enrol(const std::string& address, const Secret& key) {
        enrol(address, key, clock.now(), clock.now());
    }
    void enrol(const std::string& address, const Secret& key, TimePoint confirmed_at,
               TimePoint usable_from) {
        Contact contact;
        contact.method = "email";
        contact.possession = possession_of_address(address);
        contact.confirmed_at = confirmed_at;
        contact.usable_from = usable_from;
        contact.sealed_address = vault.seal(key, contact_binding(kBen, contact), address);
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

    // Rows of `table` once more, with other values in them and all else as it was.
    void forge_copy(const std::string& table, const std::string& change) {
        forge("CREATE TEMP TABLE forged AS SELECT * FROM " + table + "; UPDATE temp.forged SET " +
              change + "; INSERT INTO " + table + " SELECT * FROM temp.forged");
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
    template <class... Lines>
    Outcome resume(const std::string& resume_code, Lines... lines) {
        request.resume_code = resume_code;
        const Outcome outcome = connect(lines...);
        request.resume_code.clear();
        return outcome;
    }
    [[nodiscard]] std::size_t alarms(std::string_view part) const {
        std::size_t count = 0;
        for (const auto& [severity, event] : log.events)
            if (severity == Severity::Alarm && event.find(part) != std::string::npos) ++count;
        return count;
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

}  // namespace latchkey::contract
