// SPDX-License-Identifier: MIT
//
// What a verifier says, of whatever type: nothing of it throws.
#include "monitor/verifier_row.hpp"

#include <limits>

#include "tests/support/catch.hpp"

using namespace latchkey;
using nlohmann::json;

TEST_CASE("a field of another type is its default, and a count is never more than it holds") {
    CHECK(count_in({{"notices", 3U}}, "notices") == 3);
    CHECK(count_in({{"notices", std::uint64_t{1} << 40U}}, "notices") ==
          std::numeric_limits<std::uint32_t>::max());
    CHECK(text_in({{"subject", "1001:ada"}}, "subject") == "1001:ada");
    CHECK(texts_in({{"subjects", {"a", 1, nullptr, "b"}}}, "subjects") == json{"a", "b"});
    for (const json& wrong :
         {json(nullptr), json("x"), json::array({1}), json(-1), json(1.5), json{{"k", nullptr}},
          json{{"k", json::object()}}, json{{"k", -1}}, json{{"k", true}}, json::object()}) {
        CAPTURE(wrong.dump());
        CHECK(count_in(wrong, "k") == 0);
        CHECK(text_in(wrong, "k").empty());
        CHECK(list_in(wrong, "k").empty());
        CHECK(texts_in(wrong, "k").empty());
    }
}

TEST_CASE("a way whose fields are of wrong types is none") {
    const json way{{"method", "email"},
                   {"possession", "email:example.org"},
                   {"destination", "a"},
                   {"usable_from", "2026"},
                   {"gone_from", nullptr},
                   {"counts", true},
                   {"label", 3}};
    CHECK(is_way_row(way));
    CHECK_FALSE(is_way_row(json::object()));
    CHECK_FALSE(is_way_row("email"));
    CHECK_FALSE(is_way_row(nullptr));
    for (const char* key : {"method", "possession", "destination", "usable_from", "gone_from",
                            "counts", "expired", "confirm_due"})
        for (const json& wrong : {json(3), json::array(), json::object()}) {
            json bent = way;
            bent[key] = wrong;
            CAPTURE(bent.dump());
            CHECK_FALSE(is_way_row(bent));
        }
}
