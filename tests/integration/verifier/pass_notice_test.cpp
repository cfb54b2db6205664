// SPDX-License-Identifier: MIT
//
// What an account is told when root has issued a temporary pass for it.
#include "verifier/pass_notice.hpp"

#include <algorithm>

#include "adapters/sqlite_store/sqlite_store.hpp"
#include "tests/integration/verifier/verifier_house.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_store.hpp"
#include "tests/support/fake_vault.hpp"
#include "tests/support/recorded_events.hpp"

using namespace latchkey;
using nlohmann::json;
using wire::AdminVerb;

TEST_CASE(
    "a notice of a pass goes to every address, is audited, and holds neither pass nor reason") {
    VerifierHouse house;
    house.enrol_email();
    (void)house.command(AdminVerb::EnrolContact, "ada@example.net");
    const auto rows = house.command(AdminVerb::PassIssue);
    CHECK(rows == std::vector<json>{{{"notices", 2}}});
    std::string to;
    for (const wire::ChannelCall& call : house.deliver()) {
        to += call.to + ' ';
        const std::string_view text = call.text.reveal();
        CHECK(text.find("issued a temporary pass for your account") != text.npos);
        CHECK(text.find("Account: ada") != text.npos);
        CHECK(text.find("host.example.org") != text.npos);
        CHECK(text.find("Ends:    1970-01-01 00:00 UTC") != text.npos);
        CHECK(text.find("\n  latchkey deny ") != text.npos);
        CHECK(text.find("Then have it revoked") != text.npos);
    }
    CHECK(to.find("ada.lovelace@example.org") != to.npos);
    CHECK(to.find("ada@example.net") != to.npos);
    const auto store = SqliteStore::open(house.files.store);
    REQUIRE(store);
    const auto records = (*store)->audit(house.subject, 10).value();
    const auto issued = std::find_if(records.begin(), records.end(), [](const AuditRecord& record) {
        return record.event == "pass";
    });
    REQUIRE(issued != records.end());
    CHECK(issued->detail == "issued until=1970-01-01 00:00 UTC by root");
}

TEST_CASE("an account without an address has nobody told of a pass, and the record is kept") {
    VerifierHouse house;
    CHECK(house.command(AdminVerb::PassIssue) == std::vector<json>{{{"notices", 0}}});
    CHECK(house.deliver().empty());
    const auto store = SqliteStore::open(house.files.store);
    REQUIRE(store);
    CHECK((*store)->audit(house.subject, 10).value().front().event == "pass");
}

TEST_CASE("a store that fails queues no notice of a pass, and says what to look at") {
    FakeStore store;
    FakeVault vault;
    FakeClock clock;
    RecordedEvents log;
    const Settings settings;
    wire::AdminHello hello;
    hello.subject = "1001:ada";
    hello.subkey = Secret{std::string(Vault::kKeyBytes, 'k')};
    for (const std::size_t calls : {std::size_t{0}, std::size_t{1}}) {
        store.fail_once_after(calls, ErrorKind::Unavailable);
        const auto reply = announce_pass(hello, {settings, store, vault, clock, log});
        CHECK(reply.last);
        CHECK(reply.exit_status == 1);
        CHECK(reply.error.find("check /var/lib/latchkey") != std::string::npos);
        CHECK(store.outbox().empty());
    }
}

TEST_CASE("a recovery contact is told of a pass only where the account has no other address") {
    FakeStore store;
    FakeVault vault;
    FakeClock clock;
    RecordedEvents log;
    Settings settings;
    settings.methods["email"].label = "E-mail me";
    settings.methods["contact"].label = "E-mail my contact";
    settings.methods["contact"].recovery_contact = true;
    wire::AdminHello hello;
    hello.subject = "1001:ada";
    hello.account_name = "ada";
    hello.subkey = Secret{std::string(Vault::kKeyBytes, 'k')};
    const auto enrol = [&](const std::string& method, const std::string& address) {
        Contact contact;
        contact.method = method;
        contact.sealed_address =
            vault.seal(hello.subkey, contact_binding(hello.subject, contact), address);
        REQUIRE(store.enrol_contact(hello.subject, contact));
    };
    const auto told = [&] {
        const auto reply = announce_pass(hello, {settings, store, vault, clock, log});
        return std::string{reply.json.reveal()};
    };
    enrol("contact", "ben@example.net");
    CHECK(told() == R"({"notices":1})");
    REQUIRE(store.outbox().size() == 1);
    CHECK(store.outbox().back().method == "contact");
    enrol("email", "ada@example.org");
    CHECK(told() == R"({"notices":1})");
    CHECK(store.outbox().back().method == "email");
}
