// SPDX-License-Identifier: MIT
//
// remove, purge, reset and policy check, over a scripted monitor.
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "cli/care_verbs.hpp"
#include "tests/support/catch.hpp"

namespace latchkey::cli {

namespace {

using nlohmann::json;
using Words = std::vector<std::string>;

struct Desk {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    bool asks = false;
    std::vector<wire::AdminRequest> asked;

    explicit Desk(const std::string& typed = {}, bool somebody_is_there = false)
        : in(typed), asks(somebody_is_there) {}

    ExitStatus run(const Words& words, const std::vector<std::string>& rows = {},
                   ExitStatus status = ExitStatus::Ok) {
        Terminal terminal{in, out, err};
        terminal.asks = asks;
        const MonitorCall monitor = [&](const wire::AdminRequest& request) {
            asked.push_back(request);
            MonitorAnswer answer;
            for (const std::string& row : rows) answer.rows.emplace_back(row);
            answer.status = status;
            if (status != ExitStatus::Ok) answer.error = "as the monitor says; do this";
            return answer;
        };
        auto command = parse_command_line(words);
        if (!command) return terminal.fail(ExitStatus::Usage, command.error().detail);
        return std::visit(
            [&](const auto& each) {
                using T = std::decay_t<decltype(each)>;
                if constexpr (std::is_same_v<T, RemoveCommand>)
                    return run_remove(each, monitor, terminal);
                else if constexpr (std::is_same_v<T, PurgeCommand>)
                    return run_purge(each, monitor, terminal);
                else if constexpr (std::is_same_v<T, ResetCommand>)
                    return run_reset(each, monitor, terminal);
                else if constexpr (std::is_same_v<T, PolicyCheckCommand>)
                    return run_policy_check(each, monitor, terminal);
                else
                    return ExitStatus::Configuration;
            },
            *command);
    }
};

bool holds(const std::ostringstream& stream, const std::string& part) {
    return stream.str().find(part) != std::string::npos;
}

const std::string kRemoved =
    R"({"user":"ada","method":"email","destinations":["a...a at e....org"],"removed":1,)"
    R"("notices":2,"dry_run":false})";

std::string kept(bool is_dry) {
    return json{{"user", "ada"},       {"uid", "1001"},   {"is_there", false}, {"contacts", 2},
                {"authenticators", 1}, {"recoveries", 0}, {"vetoes", 0},       {"codes", 0},
                {"files", 3},          {"notices", 0},    {"dry_run", is_dry}}
        .dump();
}

std::string standing(const std::string& user, unsigned ways, bool privileged = false,
                     unsigned codes = 0, bool eligible = true) {
    return json{
        {"user", user}, {"eligible", eligible},      {"privileged", privileged},
        {"ways", ways}, {"saved_codes_left", codes}, {"needed_at_console", privileged ? 2 : 1}}
        .dump();
}

}  // namespace

TEST_CASE("a way is removed by its method, of several by its address") {
    Desk desk;
    CHECK(desk.run({"remove", "ada", "email", "ada@example.org"}, {kRemoved}) == ExitStatus::Ok);
    REQUIRE(desk.asked.size() == 1);
    CHECK(desk.asked[0].verb == wire::AdminVerb::Remove);
    CHECK(desk.asked[0].user == "ada");
    CHECK(desk.asked[0].method == "email");
    CHECK(desk.asked[0].address == "ada@example.org");
    CHECK_FALSE(desk.asked[0].dry_run);
    CHECK(desk.out.str() ==
          "ada recovers no more by email, a...a at e....org.\nA notice goes to 2 addresses of the "
          "account.\n");
}

TEST_CASE("an address that is removed may be read, and a dry run is one") {
    Desk desk{"ada@example.org\n"};
    CHECK(desk.run({"remove", "ada", "email", "-", "--dry-run"}, {kRemoved}) == ExitStatus::Ok);
    CHECK(desk.asked.at(0).address == "ada@example.org");
    CHECK(desk.asked.at(0).dry_run);
    Desk nobody;
    CHECK(nobody.run({"remove", "ada", "email", "-"}) == ExitStatus::Usage);
    CHECK(nobody.asked.empty());
}

TEST_CASE("a purge shows what is there, and goes on only if it is told to") {
    for (const auto& [typed, status] : {std::pair{"y\n", ExitStatus::Ok},
                                        {"\n", ExitStatus::Negative},
                                        {"n\n", ExitStatus::Negative},
                                        {"", ExitStatus::Negative}}) {
        Desk desk{typed, true};
        CHECK(desk.run({"purge", "ada"}, {kept(false)}) == status);
        REQUIRE_FALSE(desk.asked.empty());
        CHECK(desk.asked[0].dry_run);
        CHECK(desk.asked.size() == (status == ExitStatus::Ok ? 2 : 1));
        if (status == ExitStatus::Ok) CHECK_FALSE(desk.asked[1].dry_run);
        CHECK(holds(desk.out, "is gone"));
        CHECK(holds(desk.out, "for ever? [y/N]"));
    }
}

TEST_CASE("a purge asks nobody where nobody is, unless it is told not to ask") {
    Desk script;
    CHECK(script.run({"purge", "ada"}, {kept(false)}) == ExitStatus::Usage);
    CHECK(script.asked.empty());
    CHECK(script.run({"purge", "1001", "--yes", "--json"}, {kept(false)}) == ExitStatus::Ok);
    REQUIRE(script.asked.size() == 1);
    CHECK(script.asked[0].user == "1001");
    const json printed = json::parse(script.out.str());
    CHECK(printed.at("purged").at(0).at("files") == 3);
    Desk dry;
    CHECK(dry.run({"purge", "ada", "--dry-run"}, {kept(true)}) == ExitStatus::Ok);
    CHECK(dry.asked.at(0).dry_run);
    CHECK(holds(dry.out, "Nothing was purged."));
}

TEST_CASE("a reset tells at how many addresses the person is asked, and nothing else of them") {
    Desk desk;
    CHECK(desk.run({"reset", "ada", "--method", "email"},
                   {R"({"user":"ada","messages":1,"short_of_ways":true,"privileged":false})"}) ==
          ExitStatus::Ok);
    CHECK(desk.asked.at(0).verb == wire::AdminVerb::Reset);
    CHECK(desk.asked.at(0).method == "email");
    CHECK(holds(desk.out, "ada is asked to set a new password, at 1 address."));
    CHECK(holds(desk.out, "latchkey pass issue ada"));
}

TEST_CASE("a policy is checked against everybody who can recover today") {
    const std::vector<std::string> rows{R"({"host":{"store":"ok"}})",
                                        standing("one", 1),
                                        standing("two", 2),
                                        standing("none", 0),
                                        standing("locked", 0, false, 0, false),
                                        standing("admin", 2, true, 5),
                                        standing("uncoded", 3, true, 0)};
    Desk desk;
    CHECK(desk.run({"policy", "check", "--gates", "2", "--json"}, rows) == ExitStatus::Negative);
    CHECK(json::parse(desk.out.str()) == json{{"gates", 2},
                                              {"accounts", 5},
                                              {"would_be_stranded", {"one"}},
                                              {"stranded_now", {"none", "uncoded"}}});
    Desk same;
    CHECK(same.run({"policy", "check", "--gates", "1"}, rows) == ExitStatus::Ok);
    CHECK(holds(same.out, "uncoded"));
    CHECK(holds(same.out, "0 of 5 accounts would be stranded, beside 2 that are now."));
    Desk three;
    CHECK(three.run({"policy", "check", "--gates", "3"}, rows) == ExitStatus::Negative);
    for (const char* part : {"one ", "two ", "admin ", "would be stranded", "3 of 5 accounts"})
        CHECK(holds(three.out, part));
    CHECK_FALSE(holds(three.out, "locked"));
}

TEST_CASE("a policy is not checked against what could not be read") {
    json unread = json::parse(standing("two", 2));
    unread["error"] = "the verifier is gone";
    const std::vector<std::vector<std::string>> answers{
        {R"({"host":{"store":"the store cannot be opened"}})", standing("one", 3)},
        {R"({"host":{"store":"ok"}})", standing("one", 3), unread.dump()}};
    for (const auto& rows : answers) {
        Desk desk;
        CHECK(desk.run({"policy", "check", "--gates", "2"}, rows) == ExitStatus::Configuration);
        CHECK(desk.out.str().empty());
        CHECK(holds(desk.err, "cannot be read"));
    }
}

TEST_CASE("what makes no sense is refused before the monitor is asked") {
    for (const Words& words :
         {Words{"remove", "ada"}, Words{"remove", "a b", "email"},
          Words{"remove", "ada", "codes", "ada@example.org"}, Words{"remove", "ada", "codes", "-"},
          Words{"purge"}, Words{"purge", "../ada"}, Words{"reset"}, Words{"policy"},
          Words{"policy", "check"}, Words{"policy", "check", "--gates", "0"},
          Words{"policy", "check", "--gates", "4"}, Words{"policy", "check", "--gates", "many"}}) {
        Desk desk;
        CHECK(desk.run(words) == ExitStatus::Usage);
        CHECK(desk.asked.empty());
        CHECK(desk.err.str().starts_with("latchkey: "));
    }
}

TEST_CASE("a refusal keeps its status, and an answer that is none is no success") {
    for (const Words& words : {Words{"remove", "ada", "email"}, Words{"purge", "ada", "--yes"},
                               Words{"reset", "ada"}, Words{"policy", "check", "--gates", "2"}}) {
        Desk refused;
        CHECK(refused.run(words, {}, ExitStatus::NotFound) == ExitStatus::NotFound);
        CHECK(refused.err.str() == "latchkey: as the monitor says; do this\n");
        for (const char* row : {"[]", "{}", R"({"user":3})"}) {
            Desk desk;
            CHECK(desk.run(words, {row}) == ExitStatus::MonitorUnreachable);
        }
    }
}

}  // namespace latchkey::cli
