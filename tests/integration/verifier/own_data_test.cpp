// SPDX-License-Identifier: MIT
//
// What an owner is shown of what is kept, read by the real verifier from a real store.
#include <string>
#include <vector>

#include "tests/integration/verifier/verifier_house.hpp"
#include "tests/support/catch.hpp"

using namespace latchkey;
using nlohmann::json;
using wire::AdminVerb;

namespace {

std::vector<json> of_part(const std::vector<json>& rows, const std::string& part) {
    std::vector<json> found;
    for (const json& row : rows)
        if (row.at("part") == part) found.push_back(row);
    return found;
}

}  // namespace

TEST_CASE("an owner is shown addresses in full, and of an app nothing that proves anything") {
    VerifierHouse house;
    REQUIRE_FALSE(house.command(AdminVerb::EnrolContact, "Ada.Lovelace@EXAMPLE.org").empty());
    const auto app = house.command(AdminVerb::EnrolAuthenticator);
    REQUIRE(app.size() == 1);
    const auto rows = house.command(AdminVerb::Export);
    const auto ways = of_part(rows, "way");
    REQUIRE(ways.size() == 2);
    CHECK(ways[0].at("method") == "email");
    CHECK(ways[0].at("address") == "Ada.Lovelace@example.org");
    CHECK(ways[0].at("gone_from").is_null());
    CHECK(ways[1].at("method") == "totp");
    CHECK(ways[1].at("address").is_null());
    const auto records = of_part(rows, "record");
    REQUIRE(records.size() == 3);  // the app was told to the address
    CHECK(records[0].at("event") == "enrolment");
    const auto key = app[0].at("key_base32").get<std::string>();
    for (const json& row : rows) CHECK(row.dump().find(key) == std::string::npos);
}

TEST_CASE("of an account of which nothing is kept an owner is shown nothing") {
    VerifierHouse house;
    CHECK(house.command(AdminVerb::Export).empty());
    CHECK(house.refused.empty());
}
