// SPDX-License-Identifier: MIT
//
// What an account is told when root has issued a temporary pass for it, ends its lockout, or adds
// a way back.
#include "verifier/event_notice.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "adapters/sqlite_store/sqlite_store.hpp"
#include "adapters/system/seqpacket.hpp"
#include "config/settings_reader.hpp"
#include "core/outbox_message.hpp"
#include "tests/integration/verifier/verifier_house.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_store.hpp"
#include "tests/support/fake_vault.hpp"
#include "tests/support/recorded_events.hpp"
#include "verifier/monitor_link.hpp"
#include "verifier/serve_admin.hpp"

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
    hello.verb = AdminVerb::PassIssue;
    hello.subject = "1001:ada";
    hello.subkey = Secret{std::string(Vault::kKeyBytes, 'k')};
    for (const std::size_t calls : {std::size_t{0}, std::size_t{1}}) {
        store.fail_once_after(calls, ErrorKind::Unavailable);
        const auto reply = announce_event(hello, {settings, store, vault, clock, log});
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
    hello.verb = AdminVerb::PassIssue;
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
        const auto reply = announce_event(hello, {settings, store, vault, clock, log});
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

TEST_CASE("a notice of a lockout that the administrator ends can be denied with its code") {
    VerifierHouse house;
    house.enrol_email();
    CHECK(house.command(AdminVerb::Unlock) == std::vector<json>{{{"notices", 1}}});
    const auto calls = house.deliver();
    REQUIRE(calls.size() == 1);
    const std::string_view text = calls.front().text.reveal();
    CHECK(text.find("ends the lockout of your account") != text.npos);
    CHECK(text.find("The password stays as it is.") != text.npos);
    const auto at = text.find("\n  latchkey deny ");
    REQUIRE(at != text.npos);
    const auto store = SqliteStore::open(house.files.store);
    REQUIRE(store);
    const auto changes = (*store)->changes(house.subject, {}).value();
    REQUIRE(changes.size() == 1);
    CHECK(changes.front().kind == ChangeKind::Unlock);
    const auto records = (*store)->audit(house.subject, 10).value();
    CHECK(std::any_of(records.begin(), records.end(), [](const AuditRecord& record) {
        return record.event == "unlock" && record.detail == "lockout ended by root";
    }));
}

TEST_CASE("who has an address is told there of every way that the administrator adds") {
    VerifierHouse house;
    house.enrol_email();
    CHECK(house.deliver_all().empty());
    (void)house.command(AdminVerb::EnrolContact, "ada@example.net");
    auto calls = house.deliver_all();
    REQUIRE(calls.size() == 1);
    CHECK(calls.front().to == "ada.lovelace@example.org");
    std::string_view text = calls.front().text.reveal();
    CHECK(text.find("The administrator has added the e-mail address a...a at e....net") !=
          text.npos);
    CHECK(text.find("latchkey deny") == text.npos);
    CHECK(house.command(AdminVerb::NewCodes) == std::vector<json>{{{"notices", 2}}});
    calls = house.deliver_all();
    REQUIRE(calls.size() == 2);
    text = calls.front().text.reveal();
    CHECK(text.find("The administrator has added new recovery codes") != text.npos);
}

namespace {

// A verifier in this process, upon a store in memory, that root asks about ada.
struct Asked {
    FakeStore store;
    FakeVault vault;
    FakeClock clock;
    RecordedEvents log;
    Settings settings = shipped_settings();
    wire::AdminHello hello;

    Asked() {
        hello.subject = "1001:ada";
        hello.account_name = "ada";
        hello.host_name = "host.example.org";
        hello.subkey = Secret{std::string(Vault::kKeyBytes, 'k')};
    }
    // The sentence of a refusal; empty if there is none.
    std::string refusal_of(AdminVerb verb, const std::string& method, const std::string& address) {
        hello.verb = verb;
        hello.method = method;
        hello.address = address;
        auto ends = Seqpacket::make_pair();
        REQUIRE(ends);
        REQUIRE(ends->first.send_message(hello));
        std::jthread verifier{[this, end = std::move(ends->second)]() mutable {
            MonitorLink monitor{std::move(end)};
            serve_admin(monitor, {settings, store, vault, clock, log});
        }};
        const auto reply = ends->first.receive_message<wire::AdminReply>(
            std::chrono::steady_clock::now() + std::chrono::seconds{10});
        ends->first.close();
        REQUIRE(reply);
        return reply->error;
    }
    void enrol(const std::string& address) {
        REQUIRE(refusal_of(AdminVerb::EnrolContact, "email", address).empty());
    }
    // To whom the notices went that have a code to deny with.
    std::vector<std::string> who_may_deny() const {
        std::vector<std::string> found;
        const Secret key = vault.derive(hello.subkey, "outbox");
        for (const OutboxRow& row : store.outbox()) {
            const auto plain = vault.unseal(key, outbox_binding(row), row.sealed);
            const auto message = plain ? decode_outbox_message(*plain) : std::nullopt;
            REQUIRE(message.has_value());
            if (message->text.reveal().find("latchkey deny ") != std::string_view::npos)
                found.push_back(message->to);
        }
        return found;
    }
};

}  // namespace

TEST_CASE("a way is not added where those there are cannot be told") {
    Asked root;
    root.enrol("ada@example.org");
    SECTION("an address") {
        root.store.fail_once_after(2, ErrorKind::Unavailable);  // the notices
        CHECK(root.refusal_of(AdminVerb::EnrolContact, "email", "ada@example.net")
                  .find("cannot tell the addresses there are") == 0);
    }
    SECTION("an app") {
        root.store.fail_once_after(1, ErrorKind::Unavailable);
        CHECK(root.refusal_of(AdminVerb::EnrolAuthenticator, "totp", "")
                  .find("cannot tell the addresses there are") == 0);
    }
    SECTION("codes, of which the root side then makes none") {
        root.store.fail_once_after(1, ErrorKind::Unavailable);
        CHECK(root.refusal_of(AdminVerb::NewCodes, "", "").find("cannot queue the notices") == 0);
    }
    CHECK(root.store.has_failed_once());
    CHECK(root.store.contacts("1001:ada").value().size() == 1);
    CHECK(root.store.authenticators("1001:ada").value().empty());
    CHECK(root.store.outbox().empty());
}

TEST_CASE("an address that has expired is told of an unlock, and denies it only if it is alone") {
    Asked root;
    root.enrol("old@example.org");
    root.clock.advance(root.settings.security_info.expires_after + std::chrono::hours{1});
    SECTION("alone") {
        REQUIRE(root.refusal_of(AdminVerb::Unlock, "", "").empty());
        CHECK(root.who_may_deny() == std::vector<std::string>{"old@example.org"});
    }
    SECTION("beside another") {
        root.enrol("new@example.org");
        REQUIRE(root.refusal_of(AdminVerb::Unlock, "", "").empty());
        CHECK(root.who_may_deny() == std::vector<std::string>{"new@example.org"});
    }
}

TEST_CASE("a contact learns that a way was added, and not which") {
    Asked root;
    root.settings.methods["contact"] = root.settings.methods["email"];
    root.settings.methods["contact"].recovery_contact = true;
    REQUIRE(root.refusal_of(AdminVerb::EnrolContact, "contact", "ben@example.net").empty());
    root.enrol("ada@example.org");
    const Secret key = root.vault.derive(root.hello.subkey, "outbox");
    REQUIRE(root.store.outbox().size() == 1);
    const OutboxRow& row = root.store.outbox().front();
    const auto message =
        decode_outbox_message(*root.vault.unseal(key, outbox_binding(row), row.sealed));
    REQUIRE(message.has_value());
    CHECK(message->to == "ben@example.net");
    const std::string text{message->text.reveal()};
    CHECK(text.find("The administrator has added something") != text.npos);
    CHECK(text.find("e....org") == text.npos);
}
