// SPDX-License-Identifier: MIT
//
// Who has signed in brings the key of the app that they have: an enrolment as any other, but that
// nothing is shown.
#include "core/own_key.hpp"

#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/change_world.hpp"

namespace latchkey {

using std::chrono::days;
using std::chrono::minutes;

namespace {

const std::string kOwnKey = "12345678901234567890";

ChangeRequest import_of(const std::string& key, const std::string& method = "totp",
                        ChangeWish wish = ChangeWish::EnrolAuthenticator) {
    return {wish, method, {}, {}, false, Secret{key}};
}

std::vector<Authenticator> apps_in(ChangeWorld& world) {
    return world.store.authenticators("1001:ada").value();
}

std::string key_of(ChangeWorld& world, const Authenticator& app) {
    auto key = world.vault.unseal(world.request.subkey, authenticator_binding("1001:ada", app),
                                  app.sealed_key);
    REQUIRE(key);
    return std::string{key->reveal()};
}

}  // namespace

TEST_CASE("the app that somebody has waits as a new one, and its key is shown to nobody") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    REQUIRE(world.change(import_of(kOwnKey), "1", world.sent_code(), world.otp()));
    CHECK(world.maker.shown == 0);
    CHECK(world.end.is_new);
    CHECK_FALSE(world.end.is_first);
    CHECK(world.end.counts_from == world.clock.now() + days{7});
    CHECK(world.kinds().back() == ScreenKind::NewAuthenticator);
    REQUIRE(apps_in(world).size() == 1);
    CHECK(key_of(world, apps_in(world)[0]) == kOwnKey);
    CHECK(apps_in(world)[0].usable_from == world.clock.now() + days{7});
    CHECK(world.notice_to(kAdasAddress).find(kOwnKey) == std::string::npos);
    const auto records = world.store.audit("1001:ada", 100).value();
    for (const AuditRecord& record : records)
        CHECK(record.detail.find(kOwnKey) == std::string::npos);
    REQUIRE(world.deny_by_owner(world.veto_of(kAdasAddress)));
    CHECK(apps_in(world).empty());
}

TEST_CASE("an app that somebody brings as the first way is one, and no way around the others") {
    ChangeWorld world;
    SECTION("as the first it is announced") {
        REQUIRE(world.change(import_of(kOwnKey), world.otp()));
        CHECK(world.end.is_first);
        CHECK(world.end.counts_from == world.clock.now() + days{7});
    }
    SECTION("not of an account that can become root") {
        world.privileged = true;
        CHECK_FALSE(world.change(import_of(kOwnKey), world.otp()));
        CHECK(world.end.why.find("the administrator enrols the first one") != std::string::npos);
        CHECK(world.kinds().empty());
    }
    SECTION("which has it wait for 30 days behind another way") {
        world.privileged = true;
        world.enrol_address(kAdasAddress);
        REQUIRE(world.change(import_of(kOwnKey), "1", world.sent_code(), world.otp()));
        CHECK(world.end.counts_from == world.clock.now() + days{30});
    }
    SECTION("without the proof of a way that is there nothing is enrolled") {
        world.enrol_address(kAdasAddress);
        CHECK_FALSE(world.change(import_of(kOwnKey), "1", "00000000", world.otp()));
        CHECK(apps_in(world).empty());
    }
    SECTION("in the place of the only app it waits for 30 days") {
        world.enrol_app();
        REQUIRE(world.change(import_of(kOwnKey), "1", world.otp(), world.otp()));
        CHECK(world.end.counts_from == world.clock.now() + days{30});
        CHECK(apps_in(world).size() == 2);
    }
}

TEST_CASE("an app that somebody brings is not enrolled without a code of it") {
    ChangeWorld world;
    SECTION("given up") {
        CHECK_FALSE(world.change(import_of(kOwnKey), ""));
    }
    SECTION("five wrong codes") {
        CHECK_FALSE(world.change(import_of(kOwnKey), "0", "0", "0", "0", "0", world.otp()));
    }
    CHECK(apps_in(world).empty());
}

TEST_CASE("a key of a wrong length, or of no app, is refused before anything is asked") {
    ChangeWorld world;
    world.add_method("sms", Medium::Text, "Text my mobile phone");
    world.settings.methods["hotp"] = world.settings.methods.at("totp");
    world.settings.methods["hotp"].otp = OtpKind::Counter;
    const auto refused = [&world](ChangeRequest wish) {
        CHECK_FALSE(world.change(std::move(wish), world.otp()));
        CHECK(world.kinds().empty());
        return world.end.why;
    };
    CHECK(refused(import_of(std::string(15, 'k'))).starts_with("the key has 120 bits, fewer than"));
    CHECK(refused(import_of(std::string(65, 'k'))).starts_with("the key has 520 bits, more than"));
    for (ChangeRequest& wish : std::array{import_of(kOwnKey, "hotp"), import_of(kOwnKey, "email"),
                                          import_of(kOwnKey, "sms", ChangeWish::EnrolContact),
                                          import_of(kOwnKey, "totp", ChangeWish::Remove),
                                          import_of(kOwnKey, "", ChangeWish::NewSavedCodes)})
        CHECK_FALSE(refused(std::move(wish)).empty());
    CHECK(apps_in(world).empty());
    for (const std::size_t bytes : {std::size_t{16}, std::size_t{64}}) {
        ChangeWorld fresh;
        CHECK(fresh.change(import_of(std::string(bytes, 'k')), fresh.otp()));
    }
}

TEST_CASE("the bounds of a key, and what one may come with") {
    Settings settings;
    settings.methods["totp"].kind = MethodKind::Verification;
    const auto objection = [&settings](std::size_t bytes, ChangeWish wish, const char* method) {
        return objection_to_own_key(settings, wish, method, Secret{std::string(bytes, 'k')});
    };
    CHECK(objection(16, ChangeWish::EnrolAuthenticator, "totp").empty());
    CHECK(objection(64, ChangeWish::EnrolAuthenticator, "totp").empty());
    CHECK(objection(0, ChangeWish::Deny, "").empty());
    CHECK_FALSE(objection(20, ChangeWish::Deny, "").empty());
    CHECK_FALSE(objection(20, ChangeWish::EnrolAuthenticator, "totp2").empty());
    for (const std::size_t bytes : {std::size_t{1}, std::size_t{15}, std::size_t{65}})
        CHECK_FALSE(objection(bytes, ChangeWish::EnrolAuthenticator, "totp").empty());
}

TEST_CASE("the app that is set up already is not set up again, and nothing is changed") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    REQUIRE(world.change(import_of(kOwnKey), "1", world.sent_code(), world.otp()));
    world.days_pass(GENERATE(1, 8));  // it waits, or counts
    const auto before = apps_in(world);
    const auto notices = world.messages(OutboxPurpose::Notice).size();
    CHECK_FALSE(world.change(import_of(kOwnKey), "1", world.sent_code(), world.otp()));
    CHECK(world.end.why.find("is set up already") != std::string::npos);
    CHECK(world.kinds().back() != ScreenKind::NewAuthenticator);
    REQUIRE(apps_in(world).size() == 1);
    CHECK(apps_in(world)[0].sealed_key == before.at(0).sealed_key);
    CHECK(apps_in(world)[0].usable_from == before.at(0).usable_from);
    CHECK(world.messages(OutboxPurpose::Notice).size() == notices);
}

TEST_CASE("who brings the key of an app that is being removed does not keep it so") {
    ChangeWorld world;
    world.enrol_address(kAdasAddress);
    REQUIRE(world.change(import_of(kOwnKey), "1", world.sent_code(), world.otp()));
    world.days_pass(8);
    REQUIRE(world.change({ChangeWish::Remove, "totp", {}, {}}, "1", world.sent_code()));
    const TimePoint gone_from = apps_in(world).at(0).gone_from;
    world.clock.advance(minutes{2});
    CHECK_FALSE(world.change(import_of(kOwnKey), "1", world.sent_code(), world.otp()));
    CHECK(world.end.why.find("is being removed") != std::string::npos);
    REQUIRE(apps_in(world).size() == 1);
    CHECK(apps_in(world)[0].gone_from == gone_from);
    world.days_pass(7);
    CHECK(world.change(import_of(kOwnKey), "1", world.sent_code(), world.otp()));
    CHECK(world.end.counts_from == world.clock.now() + days{7});
}

}  // namespace latchkey
