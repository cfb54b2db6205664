// SPDX-License-Identifier: MIT
#include <sstream>

#include <nlohmann/json.hpp>

#include "cli/pass_verbs.hpp"
#include "core/printable.hpp"
#include "tests/support/catch.hpp"

using namespace latchkey;
using namespace latchkey::cli;

namespace {

using nlohmann::json;
using Words = std::vector<std::string>;

constexpr const char* kIssued =
    R"({"user":"ada","id":3,"pass":"ABCD-EFGH-JKLM-NPQR","issued_at":"2026-11-24T03:45:11Z",)"
    R"("ends_at":"2026-11-24T04:45:11Z","uses":"once","reason":"ticket 4711","notices":2,)"
    R"("privileged":false})";
constexpr const char* kListed =
    R"({"user":"ada","id":3,"issued_at":"2026-11-24T03:45:11Z","ends_at":"2026-11-24T04:45:11Z",)"
    R"("uses":"once","reason":"ticket 4711"})";

template <class T>
T parsed(const Words& words) {
    auto command = parse_command_line(words);
    INFO(words.back() << " " << (command ? "" : command.error().detail));
    REQUIRE(command.has_value());
    return std::get<T>(std::move(*command));
}
std::string refusal(const Words& words) {
    const auto command = parse_command_line(words);
    return command ? "" : command.error().detail;
}

struct Desk {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    Terminal terminal{in, out, err};
    wire::AdminRequest asked;

    MonitorCall answering(std::vector<std::string> rows) {
        return [this, rows = std::move(rows)](const wire::AdminRequest& request) {
            asked = request;
            MonitorAnswer answer;
            answer.status = ExitStatus::Ok;
            for (const std::string& row : rows) answer.rows.emplace_back(std::string_view{row});
            return answer;
        };
    }
};

PassIssueCommand wish() {
    PassIssueCommand command;
    command.user = "ada";
    command.life = std::chrono::hours{1};
    command.reason = "ticket 4711";
    return command;
}

}  // namespace

TEST_CASE("pass issue is understood with its options, and lives an hour unless told otherwise") {
    const auto usual = parsed<PassIssueCommand>({"pass", "issue", "ada", "--reason", "ticket 1"});
    CHECK(usual.user == "ada");
    CHECK(usual.reason == "ticket 1");
    CHECK(usual.life == std::chrono::hours{1});
    CHECK_FALSE(usual.many);
    const auto week = parsed<PassIssueCommand>(
        {"pass", "issue", "ada", "--for", "7d", "--many", "--json", "--reason=new here"});
    CHECK(week.life == std::chrono::days{7});
    CHECK(week.many);
    CHECK(week.output.json);
    CHECK_FALSE(parsed<PassIssueCommand>({"pass", "issue", "ada", "--once", "--reason", "x"}).many);
    for (const auto& [text, life] :
         {std::pair{"10m", std::chrono::seconds{600}}, {"30d", std::chrono::days{30}}})
        CHECK(parsed<PassIssueCommand>({"pass", "issue", "ada", "--reason", "x", "--for", text})
                  .life == life);
}

TEST_CASE("what is wrong with a pass that is asked for is said in one sentence with its mend") {
    const Words issue{"pass", "issue", "ada"};
    const auto with = [&issue](const Words& more) {
        Words words = issue;
        words.insert(words.end(), more.begin(), more.end());
        return refusal(words);
    };
    CHECK(with({}).find("--reason") != std::string::npos);
    for (const char* blank : {"", "   "})
        CHECK(with({"--reason", blank}).find("say who asked") != std::string::npos);
    CHECK(with({"--reason", std::string(120, 'r')}).empty());
    CHECK(with({"--reason", std::string(121, 'r')}).find("1 to 120") != std::string::npos);
    CHECK(with({"--reason", "two\nlines"}).find("printable") != std::string::npos);
    for (const char* life : {"9m", "0m", "31d", "721h", "43201m"})
        CHECK(with({"--reason", "x", "--for", life}).find("10m to 30d") != std::string::npos);
    for (const char* life : {"", "1", "h", "-1h", "1w", "2026-11-24", "999999999999h"})
        CHECK(with({"--reason", "x", "--for", life}).find("write 90m") != std::string::npos);
    CHECK(with({"--reason", "x", "--once", "--many"}).find("contradict") != std::string::npos);
    CHECK(refusal({"pass", "issue", "../ada", "--reason", "x"}).find("not an account's name") !=
          std::string::npos);
    CHECK_FALSE(refusal({"pass"}).empty());
    CHECK_FALSE(refusal({"pass", "revoke"}).empty());
    for (const char* id : {"0", "-1", "x", "4294967296"})
        CHECK_FALSE(refusal({"pass", "revoke", "ada", id}).empty());
    CHECK_FALSE(refusal({"pass", "list", "/etc"}).empty());
}

TEST_CASE("the monitor is asked for what was typed") {
    Desk issued;
    PassIssueCommand many = wish();
    many.many = true;
    CHECK(run_pass_issue(many, issued.answering({kIssued}), issued.terminal) == ExitStatus::Ok);
    CHECK(issued.asked.verb == wire::AdminVerb::PassIssue);
    CHECK(issued.asked.user == "ada");
    CHECK(issued.asked.reason == "ticket 4711");
    CHECK(issued.asked.lifetime == 3600);
    CHECK(issued.asked.many);
    Desk listed;
    CHECK(run_pass_list({"ada", {}}, listed.answering({}), listed.terminal) == ExitStatus::Ok);
    CHECK(listed.asked.verb == wire::AdminVerb::PassList);
    CHECK(listed.asked.user == "ada");
    Desk revoked;
    const auto command = parsed<PassRevokeCommand>({"pass", "revoke", "ada", "7"});
    CHECK(run_pass_revoke(command, revoked.answering({R"({"user":"ada","revoked":1})"}),
                          revoked.terminal) == ExitStatus::Ok);
    CHECK(revoked.asked.verb == wire::AdminVerb::PassRevoke);
    CHECK(revoked.asked.pass == 7);
    CHECK(revoked.out.str() == "1 pass of ada ended.\n");
    CHECK(parsed<PassRevokeCommand>({"pass", "revoke", "ada"}).id == 0);
}

TEST_CASE("a pass is shown with its end, who is told, and how it is ended before") {
    Desk desk;
    CHECK(run_pass_issue(wish(), desk.answering({kIssued}), desk.terminal) == ExitStatus::Ok);
    CHECK(desk.out.str() ==
          "  ABCD-EFGH-JKLM-NPQR\n\n"
          "It is shown this one time. Until 2026-11-24T04:45:11Z ada can type it once,\n"
          "where a recovery code is asked for at the login prompt.\n"
          "A notice goes to 2 addresses of the account.\n"
          "To end it before: latchkey pass revoke ada 3\n");
    json row = json::parse(kIssued);
    row["privileged"] = true;
    row["notices"] = 0;
    row["uses"] = "many";
    Desk root;
    CHECK(run_pass_issue(wish(), root.answering({row.dump()}), root.terminal) == ExitStatus::Ok);
    CHECK(root.out.str().find("as often as wanted") != std::string::npos);
    CHECK(root.out.str().find("Nobody is told") != std::string::npos);
    CHECK(root.out.str().find("a saved recovery code is needed beside it") != std::string::npos);
}

TEST_CASE("the list shows everything but the pass, and --json has the keys of the manual") {
    Desk desk;
    CHECK(run_pass_list({}, desk.answering({kListed}), desk.terminal) == ExitStatus::Ok);
    CHECK(desk.out.str() ==
          "USER  ID  ISSUED                ENDS                  USES  REASON\n"
          "ada   3   2026-11-24T03:45:11Z  2026-11-24T04:45:11Z  once  ticket 4711\n");
    Desk shown;
    CHECK(run_pass_list({"", {.json = true}}, shown.answering({kListed}), shown.terminal) ==
          ExitStatus::Ok);
    CHECK(json::parse(shown.out.str()) == json{{"passes", {json::parse(kListed)}}});
    Desk none;
    CHECK(run_pass_revoke({"ada", 0, {}}, none.answering({R"({"user":"ada","revoked":0})"}),
                          none.terminal) == ExitStatus::Ok);
    CHECK(none.out.str() == "No pass of ada was alive.\n");
}

TEST_CASE("answers about passes that are none, or hold hostile bytes, do no harm") {
    for (const char* row : {"", "[]", "{}", R"({"user":7})", R"({"user":"ada","revoked":"x"})"}) {
        Desk desk;
        const MonitorCall monitor = desk.answering({row});
        CHECK(run_pass_issue(wish(), monitor, desk.terminal) == ExitStatus::MonitorUnreachable);
        CHECK(run_pass_list({}, monitor, desk.terminal) == ExitStatus::MonitorUnreachable);
        CHECK(run_pass_revoke({"ada", 0, {}}, monitor, desk.terminal) ==
              ExitStatus::MonitorUnreachable);
    }
    json hostile = json::parse(kListed);
    hostile["reason"] = "\x1b[2J\n";
    Desk desk;
    CHECK(run_pass_list({}, desk.answering({hostile.dump()}), desk.terminal) == ExitStatus::Ok);
    CHECK(desk.out.str().find('\x1b') == std::string::npos);
}
