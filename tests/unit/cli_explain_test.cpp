// SPDX-License-Identifier: MIT
#include <sstream>

#include <nlohmann/json.hpp>

#include "cli/explain_verb.hpp"
#include "tests/support/catch.hpp"

using namespace latchkey;
using namespace latchkey::cli;
using nlohmann::json;

namespace {

json way(const std::string& method, bool works, const std::string& rule, unsigned minutes = 0) {
    return {{"method", method}, {"destination", ""},  {"surface", "console"},
            {"possession", ""}, {"works", works},     {"rule", rule},
            {"until", nullptr}, {"minutes", minutes}, {"not_working", false}};
}

json account() {
    return {{"user", "ada"},
            {"eligible", true},
            {"why_not", ""},
            {"privileged", false},
            {"locked", "no"},
            {"console", {{"proofs", 1}, {"needed", 1}, {"enough", true}}},
            {"remote", {{"proofs", 1}, {"needed", 2}, {"enough", false}}},
            {"ways", json::array()}};
}

struct Ran {
    ExitStatus status = ExitStatus::Ok;
    std::string out;
    std::string err;
};

Ran explain(const std::string& row, Output output = {}) {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    Terminal terminal{in, out, err};
    wire::AdminRequest asked;
    const auto status = run_explain(
        {"ada", output},
        [&](const wire::AdminRequest& request) {
            asked.verb = request.verb;
            asked.user = request.user;
            MonitorAnswer answer;
            answer.status = ExitStatus::Ok;
            answer.rows.emplace_back(std::string_view{row});
            return answer;
        },
        terminal);
    CHECK(asked.verb == wire::AdminVerb::Explain);
    CHECK(asked.user == "ada");
    return {status, out.str(), err.str()};
}

}  // namespace

TEST_CASE("explain says of each way what it proves, or which rule refuses it and what to do") {
    json row = account();
    row["ways"] = {way("email", true, ""), way("totp", false, "not_enrolled"),
                   way("sms", false, "limits.sends_per_day", 24 * 60),
                   way("saved", false, "not_enrolled")};
    const Ran ran = explain(row.dump());
    CHECK(ran.status == ExitStatus::Ok);
    CHECK(ran.out ==
          "At a console: 1 proof of 1.\n"
          "Over the network: 1 proof of 2: not enough.\n"
          "\n"
          "METHOD  DESTINATION  WHERE    WORKS  WHY\n"
          "email   -            console  yes    -\n"
          "totp    -            console  no     nothing is enrolled: latchkey enroll ada totp\n"
          "sms     -            console  no     tried too often within 1 d (limits.sends_per_day): "
          "wait\n"
          "saved   -            console  no     nothing is enrolled: latchkey codes ada --new\n");
}

TEST_CASE("each rule has a sentence of its own") {
    for (const auto& [rule, sentence] :
         {std::pair{"not_enrolled", "latchkey enroll ada email ADDRESS"},
          {"hold", "waits until it is confirmed"},
          {"expired", "security_info.expire_days"},
          {"unreadable", "latchkey check"},
          {"program_channels", "can become root"},
          {"budget", "latchkey channels"},
          {"limits.wrong_per_hour", "within 90 min (limits.wrong_per_hour)"}}) {
        json row = account();
        row["ways"] = {way("email", false, rule, 90)};
        INFO(rule);
        CHECK(explain(row.dump()).out.find(sentence) != std::string::npos);
    }
    json marked = account();
    marked["ways"] = {way("email", true, "")};
    marked["ways"][0]["not_working"] = true;
    CHECK(explain(marked.dump()).out.find("the menu says that it does not work") !=
          std::string::npos);
}

TEST_CASE("an account that cannot recover is told why, and explain says no") {
    json row = account();
    row["eligible"] = false;
    row["why_not"] = "expired";
    const Ran ran = explain(row.dump());
    CHECK(ran.status == ExitStatus::Negative);
    CHECK(ran.out.find("ada cannot recover here: expired.\n") == 0);
    json root = account();
    root["privileged"] = true;
    root["console"] = {{"proofs", 2}, {"needed", 2}, {"enough", false}};
    const Ran short_of_code = explain(root.dump());
    CHECK(short_of_code.status == ExitStatus::Negative);
    CHECK(short_of_code.out.find("2 proofs of 2, and a saved code has to be among them.") !=
          std::string::npos);
}

TEST_CASE("explain prints the monitor's row as it is, and not what is none") {
    const json row = account();
    CHECK(json::parse(explain(row.dump(), {.json = true}).out) == row);
    for (const char* none : {"[]", "{}", "nonsense", R"({"user":7})"}) {
        const Ran ran = explain(none);
        CHECK(ran.status != ExitStatus::Ok);
        CHECK(ran.err.find("latchkey") != std::string::npos);
    }
}
