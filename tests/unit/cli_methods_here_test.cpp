// SPDX-License-Identifier: MIT
//
// What an owner is told that can be set up on this host.
#include <sstream>
#include <string>

#include <nlohmann/json.hpp>

#include "cli/account_verbs.hpp"
#include "tests/support/catch.hpp"

namespace latchkey::cli {

namespace {

std::string row_of_ada(bool is_privileged) {
    return std::string{R"({"user":"ada","uid":1001,"eligible":true,"privileged":)"} +
           (is_privileged ? "true" : "false") +
           R"(,"ways":0,"methods":[],"can_set_up":[{"method":"email","needs":"email"},)"
           R"({"method":"totp","needs":"app"},{"method":"new","needs":"what nobody knows"}]})";
}

std::string shown(const std::string& row, const Output& output, bool is_own = true) {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    const MonitorCall monitor = [&](const wire::AdminRequest&) {
        MonitorAnswer answer;
        answer.status = ExitStatus::Ok;
        answer.rows.emplace_back(row);
        return answer;
    };
    CHECK(run_status({"ada", false, output, is_own}, monitor, Terminal{in, out, err}) ==
          ExitStatus::Ok);
    return out.str();
}

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an owner sees what can be set up here, as commands that work as they are typed") {
    const std::string out = shown(row_of_ada(false), {});
    INFO(out);
    CHECK(holds(out, "CAN BE SET UP HERE"));
    CHECK(holds(out, "latchkey enroll email ADDRESS  an e-mail address\n"));
    CHECK(holds(out, "latchkey enroll totp           an authenticator app\n"));
    CHECK(holds(out, "latchkey enroll new ADDRESS    an address there\n"));
    CHECK(holds(out, "latchkey codes --new "));
    Output bare;
    bare.legend = false;
    CHECK_FALSE(holds(shown(row_of_ada(false), bare), "CAN BE SET UP HERE"));
}

TEST_CASE("programs get what can be set up by its name and its need") {
    Output output;
    output.json = true;
    const auto printed = nlohmann::json::parse(shown(row_of_ada(false), output));
    REQUIRE(printed.at("can_set_up").size() == 3);
    CHECK(printed.at("can_set_up")[1].at("method") == "totp");
    CHECK(printed.at("can_set_up")[1].at("needs") == "app");
}

TEST_CASE("what the administrator has to begin is not shown as the owner's to set up") {
    CHECK_FALSE(holds(shown(row_of_ada(true), {}), "CAN BE SET UP HERE"));
    CHECK_FALSE(holds(shown(row_of_ada(false), {}, false), "CAN BE SET UP HERE"));
}

}  // namespace latchkey::cli
