// SPDX-License-Identifier: MIT
#include "monitor/admin_row.hpp"

#include <string>

#include "tests/support/catch.hpp"

using namespace latchkey;
using nlohmann::json;

TEST_CASE("a name that is no UTF-8 is told with a sign in place of its bytes") {
    const json row{{"user",
                    "b\xe9\xff"
                    "a"},
                   {"codes", {"ABCD-EFGH"}}};
    const wire::AdminReply reply = admin_row(row);
    CHECK_FALSE(reply.last);
    const json told = json::parse(reply.json.reveal());
    CHECK(told.at("user") ==
          "b\xef\xbf\xbd\xef\xbf\xbd"
          "a");
    CHECK(told.at("codes") == row.at("codes"));
}

TEST_CASE("what is UTF-8 is told as it is, in ASCII") {
    const json row{{"user", "ad\xc3\xa4"}};
    const wire::AdminReply reply = admin_row(row);
    CHECK(reply.json.reveal() == R"({"user":"ad\u00e4"})");
    CHECK(json::parse(reply.json.reveal()) == row);
}
