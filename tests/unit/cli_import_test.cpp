// SPDX-License-Identifier: MIT
//
// latchkey import, against a monitor that answers as it is told.
#include <sys/stat.h>
#include <unistd.h>

#include <sstream>

#include <nlohmann/json.hpp>

#include "cli/import_file.hpp"
#include "cli/import_verb.hpp"
#include "cli/progress_bar.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;
using namespace latchkey::cli;
using nlohmann::json;

namespace {

struct Monitor {
    std::vector<std::string> answers{
        R"({"rows":2,"bad":0,"added":1,"confirmed":1,"replaced":0,"written":true})"};
    ExitStatus status = ExitStatus::Ok;
    std::string error;
    std::size_t asked = 0;
    std::vector<std::string> seen{};  // "line user method address"
    bool write = false;

    ImportCall call() {
        return [this](ImportWish wish) {
            ++asked;
            write = wish.write;
            std::uint64_t done = 0;
            for (const wire::ImportRow& row : wish.rows) {
                seen.push_back(std::to_string(row.line) + ' ' + row.user + ' ' + row.method + ' ' +
                               row.address);
                wish.progress(++done);
            }
            MonitorAnswer answer;
            answer.status = status;
            answer.error = error;
            for (const std::string& row : answers) answer.rows.emplace_back(std::string_view{row});
            return answer;
        };
    }
};

struct Desk {
    TemporaryDirectory directory;
    std::istringstream in{};
    std::ostringstream out{};
    std::ostringstream err{};
    Terminal terminal{in, out, err};
    Monitor monitor{};

    ExitStatus import(const std::string& text, ImportCommand command = {}) {
        command.file = directory.write("rows", text);
        return run_import(command, monitor.call(), terminal);
    }
};

constexpr const char* kTwo = "ada,email,ada@example.org\nben,sms,+491701234567\n";

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("good rows are sent with their lines, to be written, and counted") {
    Desk desk;
    CHECK(desk.import(kTwo) == ExitStatus::Ok);
    CHECK(desk.monitor.write);
    CHECK(desk.monitor.seen ==
          std::vector<std::string>{"1 ada email ada@example.org", "2 ben sms +491701234567"});
    CHECK(desk.out.str() ==
          "2 rows imported: 1 new, 1 confirmed again, 0 in place of another app or token.\n");
    CHECK(desk.err.str().empty());
}

TEST_CASE("one bad row: the others are checked all the same, and nothing may be written") {
    Desk desk;
    desk.monitor.answers = {
        R"({"line":3,"problem":"no local account is called \"zed\"; mend the name"})",
        R"({"rows":2,"bad":1,"added":1,"confirmed":0,"replaced":0,"written":false})"};
    CHECK(desk.import("ada,email,ada@example.org\nada\nzed,email,z@example.org\n") ==
          ExitStatus::Negative);
    CHECK_FALSE(desk.monitor.write);
    CHECK(desk.monitor.seen.size() == 2);
    CHECK(desk.out.str().empty());
    CHECK(holds(desk.err.str(), "rows, line 2: 1 field, not the three"));
    CHECK(holds(desk.err.str(), "rows, line 3: no local account is called \"zed\"; mend the name"));
    CHECK(holds(desk.err.str(),
                "nothing was imported: 2 of 3 rows are bad; mend them, and import the file again"));
}

TEST_CASE("of bad rows behind the first hundred the lines are told, in ranges") {
    Desk desk;
    desk.monitor.answers = {
        R"({"line":1,"problem":"no local account is called ada; mend the name"})",
        R"({"bad_lines":[9,7]})", R"({"bad_lines":[8,12,4000000000]})",
        R"({"rows":9,"bad":6,"added":0,"confirmed":0,"replaced":0,"written":false})"};
    CHECK(desk.import("ada,email,a@example.org\n") == ExitStatus::Negative);
    CHECK(holds(desk.err.str(), "and 5 bad rows more; mend those above first"));
    CHECK(holds(desk.err.str(), ", bad as well: line 7-9, 12, 4000000000\n"));

    Desk programs;
    programs.monitor.answers = desk.monitor.answers;
    ImportCommand command;
    command.output.json = true;
    CHECK(programs.import("ada,email,a@example.org\n", command) == ExitStatus::Negative);
    const json object = json::parse(programs.out.str());
    CHECK(object.at("bad") == 6);
    CHECK(object.at("errors").size() == 1);
    CHECK(object.at("bad_lines") == json::array({7, 8, 9, 12, 4000000000}));
}

TEST_CASE("lines that are no ranges are told sixteen in a sentence") {
    Desk desk;
    json lines = json::array();
    for (int i = 0; i < 33; ++i) lines.push_back(200 + 2 * i);
    desk.monitor.answers = {
        json{{"bad_lines", lines}}.dump(),
        R"({"rows":33,"bad":33,"added":0,"confirmed":0,"replaced":0,"written":false})"};
    CHECK(desk.import("ada,email,a@example.org\n") == ExitStatus::Negative);
    CHECK(holds(desk.err.str(), "bad as well: line 200, 202, "));
    CHECK(holds(desk.err.str(), "bad as well: line 232, 234, "));
    CHECK(holds(desk.err.str(), "bad as well: line 264\n"));
}

TEST_CASE("more bad rows than are told are counted") {
    Desk desk;
    std::string text;
    for (int i = 0; i < 130; ++i) text += "ada\n";
    CHECK(desk.import(text) == ExitStatus::Negative);
    CHECK(desk.monitor.asked == 0);
    CHECK(holds(desk.err.str(), "and 30 bad rows more"));
    CHECK(holds(desk.err.str(), "130 of 130 rows are bad"));
    Desk of_monitor;
    of_monitor.monitor.answers = {
        R"({"line":1,"problem":"no; mend"})",
        R"({"rows":2,"bad":7,"added":0,"confirmed":0,"replaced":0,"written":false})"};
    CHECK(of_monitor.import(kTwo) == ExitStatus::Negative);
    CHECK(holds(of_monitor.err.str(), "and 6 bad rows more"));
}

TEST_CASE(
    "how many people are told that they had addresses before is said, also before it is done") {
    Desk desk;
    desk.monitor.answers = {
        R"({"rows":2,"bad":0,"added":2,"confirmed":0,"replaced":0,"notices":3,"written":true})"};
    CHECK(desk.import(kTwo) == ExitStatus::Ok);
    CHECK(holds(desk.out.str(),
                "Those who had addresses before are told: 3 notices, one after the other.\n"));
    Desk dry;
    dry.monitor.answers = {
        R"({"rows":2,"bad":0,"added":2,"confirmed":0,"replaced":0,"notices":1,"written":false})"};
    ImportCommand command;
    command.dry_run = true;
    CHECK(dry.import(kTwo, command) == ExitStatus::Ok);
    CHECK(holds(dry.out.str(), "Those who had addresses before would be told: 1 notice, "));
}

TEST_CASE("a dry run writes nothing and says so") {
    Desk desk;
    desk.monitor.answers = {
        R"({"rows":2,"bad":0,"added":2,"confirmed":0,"replaced":0,"written":false})"};
    ImportCommand command;
    command.dry_run = true;
    CHECK(desk.import(kTwo, command) == ExitStatus::Ok);
    CHECK_FALSE(desk.monitor.write);
    CHECK(holds(desk.out.str(), "2 rows can be imported: 2 new"));
    CHECK(holds(desk.out.str(), "Nothing was written."));
}

TEST_CASE("with --json there is one object with counts and errors, and no bar") {
    Desk desk;
    desk.terminal.shows_progress = true;
    ImportCommand command;
    command.output.json = true;
    CHECK(desk.import("ada\n" + std::string{kTwo}, command) == ExitStatus::Negative);
    const json object = json::parse(desk.out.str());
    CHECK(object.at("rows") == 3);
    CHECK(object.at("bad") == 1);
    CHECK(object.at("errors").at(0).at("line") == 1);
    CHECK(object.at("dry_run") == false);
    CHECK(desk.err.str().empty());
}

TEST_CASE("what of the file is not imported is said") {
    Desk desk;
    ImportCommand command;
    command.format = ImportFormat::GoogleAuthenticator;
    command.user = "ada";
    CHECK(desk.import("GEZDGNBVGY3TQOJQGEZDGNBVGY\n\" TOTP_AUTH\n12345678\n", command) ==
          ExitStatus::Ok);
    CHECK(desk.monitor.seen == std::vector<std::string>{"1 ada totp "});
    CHECK(holds(desk.out.str(), "Note: the scratch codes (1) were left out"));
    CHECK_FALSE(holds(desk.out.str() + desk.err.str(), "12345678"));
}

TEST_CASE("an empty file, a monitor that refuses and one that babbles are told apart") {
    Desk empty;
    CHECK(empty.import("\n\n") == ExitStatus::Negative);
    CHECK(holds(empty.err.str(), "the file has no row"));
    CHECK(empty.monitor.asked == 0);
    Desk refused;
    refused.monitor.status = ExitStatus::Configuration;
    refused.monitor.error = "the key is missing; run latchkey setup";
    CHECK(refused.import(kTwo) == ExitStatus::Configuration);
    CHECK(holds(refused.err.str(), "the key is missing; run latchkey setup"));
    for (const char* row : {"{}", "[]", "nonsense", R"({"written":1})"}) {
        Desk babbled;
        babbled.monitor.answers = {row};
        CHECK(babbled.import(kTwo) == ExitStatus::MonitorUnreachable);
    }
}

TEST_CASE("a file is read whole, within its bound, and no link at its end is followed") {
    const TemporaryDirectory directory;
    std::istringstream none;
    const std::string path = directory.write("rows", std::string(100'000, 'a'));
    CHECK(read_import_file(path, none, 100'000)->size() == 100'000);
    CHECK(holds(read_import_file(path, none, 99'999).error().detail, "longer than"));
    REQUIRE(::symlink("rows", directory.file("link").c_str()) == 0);
    CHECK(holds(read_import_file(directory.file("link"), none, 99).error().detail,
                "a link, which is not followed; name the file itself"));
    REQUIRE(::mkfifo(directory.file("fifo").c_str(), 0600) == 0);
    CHECK(holds(read_import_file(directory.file("fifo"), none, 99).error().detail,
                "not a regular file"));
    CHECK(holds(read_import_file(directory.path(), none, 99).error().detail, "not a regular file"));
    CHECK(holds(read_import_file(directory.file("absent"), none, 99).error().detail,
                "name a file to read"));
    std::istringstream typed{"ada,email,ada@example.org\n"};
    CHECK(read_import_file("-", typed, 99)->reveal() == "ada,email,ada@example.org\n");
    std::istringstream endless{std::string(200'000, 'a')};
    CHECK_FALSE(read_import_file("-", endless, 99'999));
}

TEST_CASE("the bar is drawn once for each percent, and only on a terminal that shows it") {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    Terminal terminal{in, out, err};
    { ProgressBar{terminal, 1000, true}.show(500); }
    CHECK(err.str().empty());
    terminal.shows_progress = true;
    {
        ProgressBar bar{terminal, 1000, true};
        for (std::uint64_t i = 0; i <= 1000; ++i) bar.show(i);
    }
    const std::string plain = err.str();
    CHECK(std::count(plain.begin(), plain.end(), '%') == 101);
    CHECK(holds(plain, "\r[####################....................] 50 % of 1000 rows"));
    CHECK(plain.find('\x1b') == std::string::npos);
    CHECK(plain.ends_with(" \r"));
    terminal.has_coloured_progress = true;
    { ProgressBar{terminal, 1000, true}.show(500); }
    CHECK(holds(err.str(), "\x1b[32m####################\x1b[0m"));
}
