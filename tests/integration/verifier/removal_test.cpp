// SPDX-License-Identifier: MIT
//
// What administrators take away, and whom they ask, answered by the real verifier on a real
// store, and by its parts on a store that fails.
#include "verifier/removal.hpp"

#include <string>
#include <vector>

#include "adapters/sqlite_store/sqlite_store.hpp"
#include "tests/integration/verifier/verifier_house.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_store.hpp"
#include "tests/support/fake_vault.hpp"
#include "tests/support/recorded_events.hpp"
#include "verifier/invitation.hpp"
#include "verifier/purging.hpp"

using namespace latchkey;
using nlohmann::json;
using wire::AdminVerb;

namespace {

std::size_t ways_of(VerifierHouse& house) {
    return house.command(AdminVerb::Status).at(0).at("methods").size();
}

struct Parts {
    FakeStore store;
    FakeVault vault;
    FakeClock clock;
    RecordedEvents log;
    Settings settings;
    wire::AdminHello hello;

    Parts() {
        settings.methods["email"].label = "E-mail me";
        settings.methods["contact"].label = "E-mail my contact";
        settings.methods["contact"].recovery_contact = true;
        hello.subject = "1001:ada";
        hello.account_name = "ada";
        hello.host_name = "host.example.org";
        hello.subkey = Secret{std::string(Vault::kKeyBytes, 'k')};
    }
    [[nodiscard]] VerifierPorts ports() { return {settings, store, vault, clock, log}; }

    void enrol(const std::string& method, const std::string& address, TimePoint usable_from = {}) {
        Contact contact;
        contact.method = method;
        contact.confirmed_at = clock.now();
        contact.usable_from = usable_from;
        contact.sealed_address =
            vault.seal(hello.subkey, contact_binding(hello.subject, contact), address);
        REQUIRE(store.enrol_contact(hello.subject, contact));
    }
};

json row_in(const wire::AdminReply& reply) {
    CHECK(reply.last);
    INFO(reply.error);
    REQUIRE(reply.exit_status == 0);
    return json::parse(reply.json.reveal());
}

}  // namespace

TEST_CASE("an address is removed at once, and every address is told, the removed one too") {
    VerifierHouse house;
    house.enrol_email();
    (void)house.command(AdminVerb::EnrolContact, "ada@example.net");
    const auto rows = house.command(AdminVerb::Remove, "ada@example.net");
    CHECK(rows == std::vector<json>{
                      {{"destinations", {"a...a at e....net"}}, {"removed", 1}, {"notices", 2}}});
    CHECK(ways_of(house) == 1);
    std::string to;
    for (const wire::ChannelCall& call : house.deliver()) {
        to += call.to + ' ';
        const std::string_view text = call.text.reveal();
        CHECK(text.find("The administrator has taken away the e-mail address a...a at e....net") !=
              text.npos);
        CHECK(text.find("latchkey deny") == text.npos);
    }
    CHECK(to.find("ada.lovelace@example.org") != to.npos);
    CHECK(to.find("ada@example.net") != to.npos);
    const auto store = SqliteStore::open(house.files.store);
    REQUIRE(store);
    const auto records = (*store)->audit(house.subject, 10).value();
    std::vector<std::string> details;
    for (const AuditRecord& record : records)
        if (record.event == "removed") details.push_back(record.detail);
    CHECK(details == std::vector<std::string>{"email a...a at e....net by root"});
}

TEST_CASE("of several addresses one is named, and what is not there is not removed") {
    VerifierHouse house;
    house.enrol_email();
    (void)house.command(AdminVerb::EnrolContact, "ada@example.net");
    CHECK(house.command(AdminVerb::Remove).empty());
    CHECK(house.refused.find("more than one address") != std::string::npos);
    for (const char* method : {"sms", "totp", "saved", ""}) {
        CHECK(house.command(AdminVerb::Remove, "", method).empty());
        CHECK(house.refused.find("has no such way") != std::string::npos);
    }
    CHECK(house.command(AdminVerb::Remove, "eve@example.net").empty());
    CHECK(ways_of(house) == 2);
    CHECK(house.deliver().empty());
}

TEST_CASE("an app is removed by the name that enrolled it") {
    VerifierHouse house;
    house.enrol_email();
    house.enrol_totp();
    CHECK(ways_of(house) == 2);
    CHECK_FALSE(house.command(AdminVerb::Remove, "", "totp").empty());
    CHECK(ways_of(house) == 1);
}

TEST_CASE("a dry run says what would go, and writes nothing") {
    Parts parts;
    parts.enrol("email", "ada@example.org");
    parts.hello.method = "email";
    parts.hello.dry_run = true;
    CHECK(row_in(remove_for_administrator(parts.hello, parts.ports())).at("removed") == 1);
    CHECK(row_in(purge_for_administrator(parts.hello, parts.ports())).at("contacts") == 1);
    CHECK(parts.store.contacts("1001:ada").value().size() == 1);
    CHECK(parts.store.outbox().empty());
    CHECK(parts.store.audit("1001:ada", 10).value().empty());
}

TEST_CASE("saved codes have their notices here, and nothing else") {
    Parts parts;
    parts.enrol("email", "ada@example.org");
    parts.hello.method = "codes";
    const json row = row_in(remove_for_administrator(parts.hello, parts.ports()));
    CHECK(row.at("removed") == 0);
    CHECK(row.at("notices") == 1);
    CHECK(parts.store.contacts("1001:ada").value().size() == 1);
}

TEST_CASE("a contact who is removed is told, though contacts are not told of other things") {
    Parts parts;
    parts.enrol("email", "ada@example.org");
    parts.enrol("contact", "ben@example.net");
    parts.hello.method = "email";
    CHECK(row_in(remove_for_administrator(parts.hello, parts.ports())).at("notices") == 1);
    Parts other;
    other.enrol("email", "ada@example.org");
    other.enrol("contact", "ben@example.net");
    other.hello.method = "contact";
    CHECK(row_in(remove_for_administrator(other.hello, other.ports())).at("notices") == 2);
}

TEST_CASE("a purge finds accounts by name or uid, also those that are gone") {
    Parts parts;
    parts.enrol("email", "ada@example.org");
    wire::AdminHello question;
    for (const char* name : {"ada", "1001"}) {
        question.account_name = name;
        CHECK(row_in(purge_for_administrator(question, parts.ports())) ==
              json{{"subjects", {"1001:ada"}}});
    }
    for (const char* name : {"ad", "100", "1001:ada", "", ":", "eve"}) {
        question.account_name = name;
        CHECK(row_in(purge_for_administrator(question, parts.ports())).at("subjects").empty());
    }
}

TEST_CASE("who is there is told of a purge, and of an account that is gone nobody") {
    Parts parts;
    parts.enrol("email", "ada@example.org");
    CHECK(row_in(purge_for_administrator(parts.hello, parts.ports())).at("notices") == 1);
    CHECK(parts.store.outbox().size() == 1);
    Parts gone;
    gone.enrol("email", "ada@example.org");
    gone.hello.subkey = Secret{};
    CHECK(row_in(purge_for_administrator(gone.hello, gone.ports())).at("notices") == 0);
    CHECK(gone.store.contacts("1001:ada").value().empty());
}

TEST_CASE("an owner is asked at their own addresses that count, three times a day at most") {
    Parts parts;
    parts.enrol("email", "ada@example.org");
    parts.enrol("email", "new@example.org", parts.clock.now() + std::chrono::hours{24});
    parts.enrol("contact", "ben@example.net");
    for (int i = 0; i < 3; ++i)
        CHECK(row_in(invite_owner(parts.hello, parts.ports())) == json{{"messages", 1}});
    const auto refused = invite_owner(parts.hello, parts.ports());
    CHECK(refused.exit_status == 1);
    CHECK(refused.error.find("three times within 24 hours") != std::string::npos);
    CHECK(parts.store.outbox().size() == 3);
    parts.clock.advance(std::chrono::hours{24});
    CHECK(invite_owner(parts.hello, parts.ports()).exit_status == 0);
}

TEST_CASE("an owner without an address that counts is asked nowhere, and a contact never") {
    Parts parts;
    parts.enrol("contact", "ben@example.net");
    CHECK(invite_owner(parts.hello, parts.ports()).error.find("temporary pass") !=
          std::string::npos);
    parts.enrol("email", "ada@example.org");
    parts.hello.method = "sms";
    CHECK(invite_owner(parts.hello, parts.ports()).exit_status == 1);
    // An address that nobody has confirmed for so long may be somebody else's.
    parts.hello.method = "email";
    parts.clock.advance(parts.settings.security_info.expires_after);
    CHECK(invite_owner(parts.hello, parts.ports()).exit_status == 1);
    CHECK(parts.store.outbox().empty());
}

TEST_CASE("a store that fails removes, purges and asks nothing, and says what to look at") {
    for (const auto& act : {remove_for_administrator, purge_for_administrator, invite_owner})
        for (const std::size_t calls : {std::size_t{0}, std::size_t{1}, std::size_t{2}}) {
            Parts parts;
            parts.enrol("email", "ada@example.org");
            parts.hello.method = "email";
            parts.store.fail_once_after(calls, ErrorKind::Unavailable);
            const auto reply = act(parts.hello, parts.ports());
            CHECK(reply.last);
            CHECK(reply.exit_status == 1);
            CHECK(reply.error.find("check /var/lib/latchkey") != std::string::npos);
            CHECK(parts.store.outbox().empty());
            CHECK(parts.store.contacts("1001:ada").value().size() == 1);
        }
}
