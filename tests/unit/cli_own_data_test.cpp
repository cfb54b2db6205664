// SPDX-License-Identifier: MIT
//
// `latchkey export` and `latchkey forget`, over a scripted talk.
#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "cli/user_verbs.hpp"
#include "tests/support/catch.hpp"

namespace latchkey::cli {

namespace {

using nlohmann::json;

struct Asked {
    wire::UserVerb verb;
    ChangeWish wish;
};

// A root side that answers the export, the activity and a change with these rows.
struct RootSide {
    std::vector<std::string> data;
    std::vector<std::string> activity;
    std::vector<std::string> change;
    ExitStatus status = ExitStatus::Ok;
    std::string typed;  // to every question; empty: given up

    ExitStatus ended = ExitStatus::Ok;
    std::string out;
    std::string err;
    std::vector<Asked> asked;

    void run(const std::vector<std::string>& words) {
        const UserTalk talk = [this](const wire::UserRequest& request, const Dialogue&) {
            asked.push_back({request.verb, request.wish});
            MonitorAnswer answer;
            answer.status = status;
            answer.error = status == ExitStatus::Ok ? "" : "that was not your password";
            for (const std::string& row : request.verb == wire::UserVerb::Export     ? data
                                          : request.verb == wire::UserVerb::Activity ? activity
                                                                                     : change)
                answer.rows.emplace_back(row);
            return answer;
        };
        std::istringstream in;
        std::ostringstream shown;
        std::ostringstream said;
        const Terminal terminal{in, shown, said};
        const auto ask = [this](const std::string&, bool) {
            return typed.empty() ? std::nullopt : std::optional{Secret{typed}};
        };
        const HelpTalk nobody;
        ended = run_user_command(words, {talk, ask, terminal, TimePoint{}, "ada", nobody});
        out = shown.str();
        err = said.str();
    }
};

RootSide with_data() {
    RootSide root;
    root.data = {R"({"part":"account","user":"ada","uid":1001,"saved_codes_left":3})",
                 R"({"part":"way","method":"email","address":"ada@example.org"})",
                 R"({"part":"way","method":"totp","address":null})",
                 R"({"part":"change","kind":"added_address","method":"email"})",
                 R"({"part":"record","event":"enrolment","detail":"enrolled email"})"};
    root.activity = {R"({"number":1,"event":"recovery","who":"ada"})"};
    return root;
}

const std::string kForgotten =
    R"({"user":"ada","wish":"forgotten","destination":"","counts_from":"2026-12-24T00:23:00Z",)"
    R"("first":false,"told":2})";

}  // namespace

TEST_CASE("what is kept is one JSON object, for people and for programs") {
    for (const bool for_programs : {false, true}) {
        RootSide root = with_data();
        root.run(for_programs ? std::vector<std::string>{"export", "--json"}
                              : std::vector<std::string>{"export"});
        CHECK(root.ended == ExitStatus::Ok);
        const json data = json::parse(root.out);
        CHECK(data.at("account").at("user") == "ada");
        CHECK(data.at("ways").size() == 2);
        CHECK(data.at("ways")[0].at("address") == "ada@example.org");
        CHECK_FALSE(data.at("ways")[0].contains("part"));
        CHECK(data.at("changes").size() == 1);
        CHECK(data.at("records").size() == 1);
        CHECK(data.at("activity").size() == 1);
        const auto lines = std::count(root.out.begin(), root.out.end(), '\n');
        CHECK((lines == 1) == for_programs);
    }
}

TEST_CASE("lists of which nothing is kept are there, and empty") {
    RootSide root;
    root.data = {R"({"part":"account","user":"ada"})"};
    root.run({"export", "--json"});
    CHECK(root.ended == ExitStatus::Ok);
    for (const char* list : {"ways", "changes", "records", "activity"})
        CHECK(json::parse(root.out).at(list) == json::array());
}

TEST_CASE("who is refused is shown nothing, and asked for nothing more") {
    RootSide root = with_data();
    root.status = ExitStatus::NotPermitted;
    root.run({"export"});
    CHECK(root.ended == ExitStatus::NotPermitted);
    CHECK(root.out.empty());
    CHECK(root.err == "latchkey: that was not your password\n");
    CHECK(root.asked.size() == 1);
}

TEST_CASE("an answer that is none is no export") {
    for (const char* row : {"", "[]", "{}", R"({"part":"else"})", R"({"part":3})"}) {
        RootSide root = with_data();
        root.data.emplace_back(row);
        root.run({"export"});
        CHECK(root.ended == ExitStatus::MonitorUnreachable);
        CHECK(root.out.empty());
    }
    RootSide empty;
    empty.run({"export"});
    CHECK(empty.ended == ExitStatus::MonitorUnreachable);
}

TEST_CASE("whoever forgets everything says yes first") {
    RootSide root;
    root.change = {kForgotten};
    SECTION("typed") {
        root.typed = "yes";
        root.run({"forget"});
        REQUIRE(root.asked.size() == 1);
        CHECK(root.asked[0].verb == wire::UserVerb::Change);
        CHECK(root.asked[0].wish == ChangeWish::Forget);
        CHECK(root.out.find("2026-12-24 00:23 UTC; then they are erased") != std::string::npos);
        CHECK(root.out.find("All your addresses are told") != std::string::npos);
    }
    SECTION("or as an option") {
        root.run({"forget", "--yes", "--json"});
        CHECK(root.asked.size() == 1);
        CHECK(json::parse(root.out).at("wish") == "forgotten");
    }
    SECTION("or nothing is asked of the root side") {
        for (const char* typed : {"", "y", "no", "YES please"}) {
            root.typed = typed;
            root.run({"forget"});
            CHECK(root.ended == ExitStatus::Negative);
            CHECK(root.err == "latchkey: given up; nothing was changed\n");
        }
        CHECK(root.asked.empty());
    }
}

TEST_CASE("neither verb takes a name") {
    for (const char* verb : {"export", "forget"}) {
        RootSide root = with_data();
        root.run({verb, "eve"});
        CHECK(root.ended == ExitStatus::Usage);
        CHECK(root.asked.empty());
    }
}

}  // namespace latchkey::cli
