// SPDX-License-Identifier: MIT
#include <sstream>

#include <nlohmann/json.hpp>

#include "cli/audit_verbs.hpp"
#include "cli/since.hpp"
#include "core/printable.hpp"
#include "tests/support/catch.hpp"

using namespace latchkey;
using namespace latchkey::cli;

namespace {

constexpr const char* kRefused =
    R"({"number":2,"at":"2026-11-25T10:00:00Z","event":"recovery","who":"#5f3a9c01",)"
    R"("service":"sshd","source":"192.0.2.7","gates":"0/2","proofs":"","outcome":"refused",)"
    R"("rule":"unknown_name"})";
constexpr const char* kRecovered =
    R"({"number":1,"at":"2026-11-25T09:00:00Z","event":"recovery","who":"ada","service":"login",)"
    R"("source":"console:tty1","gates":"1/1","proofs":"email","outcome":"recovered",)"
    R"("rule":"gates=1/1"})";
constexpr const char* kIntact =
    R"({"records":2,"store_rows":3,"head":"2:ab","faults":[],"notes":["a note"]})";
constexpr const char* kBroken =
    R"({"records":2,"store_rows":3,"head":"2:ab","faults":["record 1 is missing"],"notes":[]})";

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

const TimePoint kNow{std::chrono::seconds{1'800'000'000}};

template <class T>
T parsed(const std::vector<std::string>& words) {
    auto command = parse_command_line(words);
    REQUIRE(command.has_value());
    return std::get<T>(std::move(*command));
}

}  // namespace

TEST_CASE("audit lists records as a table in the monitor's order") {
    Desk desk;
    const MonitorCall monitor = desk.answering({kRefused, kRecovered});
    CHECK(run_audit({"", "", {}}, monitor, desk.terminal, kNow) == ExitStatus::Ok);
    CHECK(desk.out.str() ==
          "NUMBER  TIME                  EVENT     WHO        SERVICE  SOURCE        GATES  "
          "OUTCOME    RULE\n"
          "2       2026-11-25T10:00:00Z  recovery  #5f3a9c01  sshd     192.0.2.7     0/2    "
          "refused    unknown_name\n"
          "1       2026-11-25T09:00:00Z  recovery  ada        login    console:tty1  1/1    "
          "recovered  gates=1/1\n");
    CHECK(desk.asked.verb == wire::AdminVerb::Audit);
    CHECK(desk.asked.since == 0);
}

TEST_CASE("audit passes name and time on, and --json has the keys of the manual") {
    Desk desk;
    const MonitorCall monitor = desk.answering({kRecovered});
    const AuditCommand command{"ada", "24h", {.json = true}};
    CHECK(run_audit(command, monitor, desk.terminal, kNow) == ExitStatus::Ok);
    CHECK(desk.asked.user == "ada");
    CHECK(desk.asked.since == 1'800'000'000 - 24 * 3600);
    CHECK(nlohmann::json::parse(desk.out.str()) ==
          nlohmann::json{{"records", {nlohmann::json::parse(kRecovered)}}});
}

TEST_CASE("audit verify ends with 0 for an intact log and with 1 for any other") {
    Desk intact;
    CHECK(run_audit_verify({"", {}}, intact.answering({kIntact}), intact.terminal) ==
          ExitStatus::Ok);
    CHECK(intact.out.str() ==
          "2 records and 3 rows of the store, intact.\n  note: a note\nHead: 2:ab\n");
    Desk broken;
    CHECK(run_audit_verify({"7:ff", {}}, broken.answering({kBroken}), broken.terminal) ==
          ExitStatus::Negative);
    CHECK(broken.asked.verb == wire::AdminVerb::AuditVerify);
    CHECK(broken.asked.head == "7:ff");
    CHECK(broken.out.str() ==
          "2 records and 3 rows of the store, and they are not what was written:\n  record 1 is "
          "missing\nHead: 2:ab\n");
    Desk json;
    CHECK(run_audit_verify({"", {.json = true}}, json.answering({kBroken}), json.terminal) ==
          ExitStatus::Negative);
    CHECK(nlohmann::json::parse(json.out.str()).at("intact") == false);
}

TEST_CASE("what the store's trail was found to contradict decides like a fault of the log") {
    constexpr const char* kFault = R"({"fault":"row 3 of the store was changed"})";
    constexpr const char* kNote = R"({"note":"row 4\u001b is open"})";
    Desk noted;
    CHECK(run_audit_verify({"", {}}, noted.answering({kIntact, kNote}), noted.terminal) ==
          ExitStatus::Ok);
    CHECK(noted.out.str() ==
          "2 records and 3 rows of the store, intact.\n  note: a note\n"
          "  note: row 4\\x1b is open\nHead: 2:ab\n");
    Desk json;
    CHECK(run_audit_verify({"", {.json = true}}, json.answering({kIntact, kNote, kFault}),
                           json.terminal) == ExitStatus::Negative);
    const auto shown = nlohmann::json::parse(json.out.str());
    CHECK(shown.at("intact") == false);
    CHECK(shown.at("store_rows") == 3);
    CHECK(shown.at("faults").dump() == R"(["row 3 of the store was changed"])");
    CHECK(shown.at("notes").size() == 2);
    for (const char* row : {"{}", R"({"fault":1})", "nonsense"}) {
        Desk desk;
        CHECK(run_audit_verify({"", {}}, desk.answering({kIntact, row}), desk.terminal) ==
              ExitStatus::MonitorUnreachable);
    }
}

TEST_CASE("an answer about the audit log that cannot be understood is no intact log") {
    for (const char* row : {"{}", "[]", "nonsense", R"({"faults":1})", R"({"number":"x"})"}) {
        Desk desk;
        CHECK(run_audit({"", "", {}}, desk.answering({row}), desk.terminal, kNow) ==
              ExitStatus::MonitorUnreachable);
        CHECK(run_audit_verify({"", {}}, desk.answering({row}), desk.terminal) ==
              ExitStatus::MonitorUnreachable);
        CHECK(desk.out.str().find("intact") == std::string::npos);
    }
    Desk none;
    CHECK(run_audit_verify({"", {}}, none.answering({}), none.terminal) ==
          ExitStatus::MonitorUnreachable);
}

TEST_CASE("records of strangers never reach the terminal raw") {
    std::string row = kRecovered;
    row.replace(row.find("ada"), 3, "\\u001b[2J\\n\\u009b");
    for (const bool json : {false, true}) {
        Desk desk;
        CHECK(run_audit({"", "", {.json = json}}, desk.answering({row}), desk.terminal, kNow) ==
              ExitStatus::Ok);
        std::string flat = desk.out.str();
        std::replace(flat.begin(), flat.end(), '\n', ' ');
        CHECK(is_printable(flat));
    }
}

TEST_CASE("the value of --since is a date, a time or a span, and nothing else") {
    const auto seconds = [](std::string_view text) -> std::int64_t {
        const auto at = since_in(text, kNow);
        return at ? at->time_since_epoch().count() : -1;
    };
    CHECK(seconds("2026-11-25") == 1'795'564'800);
    CHECK(seconds("2026-11-25T01:02:03Z") == 1'795'564'800 + 3723);
    CHECK(seconds("90m") == 1'800'000'000 - 5400);
    CHECK(seconds("24h") == 1'800'000'000 - 86400);
    CHECK(seconds("7d") == 1'800'000'000 - 7 * 86400);
    for (const char* text : {"", "d", "7", "7w", "-7d", "2026-13-01", "2026-02-30", "2026/11/25",
                             "2026-11-25 01:02:03Z", "2026-11-25T24:00:00Z", "99999999d", "7 d"}) {
        CAPTURE(text);
        CHECK_FALSE(since_in(text, kNow).has_value());
    }
}

TEST_CASE("audit and audit verify are understood with their options, and refused with a reason") {
    const auto audit = parsed<AuditCommand>({"audit", "ada", "--since", "7d", "--no-legend"});
    CHECK(audit.user == "ada");
    CHECK(audit.since == "7d");
    CHECK_FALSE(audit.output.legend);
    CHECK(parsed<AuditCommand>({"audit"}).user.empty());
    CHECK(parsed<AuditCommand>({"audit", "--user", "ada"}).user == "ada");
    CHECK(parsed<AuditCommand>({"audit", "--since", "7d", "--user=ada"}).user == "ada");
    CHECK(parsed<AuditVerifyCommand>({"audit", "verify", "--head", "5:ab", "--json"}).head ==
          "5:ab");
    CHECK(parsed<AuditVerifyCommand>({"audit", "verify"}).head.empty());
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"audit", "--since", "yesterday"},
          {"audit", ""},
          {"audit", "verify", "ada"},
          {"audit", "ada", "bob"},
          {"audit", "ada", "--user", "bob"},
          {"audit", "--user", "ada", "--user", "bob"},
          {"audit", "--user"},
          {"audit", "--user", ""},
          {"audit", "--user", "ada", "verify"},
          {"audit", "--since", "7d", "verify"},
          {"audit", "--head", "5:ab"}})
        CHECK_FALSE(parse_command_line(words).has_value());
}
