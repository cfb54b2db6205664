// SPDX-License-Identifier: MIT
//
// The command's end of `latchkey-monitor --admin`, against real programs.
#include <nlohmann/json.hpp>

#include "cli/import_call.hpp"
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

TEST_CASE("the rows of an import are taken in their order, however many, and answered once") {
    constexpr std::uint32_t kRows = 20'000;  // far more than the socket holds
    ImportWish wish;
    wish.write = true;
    for (std::uint32_t line = 1; line <= kRows; ++line) {
        wire::ImportRow row;
        row.line = line;
        row.user = "ada";
        row.address = "ada" + std::to_string(line) + "@example.org";
        wish.rows.push_back(std::move(row));
    }
    std::uint64_t told = 0;
    wish.progress = [&told](std::uint64_t done) { told = done; };
    const MonitorAnswer answer = import_by_monitor_at(LATCHKEY_TEST_ADMIN)(std::move(wish));
    CHECK(answer.status == ExitStatus::Ok);
    CHECK(told == kRows);
    REQUIRE(answer.rows.size() == 1);
    CHECK(answer.rows[0].reveal() == R"({"rows":20000,"written":true})");
}

TEST_CASE("a monitor that ends in the middle of an import, or is none, is unreachable") {
    for (const char* const program : {LATCHKEY_TEST_ADMIN, "/nonexistent/latchkey-monitor"}) {
        ImportWish wish;
        wish.progress = [](std::uint64_t) {};
        for (std::uint32_t line = 1; line <= 20'000; ++line) {
            wire::ImportRow row;
            row.line = line;
            row.user = "dies";
            wish.rows.push_back(std::move(row));
        }
        const MonitorAnswer answer = import_by_monitor_at(program)(std::move(wish));
        CHECK(answer.status == ExitStatus::MonitorUnreachable);
        CHECK(answer.error.find("latchkey check") != std::string::npos);
    }
}
