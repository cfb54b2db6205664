// SPDX-License-Identifier: MIT
//
// The root side hears of a change before the store does: a host that dies between the two has
// written down that it came, and tells it at logins where no message could.
#include <array>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/change_world.hpp"

namespace latchkey {

namespace {

std::size_t rows_of(ChangeWorld& world) {
    return world.store.contacts("1001:ada").value().size() +
           world.store.authenticators("1001:ada").value().size();
}

ChangeRequest wish_for(ChangeWish wish) {
    const bool enrols = wish == ChangeWish::EnrolContact;
    const bool is_app = wish == ChangeWish::EnrolAuthenticator;
    return {wish,
            enrols                       ? "email"
            : is_app                     ? "totp"
            : wish == ChangeWish::Remove ? "email"
                                         : "",
            enrols ? kNewAddress : "",
            {}};
}

// Ada has one address, proves it, and has what she wants.
bool changes(ChangeWorld& world, ChangeWish wish) {
    world.enrol_address(kAdasAddress);
    if (wish == ChangeWish::EnrolContact)
        return world.change(wish_for(wish), "1", world.sent_code(), world.sent_code());
    if (wish == ChangeWish::EnrolAuthenticator)
        return world.change(wish_for(wish), "1", world.sent_code(), world.otp());
    return world.change(wish_for(wish), "1", world.sent_code());
}

constexpr std::array kAll{ChangeWish::EnrolContact, ChangeWish::EnrolAuthenticator,
                          ChangeWish::Remove, ChangeWish::NewSavedCodes, ChangeWish::Forget};

}  // namespace

TEST_CASE("every change is announced to the root side before the store has it") {
    for (const ChangeWish wish : kAll) {
        CAPTURE(static_cast<int>(wish));
        ChangeWorld world;
        std::vector<std::size_t> before;
        world.acts.before_announcement = [&] {
            before = {rows_of(world), world.store.changes("1001:ada", {}).value().size()};
        };
        REQUIRE(changes(world, wish));
        CHECK(before == std::vector<std::size_t>{1, 0});
        REQUIRE(world.acts.announced.size() == 1);
        const ChangeToCome& coming = world.acts.announced.front();
        CHECK(coming.is_new ==
              (wish == ChangeWish::EnrolContact || wish == ChangeWish::EnrolAuthenticator));
        CHECK_FALSE(coming.is_first);
        CHECK(coming.told == world.end.told);
    }
}

TEST_CASE("what the root side cannot write down is not changed, and nobody is told of it") {
    for (const ChangeWish wish : kAll) {
        CAPTURE(static_cast<int>(wish));
        ChangeWorld world;
        world.acts.announces_nothing = true;
        CHECK_FALSE(changes(world, wish));
        CHECK(world.end.why == "nothing was changed: it is not working now; try again later");
        CHECK(rows_of(world) == 1);
        CHECK(world.store.changes("1001:ada", {}).value().empty());
        CHECK(world.messages(OutboxPurpose::Notice).empty());
    }
}

TEST_CASE("a first way is announced as the first, and an address confirmed anew not at all") {
    ChangeWorld world;
    REQUIRE(world.enrol_by_owner(kNewAddress, world.sent_code()));
    REQUIRE(world.acts.announced.size() == 1);
    CHECK(world.acts.announced.front().is_new);
    CHECK(world.acts.announced.front().is_first);
    world.days_pass(30);
    REQUIRE(world.enrol_by_owner(kNewAddress, "1", world.sent_code(), world.sent_code()));
    CHECK_FALSE(world.end.is_new);
    CHECK(world.acts.announced.size() == 1);
}

}  // namespace latchkey
