// SPDX-License-Identifier: MIT
//
// What the root side makes of the verifier's rows for `latchkey explain`.
#include <nlohmann/json.hpp>

#include "monitor/serve_explain.hpp"
#include "tests/support/catch.hpp"

using namespace latchkey;
using nlohmann::json;

namespace {

json way(const std::string& method, const std::string& surface, const std::string& possession,
         const std::string& rule = "") {
    return {{"method", method},   {"destination", "d"},    {"possession", possession},
            {"surface", surface}, {"works", rule.empty()}, {"rule", rule},
            {"until", nullptr},   {"minutes", 0U},         {"not_working", false}};
}

json report(bool privileged, std::uint32_t saved) {
    return {{"user", "ada"},
            {"eligible", true},
            {"why_not", ""},
            {"privileged", privileged},
            {"locked", "no"},
            {"saved_codes_left", saved},
            {"saved_codes_from", nullptr},
            {"passes", {{"alive", 0U}}}};
}

// An app and an address at both surfaces, of which the address is refused from afar.
json answer() {
    return {{"ways",
             {way("email", "console", "email:e.org"),
              way("email", "remote", "email:e.org", "limits.wrong_per_day"),
              way("totp", "console", "device"), way("totp", "remote", "device")}}};
}

}  // namespace

TEST_CASE("the proofs of a surface are what works there, each thing that is held once") {
    json twice = answer();
    twice["ways"].push_back(way("office", "console", "email:e.org"));
    const json row = explanation(Settings{}, report(false, 0), twice);
    CHECK(row.at("console") == json{{"proofs", 2}, {"needed", 1}, {"enough", true}});
    CHECK(row.at("remote") == json{{"proofs", 1}, {"needed", 2}, {"enough", false}});
    const json& last = row.at("ways").back();
    CHECK(last.at("method") == "saved");
    CHECK(last.at("rule") == "not_enrolled");
}

TEST_CASE("whoever can become root needs a saved code among the proofs") {
    CHECK_FALSE(
        explanation(Settings{}, report(true, 0), answer()).at("console").at("enough").get<bool>());
    CHECK(explanation(Settings{}, report(true, 3), answer()).at("console") ==
          json{{"proofs", 3}, {"needed", 2}, {"enough", true}});
}

TEST_CASE("of whoever can become root a method that runs programs proves nothing") {
    Settings settings;
    settings.methods["email"].channels = {"script"};
    settings.channels["script"].profile = Profile::Program;
    const json row = explanation(settings, report(true, 3), answer());
    CHECK(row.at("ways").front().at("rule") == "program_channels");
    CHECK(row.at("ways").front().at("works") == false);
    CHECK(explanation(settings, report(false, 3), answer()).at("ways").front().at("works") == true);
}

TEST_CASE("a verifier's row that is none is passed over, and ends nothing") {
    for (const char* field : {"method", "rule", "works", "until", "minutes", "surface"}) {
        json broken = answer();
        broken["ways"].front()[field] = json::array({1});
        CHECK(explanation(Settings{}, report(false, 0), broken).at("console").at("proofs") == 1);
        broken["ways"].front().erase(field);
        CHECK(explanation(Settings{}, report(false, 0), broken).at("console").at("proofs") == 1);
    }
    CHECK(explanation(Settings{}, report(false, 0), json::array()).at("ways").size() == 2);
}
