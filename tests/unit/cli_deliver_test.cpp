// SPDX-License-Identifier: MIT
//
// latchkey deliver, over a scripted monitor.
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "cli/deliver_verb.hpp"
#include "tests/support/catch.hpp"

namespace latchkey::cli {

namespace {

using Words = std::vector<std::string>;

struct Desk {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    std::vector<wire::AdminRequest> asked;

    ExitStatus run(const Words& words, const Words& rows, ExitStatus status = ExitStatus::Ok) {
        const Terminal terminal{in, out, err};
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
        const auto* const deliver = std::get_if<DeliverCommand>(&*command);
        return deliver == nullptr ? ExitStatus::Configuration
                                  : run_deliver(*deliver, monitor, terminal);
    }
};

std::string row(unsigned delivered, unsigned postponed, unsigned given_up, bool ended_early) {
    return nlohmann::json{{"delivered", delivered},
                          {"postponed", postponed},
                          {"given_up", given_up},
                          {"ended_early", ended_early}}
        .dump();
}

}  // namespace

TEST_CASE("deliver says what became of the messages, and whether all were taken") {
    Desk well;
    CHECK(well.run({"deliver"}, {row(2, 0, 0, false)}) == ExitStatus::Ok);
    REQUIRE(well.asked.size() == 1);
    CHECK(well.asked[0].verb == wire::AdminVerb::Deliver);
    CHECK(well.asked[0].user.empty());
    CHECK(well.out.str() == "2 delivered, 0 postponed, 0 given up.\n");
    CHECK(well.err.str().empty());

    for (const std::string& said : {row(1, 1, 0, false), row(1, 0, 1, false)}) {
        CAPTURE(said);
        Desk badly;
        CHECK(badly.run({"deliver"}, {said}) == ExitStatus::ChannelFailed);
        CHECK(badly.out.str().starts_with("1 delivered, "));
        CHECK(badly.err.str().find("the journal says why") != std::string::npos);
    }
}

TEST_CASE("deliver says that nothing was due only if the run came to its end") {
    Desk none;
    CHECK(none.run({"deliver"}, {row(0, 0, 0, false)}) == ExitStatus::Ok);
    CHECK(none.out.str() == "Nothing was due.\n");
    Desk cut_short;
    CHECK(cut_short.run({"deliver"}, {row(0, 0, 0, true)}) == ExitStatus::TryLater);
    CHECK(cut_short.out.str().empty());
    CHECK(cut_short.err.str().find("run it again") != std::string::npos);
}

TEST_CASE("deliver prints the keys of the manual as JSON, and ends as without") {
    Desk desk;
    CHECK(desk.run({"deliver", "--json"}, {row(3, 2, 1, false)}) == ExitStatus::ChannelFailed);
    CHECK(nlohmann::json::parse(desk.out.str()) ==
          nlohmann::json{
              {"delivered", 3}, {"postponed", 2}, {"given_up", 1}, {"ended_early", false}});
}

TEST_CASE("deliver hands the monitor's refusal on, and takes no answer it cannot understand") {
    Desk refused;
    CHECK(refused.run({"deliver"}, {}, ExitStatus::MonitorUnreachable) ==
          ExitStatus::MonitorUnreachable);
    CHECK(refused.err.str() == "latchkey: as the monitor says; do this\n");
    for (const Words& rows :
         {Words{}, Words{"no JSON"}, Words{"{}"}, Words{R"({"delivered":"many"})"},
          Words{row(1, 0, 0, false), row(1, 0, 0, false)}}) {
        Desk desk;
        CHECK(desk.run({"deliver"}, rows) == ExitStatus::MonitorUnreachable);
        CHECK(desk.out.str().empty());
    }
    Desk extra;
    CHECK(extra.run({"deliver", "ada"}, {}) == ExitStatus::Usage);
    CHECK(extra.asked.empty());
}

}  // namespace latchkey::cli
