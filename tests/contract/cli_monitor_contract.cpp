// SPDX-License-Identifier: MIT
//
// The command's end of `latchkey-monitor --admin`, against real programs.
#include <nlohmann/json.hpp>

#include "cli/monitor_call.hpp"
#include "tests/support/catch.hpp"

using namespace latchkey;
using namespace latchkey::cli;

namespace {

MonitorAnswer ask(const std::string& user, const std::string& program = LATCHKEY_TEST_ADMIN) {
    wire::AdminRequest request;
    request.user = user;
    return monitor_at(program)(request);
}

}  // namespace

TEST_CASE("the rows of an answer arrive in their order") {
    const MonitorAnswer answer = ask("rows");
    CHECK(answer.status == ExitStatus::Ok);
    CHECK(answer.error.empty());
    REQUIRE(answer.rows.size() == 40);
    CHECK(answer.rows[39].reveal() == R"({"row":39})");
}

TEST_CASE("the monitor is started with --admin, an empty environment and four descriptors") {
    const MonitorAnswer answer = ask("surroundings");
    REQUIRE(answer.rows.size() == 1);
    const auto seen = nlohmann::json::parse(answer.rows[0].reveal());
    CHECK(seen.at("argument") == "--admin");
    CHECK(seen.at("variables") == 0);
    CHECK(seen.at("descriptors") == 4);
}

TEST_CASE("a refusal carries the monitor's own status and sentence") {
    const MonitorAnswer answer = ask("refuses");
    CHECK(answer.status == ExitStatus::NotFound);
    CHECK(answer.error == "no local account is called refuses; look at /etc/passwd");
    CHECK(answer.rows.empty());
}

TEST_CASE("a monitor that is missing, dies or breaks the format is unreachable, with what to do") {
    for (const char* const user : {"dies", "contradicts", "newer", "babbles", "aborts", "silent"}) {
        const MonitorAnswer answer = ask(user);
        INFO(user << ": " << answer.error);
        CHECK(answer.status == ExitStatus::MonitorUnreachable);
        CHECK_FALSE(answer.error.empty());
    }
    for (const char* const program : {"/nonexistent/latchkey-monitor", "/bin/true", "/etc"}) {
        const MonitorAnswer answer = ask("rows", program);
        INFO(program << ": " << answer.error);
        CHECK(answer.status == ExitStatus::MonitorUnreachable);
        CHECK(answer.error.find("latchkey check") != std::string::npos);
    }
}
