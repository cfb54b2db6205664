// SPDX-License-Identifier: MIT
//
// A verifier that serves an import, on a store in memory, and the monitor's end of its socket.
#pragma once

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "adapters/sodium_vault/sodium_vault.hpp"
#include "core/wire/batches.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_store.hpp"
#include "tests/support/recorded_events.hpp"
#include "verifier/serve_admin.hpp"

namespace latchkey {

inline const std::string kKey = "12345678901234567890";

inline Secret subkey_of(const SubjectKey& subject) {
    return SodiumVault{}.derive(Secret{std::string(Vault::kKeyBytes, 'm')}, subject);
}

inline wire::ImportEntry row(std::uint32_t line, const std::string& user, const std::string& method,
                             const std::string& address) {
    wire::ImportEntry entry;
    entry.line = line;
    entry.subject = "1001:" + user;
    entry.account_name = user;
    entry.subkey = subkey_of(entry.subject);
    entry.method = method;
    entry.address = address;
    return entry;
}

inline wire::ImportEntry key_row(std::uint32_t line, const std::string& user,
                                 const std::string& method, const std::string& key = kKey,
                                 std::uint64_t counter = 0) {
    wire::ImportEntry entry = row(line, user, method, "");
    entry.key = Secret{std::string_view{key}};
    entry.counter = counter;
    return entry;
}

template <class... Row>
std::vector<wire::ImportEntry> rows(Row... each) {
    std::vector<wire::ImportEntry> all;
    (all.push_back(std::move(each)), ...);
    return all;
}

struct Answer {
    std::vector<nlohmann::json> rows;
    std::string refused;

    [[nodiscard]] const nlohmann::json& sum() const { return rows.back(); }
    // The problems of that line.
    [[nodiscard]] std::string of_line(std::uint32_t line) const {
        std::string text;
        for (const nlohmann::json& row : rows)
            if (row.value("line", 0U) == line) text += row.value("problem", "");
        return text;
    }
};

inline Answer read_answer(Seqpacket& link) {
    Answer answer;
    for (;;) {
        auto reply = link.receive_message<wire::AdminReply>(std::chrono::steady_clock::now() +
                                                            std::chrono::seconds{20});
        REQUIRE(reply);
        if (!reply->json.empty())
            answer.rows.push_back(nlohmann::json::parse(reply->json.reveal()));
        if (!reply->last) continue;
        answer.refused = reply->error;
        return answer;
    }
}

struct ImportDesk {
    ImportDesk() {
        MethodSettings mail;
        settings.methods["email"] = mail;
        MethodSettings sms;
        sms.medium = Medium::Text;
        sms.countries = {"+49"};
        settings.methods["sms"] = sms;
        MethodSettings app;
        app.kind = MethodKind::Verification;
        settings.methods["totp"] = app;
        app.otp = OtpKind::Counter;
        settings.methods["token"] = app;
    }

    Answer import(std::vector<wire::ImportEntry> entries, bool write = true) {
        auto ends = Seqpacket::make_pair();
        REQUIRE(ends);
        std::jthread verifier{[this, end = std::move(ends->second)]() mutable {
            MonitorLink monitor{std::move(end)};
            serve_admin(monitor, {settings, store, vault, clock, log});
        }};
        Seqpacket& link = ends->first;
        wire::AdminHello hello;
        hello.verb = wire::AdminVerb::Import;
        hello.host_name = "host.example.org";
        REQUIRE(link.send_message(hello));
        Answer answer = read_answer(link);
        if (answer.refused.empty()) {
            send(link, std::move(entries), write);
            answer = read_answer(link);
        }
        link.close();
        return answer;
    }

    static void send(Seqpacket& link, std::vector<wire::ImportEntry> entries, bool write) {
        const auto leave = [&link](const wire::ImportEntries& message) {
            while (!link.send_message(message)) std::this_thread::yield();
            return true;
        };
        wire::Batches<wire::ImportEntries, decltype(leave)> batches{leave};
        for (wire::ImportEntry& entry : entries) REQUIRE(batches.add(std::move(entry)));
        wire::ImportEntries end;
        end.write = write;
        end.import = "0123456789abcdef";
        REQUIRE(batches.finish(std::move(end)));
    }

    std::string address(const SubjectKey& subject, std::size_t place) {
        const Contact contact = store.contacts(subject).value().at(place);
        return std::string{vault
                               .unseal(subkey_of(subject), contact_binding(subject, contact),
                                       contact.sealed_address)
                               .value()
                               .reveal()};
    }

    Settings settings;
    FakeStore store;
    SodiumVault vault;
    FakeClock clock;
    RecordedEvents log;
};

}  // namespace latchkey
