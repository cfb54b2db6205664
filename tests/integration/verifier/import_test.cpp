// SPDX-License-Identifier: MIT
//
// An import, as the verifier sees it: rows with the keys of their accounts, checked one by one
// and written together.
#include <functional>
#include <map>

#include "core/outbox_message.hpp"
#include "core/printable.hpp"
#include "tests/integration/verifier/import_desk.hpp"
#include "tests/integration/verifier/verifier_house.hpp"

using namespace latchkey;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

struct Notice {
    TimePoint due_at;
    std::string to;
    std::string text;
};

// What waits to be sent to that account within two days, in the order of the store.
std::vector<Notice> notices_of(ImportDesk& desk, const std::string& user) {
    const TimePoint late = desk.clock.now() + 48h;
    std::vector<Notice> all;
    const auto waiting = desk.store.claim_due(late, late, 1000).value();
    for (const OutboxRow& row : waiting) {
        if (row.subject != "1001:" + user) continue;
        const auto plain = desk.vault.unseal(desk.vault.derive(subkey_of(row.subject), "outbox"),
                                             outbox_binding(row), row.sealed);
        REQUIRE(plain);
        const auto message = decode_outbox_message(*plain);
        REQUIRE(message);
        all.push_back({row.due_at, message->to, std::string{message->text.reveal()}});
    }
    return all;
}

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("rows of an import are sealed under the key of their own account and count at once") {
    ImportDesk desk;
    const Answer answer = desk.import(
        rows(row(1, "ada", "email", "Ada@EXAMPLE.org"), row(2, "ada", "sms", "+491701234567"),
             row(3, "ben", "email", "ben@example.org"), key_row(4, "ben", "totp"),
             key_row(5, "ada", "hotp", kKey, 7)));
    CHECK(answer.sum() == json{{"bad", 0},
                               {"added", 5},
                               {"confirmed", 0},
                               {"replaced", 0},
                               {"notices", 0},
                               {"written", true}});
    CHECK(desk.address("1001:ada", 0) == "Ada@example.org");
    CHECK(desk.address("1001:ada", 1) == "+491701234567");
    CHECK(desk.address("1001:ben", 0) == "ben@example.org");
    CHECK(desk.store.contacts("1001:ada").value()[0].usable_from == desk.clock.now());
    const Authenticator app = desk.store.authenticators("1001:ben").value().at(0);
    CHECK(desk.vault
              .unseal(subkey_of("1001:ben"), authenticator_binding("1001:ben", app), app.sealed_key)
              .value()
              .reveal() == kKey);
    CHECK(app.method == "totp");
    const Authenticator token = desk.store.authenticators("1001:ada").value().at(0);
    CHECK(token.method == "token");
    CHECK(token.last_step == 7);
    const auto trail = desk.store.audit_trail(0, 10).value();
    REQUIRE(trail.rows.size() == 5);
    CHECK(trail.rows[0].record.event == "enrolment");
    CHECK(trail.rows[0].record.detail ==
          "enrolled email A...a at e....org by import 0123456789abcdef");
    CHECK(trail.rows[3].record.detail == "enrolled totp by import 0123456789abcdef");
}

TEST_CASE("the same rows once more change nothing but when they were confirmed") {
    ImportDesk desk;
    const auto file = [] {
        return rows(row(1, "ada", "email", "ada@example.org"),
                    row(2, "ada", "email", "b@example.org"), key_row(3, "ada", "hotp", kKey, 7));
    };
    (void)desk.import(file());
    const auto before = desk.store.contacts("1001:ada").value();
    // The token was used meanwhile, and the file does not know it.
    Authenticator used = desk.store.authenticators("1001:ada").value().at(0);
    used.last_step = 40;
    REQUIRE(desk.store.enrol_authenticator("1001:ada", used));
    desk.clock.advance(1h);
    const Answer again = desk.import(file());
    CHECK(again.sum() == json{{"bad", 0},
                              {"added", 0},
                              {"confirmed", 3},
                              {"replaced", 0},
                              {"notices", 0},
                              {"written", true}});
    CHECK(again.rows.front() == json{{"kept", {3}}});
    const auto after = desk.store.contacts("1001:ada").value();
    REQUIRE(after.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(after[i].id == before[i].id);
        CHECK(after[i].possession == before[i].possession);
        CHECK(after[i].usable_from == before[i].usable_from);
        CHECK(after[i].confirmed_at == desk.clock.now());
    }
    CHECK(desk.address("1001:ada", 0) == "ada@example.org");
    CHECK(desk.store.authenticators("1001:ada").value().at(0).last_step == 40);
}

TEST_CASE("who had addresses is told at each of them what an import adds, and a stranger is not") {
    ImportDesk desk;
    (void)desk.import(rows(row(1, "ada", "email", "ada@example.org"),
                           row(2, "ada", "sms", "+491701234567"), key_row(3, "cleo", "totp")));
    CHECK(notices_of(desk, "ada").empty());
    const Answer answer = desk.import(
        rows(row(1, "ada", "email", "mallory@example.net"), key_row(2, "ada", "totp"),
             row(3, "ben", "email", "ben@example.org"), row(4, "cleo", "email", "c@example.org")));
    CHECK(answer.sum().at("notices") == 2);
    const auto told = notices_of(desk, "ada");
    REQUIRE(told.size() == 2);
    CHECK(told[0].to == "ada@example.org");
    CHECK(told[1].to == "+491701234567");
    CHECK(told[0].due_at == desk.clock.now());
    CHECK(holds(told[0].text,
                "The administrator has added the e-mail address m...y at e....net and\n"
                "an authenticator app or token\nas a way back into your account."));
    CHECK(holds(told[0].text, "Account: ada\n  Host:    host.example.org"));
    CHECK_FALSE(holds(told[0].text, "mallory"));
    CHECK(notices_of(desk, "ben").empty());
    CHECK(notices_of(desk, "cleo").empty());  // an app cannot be told anything
}

TEST_CASE("an import that makes a waiting, a removed or an old address count tells of it") {
    ImportDesk desk;
    (void)desk.import(rows(row(1, "ada", "email", "ada@example.org")));
    const auto again = [&desk](const std::function<void(Contact&)>& change) {
        Contact contact = desk.store.contacts("1001:ada").value().at(0);
        change(contact);
        contact.sealed_address = desk.vault.seal(
            subkey_of("1001:ada"), contact_binding("1001:ada", contact), "ada@example.org");
        REQUIRE(desk.store.enrol_contact("1001:ada", contact));
        return desk.import(rows(row(1, "ada", "email", "ada@example.org")), false).sum();
    };
    const TimePoint now = desk.clock.now();
    CHECK(again([](Contact&) {}).at("notices") == 0);
    CHECK(again([now](Contact& each) { each.usable_from = now + 24h; }).at("notices") == 1);
    CHECK(again([now](Contact& each) {
              each.usable_from = now;
              each.gone_from = now + 24h;
          }).at("notices") == 1);
    CHECK(again([now](Contact& each) {
              each.gone_from = {};
              each.confirmed_at = now - std::chrono::days{731};
          }).at("notices") == 1);
}

TEST_CASE(
    "an app that its owner has enrolled and that waits survives a file that knows the old one") {
    ImportDesk desk;
    (void)desk.import(rows(row(1, "ada", "email", "ada@example.org"), key_row(2, "ada", "totp")));
    const std::string new_key(20, 'n');
    const SubjectKey ada = "1001:ada";
    RecordedChange change;
    change.subject = ada;
    change.change.kind = ChangeKind::AddedAuthenticator;
    change.change.at = desk.clock.now();
    change.change.final_at = desk.clock.now() + std::chrono::days{7};
    Authenticator app{"", 9, desk.clock.now(), "totp", change.change.final_at};
    app.sealed_key = desk.vault.seal(subkey_of(ada), authenticator_binding(ada, app), new_key);
    change.added_authenticator = app;
    REQUIRE(desk.store.record_change(change));
    const auto apps = [&] { return desk.store.authenticators(ada).value(); };
    REQUIRE(apps().size() == 2);
    SECTION("the file has the old key: nothing is changed, and nobody is told") {
        const Answer answer = desk.import(rows(key_row(1, "ada", "totp")));
        CHECK(answer.sum().at("confirmed") == 1);
        CHECK(answer.sum().at("notices") == 0);
        REQUIRE(apps().size() == 2);
        CHECK(apps().back().sealed_key == app.sealed_key);
    }
    SECTION("the file has the new key: it counts at once, goes on where it was, and is told") {
        const Answer answer = desk.import(rows(key_row(1, "ada", "totp", new_key)));
        CHECK(answer.sum().at("confirmed") == 1);
        CHECK(answer.sum().at("notices") == 1);
        REQUIRE(apps().size() == 1);
        CHECK(apps().front().last_step == 9);
        CHECK(counts(apps().front(), desk.clock.now()));
    }
    SECTION("the file has a third one: it takes the place of both, and is told") {
        const Answer answer = desk.import(rows(key_row(1, "ada", "totp", std::string(20, 'x'))));
        CHECK(answer.sum().at("replaced") == 1);
        CHECK(answer.sum().at("notices") == 1);
        CHECK(apps().size() == 1);
    }
    SECTION("the new one counts by now: the old key brings itself back, and is told") {
        desk.clock.advance(std::chrono::days{8});
        CHECK(desk.import(rows(key_row(1, "ada", "totp", new_key)), false).sum().at("notices") ==
              0);
        const Answer answer = desk.import(rows(key_row(1, "ada", "totp")));
        CHECK(answer.sum().at("replaced") == 1);
        CHECK(answer.sum().at("notices") == 1);
    }
}

TEST_CASE("a recovery contact learns that something was added, where nobody else can be told") {
    ImportDesk desk;
    MethodSettings contact;
    contact.recovery_contact = true;
    desk.settings.methods["contact"] = contact;
    (void)desk.import(rows(row(1, "ada", "contact", "friend@example.org")));
    CHECK(desk.import(rows(row(1, "ada", "email", "ada@example.org"))).sum().at("notices") == 1);
    const auto told = notices_of(desk, "ada");
    REQUIRE(told.size() == 1);
    CHECK(told[0].to == "friend@example.org");
    CHECK(holds(told[0].text, "The administrator has added something\n"));
    CHECK_FALSE(holds(told[0].text, "e....org"));
    CHECK(desk.import(rows(key_row(1, "ada", "totp"))).sum().at("notices") == 1);
    CHECK(notices_of(desk, "ada").front().to == "ada@example.org");  // those not claimed yet
}

TEST_CASE("the notices of a large import leave thirty in a minute, behind everything else") {
    ImportDesk desk;
    const auto file = [](const std::string& domain) {
        std::vector<wire::ImportEntry> many;
        for (std::uint32_t line = 1; line <= 150; ++line)
            many.push_back(row(line, "user" + std::to_string(line), "email", "u@" + domain));
        return many;
    };
    (void)desk.import(file("example.org"));
    CHECK(desk.import(file("example.net")).sum().at("notices") == 150);
    const TimePoint now = desk.clock.now();
    std::map<TimePoint, int> due;
    const auto waiting = desk.store.claim_due(now + 48h, now + 48h, 1000).value();
    for (const OutboxRow& each : waiting) {
        ++due[each.due_at];
        CHECK(each.expires_at == each.due_at + 72h);
        CHECK(each.purpose == OutboxPurpose::BulkNotice);
    }
    CHECK(due ==
          std::map<TimePoint, int>{
              {now, 30}, {now + 1min, 30}, {now + 2min, 30}, {now + 3min, 30}, {now + 4min, 30}});
}

TEST_CASE("a telephone does not ring for an import of hours ago") {
    ImportDesk desk;
    MethodSettings call;
    call.medium = Medium::Call;
    desk.settings.methods["voice"] = call;
    const auto file = [](const std::string& method, const std::string& address) {
        std::vector<wire::ImportEntry> many;
        for (std::uint32_t line = 1; line <= 1000; ++line)
            many.push_back(row(line, "user" + std::to_string(line), method, address));
        return many;
    };
    (void)desk.import(file("voice", "+491701234567"));
    CHECK(desk.import(file("email", "u@example.net")).sum().at("notices") == 1000);
    const TimePoint now = desk.clock.now();
    const auto waiting = desk.store.claim_due(now + 48h, now + 48h, 2000).value();
    REQUIRE(waiting.size() == 1000);
    for (const OutboxRow& each : waiting) CHECK(each.expires_at < now + 1h);
}

TEST_CASE("an import that more than 100,000 addresses would be told of is refused whole") {
    ImportDesk desk;
    const Contact contact{0, "email", "email:a", "sealed", desk.clock.now(), desk.clock.now()};
    std::vector<wire::ImportEntry> keys;
    const std::uint32_t people = GENERATE(500U, 501U);
    for (std::uint32_t line = 1; line <= people; ++line) {
        const std::string user = "user" + std::to_string(line);
        for (int i = 0; i < 200; ++i) REQUIRE(desk.store.enrol_contact("1001:" + user, contact));
        keys.push_back(key_row(line, user, "totp"));
    }
    const Answer answer = desk.import(std::move(keys));
    if (people == 500) {
        CHECK(answer.sum().at("written") == true);
        return;
    }
    CHECK(answer.refused.find("more than 100,000 notices") == 0);
    CHECK(answer.refused.find("; nothing was imported, give the rows in several files") !=
          std::string::npos);
    CHECK(desk.store.authenticators("1001:user1").value().empty());
}

TEST_CASE("another key takes the place of an app, and begins anew") {
    ImportDesk desk;
    (void)desk.import(rows(key_row(1, "ada", "totp")));
    Authenticator used = desk.store.authenticators("1001:ada").value().at(0);
    used.last_step = 40;
    REQUIRE(desk.store.enrol_authenticator("1001:ada", used));
    const Answer answer = desk.import(rows(key_row(1, "ada", "totp", std::string(20, 'x'))));
    CHECK(answer.rows.size() == 1);
    CHECK(answer.sum().at("replaced") == 1);
    CHECK(desk.store.authenticators("1001:ada").value().at(0).last_step == 0);
    // The same key in a token is no longer an app's.
    CHECK(desk.import(rows(key_row(1, "ada", "hotp", std::string(20, 'x')))).sum().at("replaced") ==
          1);
}

TEST_CASE("each bad row is told with its line and what to do, and nothing is written") {
    ImportDesk desk;
    struct Bad {
        wire::ImportEntry entry;
        std::string problem;
    };
    std::vector<Bad> bad;
    const auto add = [&bad](wire::ImportEntry entry, const std::string& problem) {
        entry.line = static_cast<std::uint32_t>(bad.size() + 10);
        bad.push_back({std::move(entry), problem});
    };
    add(row(0, "ada", "fax", "1"), "no method \"fax\" sends codes here");
    add(row(0, "ada", "totp", "ada@example.org"), "no method \"totp\" sends codes here");
    add(row(0, "ada", "email", "ada"), "not a plain e-mail address");
    add(row(0, "ada", "email", "ada@host.example.org"), "opens that mailbox");
    add(row(0, "ada", "sms", "12"), "not a telephone number");
    add(row(0, "ada", "sms", "+41791234567"), "numbers in +49 only");
    add(row(0, "ada", "sms", "+49900123456"), "billed to whoever calls");
    add(row(0, "ada", "email", "ADA@example.org"), "the same address stands in line 1 already");
    add(key_row(0, "ada", "totp"), "a key of the same account stands in line 2 already");
    add(key_row(0, "ben", "totp", std::string(15, 'k')),
        "the key has 120 bits, fewer than the 128");
    add(key_row(0, "ben", "totp", std::string(65, 'k')), "more than the 512");
    add(key_row(0, "ben", "hotp", kKey, ~std::uint64_t{0}), "no token counts as far");
    wire::ImportEntry without_key = row(0, "ben", "email", "ben@example.org");
    without_key.subkey = Secret{};
    add(std::move(without_key), "the account's key did not come");
    std::vector<wire::ImportEntry> all =
        rows(row(1, "ada", "email", "ada@example.org"), key_row(2, "ada", "totp"));
    for (Bad& each : bad) all.push_back(std::move(each.entry));
    const Answer answer = desk.import(std::move(all));
    for (std::size_t i = 0; i < bad.size(); ++i) {
        const std::string told = answer.of_line(static_cast<std::uint32_t>(i + 10));
        INFO(told);
        CHECK(told.find(bad[i].problem) != std::string::npos);
        CHECK(told.find("; ") != std::string::npos);
        CHECK(is_printable(told));
    }
    CHECK(answer.sum().at("bad") == bad.size());
    CHECK(answer.sum().at("written") == false);
    CHECK(desk.store.enrolled_subjects().value().empty());
    CHECK(desk.store.audit_trail(0, 10).value().rows.empty());
}

TEST_CASE("an account has ten addresses, those of the store and of the file together") {
    ImportDesk desk;
    const auto address = [](int i) { return "ada" + std::to_string(i) + "@example.org"; };
    std::vector<wire::ImportEntry> six;
    for (int i = 0; i < 6; ++i) six.push_back(row(1, "ada", "email", address(i)));
    CHECK(desk.import(std::move(six)).sum().at("written") == true);
    std::vector<wire::ImportEntry> more;
    for (int i = 4; i < 11; ++i)  // two of them are there
        more.push_back(row(static_cast<std::uint32_t>(i), "ada", "email", address(i)));
    const Answer answer = desk.import(std::move(more));
    CHECK(answer.sum().at("bad") == 1);
    CHECK(answer.of_line(10).find("the account has 10 addresses with those above") !=
          std::string::npos);
    CHECK(desk.store.contacts("1001:ada").value().size() == 6);
}

TEST_CASE("an import that may not be written is checked to its end and kept nowhere") {
    ImportDesk desk;
    const Answer answer = desk.import(rows(row(1, "ada", "email", "ada@example.org")), false);
    CHECK(answer.sum().at("added") == 1);
    CHECK(answer.sum().at("written") == false);
    CHECK(desk.store.enrolled_subjects().value().empty());
}

TEST_CASE("of thousands of bad rows the first hundred are told, and of the others the line") {
    ImportDesk desk;
    std::vector<wire::ImportEntry> many;
    for (std::uint32_t line = 1; line <= 3000; ++line) many.push_back(row(line, "ada", "fax", "1"));
    const Answer answer = desk.import(std::move(many));
    REQUIRE(answer.rows.size() == 100 + 10 + 1);
    CHECK(answer.sum().at("bad") == 3000);
    std::vector<std::uint32_t> others;
    for (std::size_t i = 100; i < 110; ++i)
        for (const auto& line : answer.rows[i].at("bad_lines"))
            others.push_back(line.get<std::uint32_t>());
    REQUIRE(others.size() == 2900);
    for (std::size_t i = 0; i < others.size(); ++i) CHECK(others[i] == i + 101);
}

TEST_CASE("which of many keys were there already is told in few rows") {
    ImportDesk desk;
    const auto file = [] {
        std::vector<wire::ImportEntry> many;
        for (std::uint32_t line = 1; line <= 700; ++line)
            many.push_back(key_row(line, "user" + std::to_string(line), "totp"));
        return many;
    };
    CHECK(desk.import(file()).rows.size() == 1);
    const Answer again = desk.import(file());
    REQUIRE(again.rows.size() == 4);
    CHECK(again.rows[0].at("kept").size() == 300);
    CHECK(again.rows[2].at("kept").back() == 700);
}

TEST_CASE("a store that fails at any point of an import is told, and nothing is kept") {
    for (std::size_t calls = 0; calls < 4; ++calls) {
        ImportDesk desk;
        (void)desk.import(rows(row(1, "ada", "email", "ada@example.org")));
        desk.store.fail_once_after(calls, ErrorKind::Unavailable);
        const Answer answer = desk.import(rows(row(1, "ada", "email", "b@example.org"),
                                               row(2, "ben", "email", "ben@example.org")));
        INFO(calls);
        CHECK(answer.refused.find("; nothing was imported, check /var/lib/latchkey") !=
              std::string::npos);
        CHECK(desk.store.enrolled_subjects().value() == std::vector<SubjectKey>{"1001:ada"});
        CHECK(desk.store.contacts("1001:ada").value().size() == 1);
        CHECK(notices_of(desk, "ada").empty());
        CHECK(desk.log.has_alarm());
    }
}

TEST_CASE("a monitor that goes away in the middle of an import leaves nothing") {
    VerifierHouse house;
    VerifierProcess verifier{house.files, "--admin"};
    wire::AdminHello hello;
    hello.verb = wire::AdminVerb::Import;
    verifier.say(hello);
    CHECK(verifier.expect<wire::AdminReply>().last);
    wire::ImportEntries entries;
    entries.rows.push_back(row(1, "ada", "email", "ada@example.org"));
    verifier.say(entries);
    verifier.hang_up();
    CHECK(verifier.ended() == 0);
    CHECK(house.audit_events().empty());
}

TEST_CASE("the real verifier imports into the real store, and answers what comes next") {
    VerifierHouse house;
    VerifierProcess verifier{house.files, "--admin"};
    wire::AdminHello hello;
    hello.verb = wire::AdminVerb::Import;
    hello.host_name = "host.example.org";
    verifier.say(hello);
    CHECK(verifier.expect<wire::AdminReply>().last);
    wire::ImportEntries entries;
    wire::ImportEntry ada = row(1, "ada", "email", "ada@example.org");
    ada.subkey = house.subkey();
    entries.rows.push_back(std::move(ada));
    entries.last = true;
    entries.write = true;
    entries.import = "0123456789abcdef";
    verifier.say(entries);
    const auto reply = verifier.expect<wire::AdminReply>();
    CHECK(reply.last);
    CHECK(json::parse(reply.json.reveal()).at("written") == true);
    verifier.hang_up();
    CHECK(verifier.ended() == 0);
    const auto methods = house.command(wire::AdminVerb::Status).at(0).at("methods");
    REQUIRE(methods.size() == 1);
    CHECK(methods[0].at("destination") == "a...a at e....org");
    for (const char* name : {"", "-wal"})
        CHECK(content_of(house.files.store + name).find("ada@example.org") == std::string::npos);
}
