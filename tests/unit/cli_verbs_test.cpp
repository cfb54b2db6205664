// SPDX-License-Identifier: MIT
#include <sstream>

#include <nlohmann/json.hpp>

#include "cli/account_verbs.hpp"
#include "cli/host_verbs.hpp"
#include "cli/table.hpp"
#include "core/answers.hpp"
#include "core/printable.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/host_tree.hpp"

using namespace latchkey;
using namespace latchkey::cli;

namespace {

constexpr const char* kHostRow = R"({"host":{"outbox_oldest_due":null,"store":"ok"}})";
constexpr const char* kAda =
    R"({"user":"ada","uid":1000,"eligible":true,"why_not":"","privileged":true,)"
    R"("methods":[{"method":"email","destination":"a...e at e....org","possession":"email:e.org",)"
    R"("usable_from":"2026-01-01T00:00:00Z","gone_from":null,"gets_nothing":false,"expired":false},)"
    R"({"method":"work","destination":"x","possession":"p","usable_from":"","gone_from":null,"gets_nothing":true,"expired":false},)"
    R"({"method":"email","destination":"y","possession":"q","usable_from":"","gone_from":null,"gets_nothing":false,"expired":true}],)"
    R"("saved_codes_from":null,"saved_codes_left":9,"saved_codes_until":null,"passes":{"alive":2,"until":"2026-11-24T04:45:11Z"},)"
    R"("locked":"no","ways":2,"short_of_ways":false,"needed":2,"needed_at_console":2,)"
    R"("proofs":["email","saved"],"can_add":["totp"],)"
    R"("last_use":{"at":"2026-11-24T03:45:11Z","service":"login","outcome":"recovered"}})";
constexpr const char* kBob =
    R"({"user":"bob","uid":1001,"eligible":false,"why_not":"expired","privileged":false,)"
    R"("methods":[],"saved_codes_from":null,"saved_codes_left":0,"saved_codes_until":null,"passes":{"alive":0,"until":null},"locked":"held","ways":0,"short_of_ways":true,"needed":2,"needed_at_console":1,)"
    R"("proofs":[],"can_add":["email"],"last_use":null})";

struct Shown {
    ExitStatus status = ExitStatus::Ok;
    std::string out;
    std::string err;
};

struct Desk {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    Terminal terminal{in, out, err};

    Shown take(ExitStatus status) const { return {status, out.str(), err.str()}; }
};

MonitorCall answering(std::vector<std::string> rows) {
    return [rows = std::move(rows)](const wire::AdminRequest&) {
        MonitorAnswer answer;
        answer.status = ExitStatus::Ok;
        for (const std::string& row : rows) answer.rows.emplace_back(std::string_view{row});
        return answer;
    };
}

Shown status(const MonitorCall& monitor, const StatusCommand& command) {
    Desk screen;
    return screen.take(run_status(command, monitor, screen.terminal));
}

constexpr const char* kNewKey =
    R"({"user":"ada","key_base32":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",)"
    R"("uri":"otpauth://totp/h:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=h"})";

Shown enroll(const EnrollCommand& command, const std::string& typed, bool is_terminal) {
    Desk screen;
    screen.in.str(typed);
    screen.terminal.asks = is_terminal;
    screen.terminal.is_terminal = is_terminal;
    screen.terminal.has_colour = is_terminal;
    return screen.take(run_enroll(command, answering({kNewKey}), screen.terminal,
                                  TimePoint{std::chrono::seconds{59}}));
}

}  // namespace

TEST_CASE("a table aligns its columns, escapes its cells and can leave its headings out") {
    Table table{{"USER", "NOTE"}};
    table.add({"ada", "\x1b[31m"});
    table.add({"christopher", ""});
    std::ostringstream with;
    table.print(with, true);
    CHECK(with.str() == "USER         NOTE\nada          \\x1b[31m\nchristopher  -\n");
    std::ostringstream without;
    table.print(without, false);
    CHECK(without.str() == "ada          \\x1b[31m\nchristopher  -\n");
}

TEST_CASE("status shows one line for each account") {
    const Shown shown = status(answering({kHostRow, kAda, kBob}), {});
    CHECK(shown.status == ExitStatus::Ok);
    CHECK(shown.out ==
          "USER  RECOVERY  METHODS     CODES  LOCKED          LAST USE    GROUP\n"
          "ada   yes       email,work  9      no              2026-11-24  can become root\n"
          "bob   no        -           0      until released  never       -\n");
    CHECK(status(answering({kHostRow, kAda}), {.user = "", .output = {.legend = false}})
              .out.find("USER") == std::string::npos);
}

TEST_CASE("status of one account says why it cannot recover, and lists masked destinations") {
    const Shown ada = status(answering({kAda}), {.user = "ada", .output = {}});
    CHECK(ada.out.find("ada (uid 1000)") != std::string::npos);
    CHECK(ada.out.find("email   a...e at e....org  2026-01-01T00:00:00Z") != std::string::npos);
    CHECK(ada.out.find("work    x                  never: its channels run programs") !=
          std::string::npos);
    CHECK(ada.out.find("expired: confirm it by enroll") != std::string::npos);
    const Shown bob = status(answering({kBob}), {.user = "bob", .output = {}});
    CHECK(bob.out.find("no: expired") != std::string::npos);
    CHECK(ada.out.find("Temporary passes  2, until 2026-11-24T04:45:11Z\n") != std::string::npos);
    CHECK(bob.out.find("Temporary passes  none\n") != std::string::npos);
}

namespace {

// As the monitor tells of an account of `needed` proofs; `more` are further members.
std::string row_of(bool privileged, int ways, const std::string& more) {
    return std::string{R"({"user":"ada","uid":1000,"eligible":true,"methods":[],"privileged":)"} +
           (privileged ? "true" : "false") + R"(,"ways":)" + std::to_string(ways) +
           R"(,"needed":2,"short_of_ways":true,)" + more + "}";
}

}  // namespace

TEST_CASE("status says when the account was last recovered or unlocked, and that it never was") {
    const auto use_in = [](const std::string& use) {
        return status(answering({row_of(false, 0, R"("last_use":)" + use)}), {.user = "ada"}).out;
    };
    CHECK(use_in(R"({"at":"2026-11-24T03:45:11Z","service":"sshd","outcome":"unlocked"})")
              .find("Last use          2026-11-24T03:45:11Z, unlocked by sshd\n") !=
          std::string::npos);
    CHECK(use_in("null").find("Last use          never\n") != std::string::npos);
    CHECK(use_in(R"({"error":"read audit log"})")
              .find("Last use          not known: read audit log\n") != std::string::npos);
}

TEST_CASE("status says what is missing for the policy, and the command that adds it") {
    const std::string one = row_of(false, 1,
                                   R"("saved_codes_left":0,"needed_at_console":1,)"
                                   R"("proofs":["email"],"can_add":["sms","totp"])");
    CHECK(status(answering({one}), {.user = "ada", .is_own = true})
              .out.find("Proofs asked for  2 (1 at the console)\n"
                        "Proofs there      1: email\n"
                        "Missing           1 proof\n"
                        "                  add it by: latchkey enroll sms ADDRESS\n"
                        "                  or by:     latchkey enroll totp\n"
                        "                  or by:     latchkey codes --new\n") !=
          std::string::npos);
    CHECK(status(answering({one}), {.user = "ada"})
              .out.find("add it by: latchkey enroll ada sms ADDRESS\n") != std::string::npos);
    const std::string waits = row_of(false, 1,
                                     R"("saved_codes_left":0,"needed_at_console":2,"proofs":[],)"
                                     R"("saved_codes_from":"2026-12-01T00:00:00Z","can_add":[])");
    CHECK(status(answering({waits}), {.user = "ada", .is_own = true})
              .out.find("what would be enough is set up already, and does not count yet\n") !=
          std::string::npos);
    CHECK(status(answering({kAda}), {.user = "ada"}).out.find("Missing           nothing\n") !=
          std::string::npos);
}

TEST_CASE("who can become root is told of the saved code, and whom to ask for the first way") {
    const std::string no_code = row_of(true, 2,
                                       R"("saved_codes_left":0,"needed_at_console":2,)"
                                       R"("proofs":["email","totp"],"can_add":["sms"])");
    const std::string told = status(answering({no_code}), {.user = "ada", .is_own = true}).out;
    CHECK(told.find("Proofs asked for  2, one of them a saved recovery code\n") != told.npos);
    CHECK(told.find("Missing           a saved recovery code\n"
                    "                  add it by: latchkey codes --new\n") != told.npos);
    CHECK(told.find("enroll") == told.npos);
    const std::string nothing =
        row_of(true, 0, R"("saved_codes_left":0,"needed_at_console":2,"can_add":["email"])");
    CHECK(status(answering({nothing}), {.user = "ada", .is_own = true})
              .out.find("add it by: an administrator: sudo latchkey enroll ada email ADDRESS\n") !=
          std::string::npos);
}

TEST_CASE("status --json has the keys of the manual, for everybody and for one") {
    const auto all = nlohmann::json::parse(
        status(answering({kHostRow, kAda, kBob}), {.user = "", .output = {.json = true}}).out);
    CHECK(all.at("host").at("outbox_oldest_due").is_null());
    CHECK(all.at("host").at("store") == "ok");
    CHECK(all.at("host").at("channels_in_trouble").empty());
    CHECK(all.at("accounts").size() == 2);
    CHECK(all.at("accounts")[0] == nlohmann::json::parse(kAda));
    const auto one = nlohmann::json::parse(
        status(answering({kBob}), {.user = "bob", .output = {.json = true}}).out);
    CHECK(one == nlohmann::json::parse(kBob));
}

TEST_CASE("bytes of a hostile answer never reach the terminal raw") {
    const std::string row =
        R"({"user":"\u001b[2J\u009b","uid":1,"eligible":false,"why_not":"a\r\nb\u0007",)"
        R"("methods":[{"method":"\u202ex","destination":"\u0000"}],"locked":"\u001b"})";
    for (const bool json : {false, true}) {
        for (const char* const user : {"", "ada"}) {
            const Shown shown = status(answering({row}), {.user = user, .output = {.json = json}});
            std::string flat = shown.out;
            std::replace(flat.begin(), flat.end(), '\n', ' ');
            CHECK(is_printable(flat));
            CHECK(shown.status == ExitStatus::Ok);
        }
    }
}

TEST_CASE("what the monitor refuses is told with its own status, escaped, on standard error") {
    const MonitorCall refusing = [](const wire::AdminRequest&) {
        MonitorAnswer answer;
        answer.status = ExitStatus::NotFound;
        answer.error = "no local account is called \x1b[31mada; look at /etc/passwd";
        return answer;
    };
    Desk screen;
    for (const ExitStatus got :
         {run_status({}, refusing, screen.terminal),
          run_unlock({.user = "ada", .output = {}}, refusing, screen.terminal),
          run_codes({.user = "ada", .output = {}}, refusing, screen.terminal, {}),
          run_enroll({.user = "ada", .method = "totp", .destination = "", .qr = "", .output = {}},
                     refusing, screen.terminal, {})}) {
        CHECK(got == ExitStatus::NotFound);
    }
    CHECK(screen.out.str().empty());
    CHECK(screen.err.str().starts_with(
        "latchkey: no local account is called \\x1b[31mada; look at /etc/passwd\n"));
}

TEST_CASE("answers of a wrong shape are the monitor's fault, and nothing of them is shown") {
    for (const char* const row : {"{}", "[]", "7", "no json", R"({"user":1})",
                                  R"({"result":7,"codes":"x","key_base32":1,"uri":2})"}) {
        Desk screen;
        INFO(row);
        CHECK(run_unlock({.user = "ada", .output = {}}, answering({row}), screen.terminal) ==
              ExitStatus::MonitorUnreachable);
        CHECK(run_codes({.user = "ada", .output = {}}, answering({row}), screen.terminal, {}) ==
              ExitStatus::MonitorUnreachable);
        CHECK(
            run_enroll({.user = "ada", .method = "totp", .destination = "", .qr = "", .output = {}},
                       answering({row}), screen.terminal, {}) == ExitStatus::MonitorUnreachable);
        CHECK(screen.out.str().empty());
    }
}

TEST_CASE("unlock says what happened, and its status tells a lockout from none") {
    const auto unlock = [](const std::string& result) {
        Desk screen;
        return screen.take(run_unlock({.user = "ada", .output = {}},
                                      answering({R"({"user":"ada","result":")" + result + R"("})"}),
                                      screen.terminal));
    };
    CHECK(unlock("unlocked").out == "ada can sign in again.\n");
    CHECK(unlock("unlocked").status == ExitStatus::Ok);
    CHECK(unlock("nothing_was_locked").out == "ada was not locked by failed attempts.\n");
    CHECK(unlock("nothing_was_locked").status == ExitStatus::Negative);
    CHECK(unlock("held").status == ExitStatus::Negative);
}

TEST_CASE("unlock says who is told, and that not everybody could be") {
    const auto unlock = [](const char* more) {
        Desk screen;
        const std::string row = std::string{R"({"user":"ada","result":"unlocked",)"} + more + "}";
        CHECK(run_unlock({.user = "ada", .output = {}}, answering({row}), screen.terminal) ==
              ExitStatus::Ok);
        return screen.out.str() + screen.err.str();
    };
    CHECK(unlock(R"("told":true,"notices":2)") ==
          "ada can sign in again.\nA notice goes to 2 addresses of the account.\n");
    CHECK(unlock(R"("told":false,"notices":0)") ==
          "ada can sign in again.\nlatchkey: not everybody could be told of it; look into the log, "
          "and run: latchkey check\n");
}

TEST_CASE("codes are listed once, and on paper with what their owner must know") {
    const MonitorCall monitor =
        answering({R"({"user":"ada","codes":["ABCD-EFGH-JKLM-NPQR","RQPN-MLKJ-HGFE-DCBA"]})"});
    Desk plain;
    CHECK(run_codes({.user = "ada", .output = {}}, monitor, plain.terminal, {}) == ExitStatus::Ok);
    CHECK(plain.out.str().starts_with("  ABCD-EFGH-JKLM-NPQR\n  RQPN-MLKJ-HGFE-DCBA\n"));
    Desk paper;
    const TimePoint now{std::chrono::seconds{1'767'225'600}};
    CHECK(run_codes({.user = "ada", .for_paper = true, .output = {}}, monitor, paper.terminal,
                    now) == ExitStatus::Ok);
    CHECK(paper.out.str().starts_with("Recovery codes of ada on "));
    CHECK(paper.out.str().find("made 2026-01-01") != std::string::npos);
    CHECK(paper.out.str().find("  RQPN-MLKJ-HGFE-DCBA\n") != std::string::npos);
}

TEST_CASE(
    "a new app is shown as picture, key in groups and URI; the picture only where it can be") {
    const EnrollCommand totp{
        .user = "ada", .method = "totp", .destination = "", .qr = "", .output = {}};
    const Shown piped = enroll(totp, "", false);
    CHECK(piped.status == ExitStatus::Ok);
    CHECK(piped.out.find("Key: GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ\n") != std::string::npos);
    CHECK(piped.out.find("URI: otpauth://totp/h:ada?secret=") != std::string::npos);
    CHECK(piped.out.find('\x1b') == std::string::npos);
    const Shown seen = enroll(totp, "\n", true);
    CHECK(seen.out.find("\x1b[48;5;231m  ") != std::string::npos);
    CHECK(seen.out.find("Code that the app shows now (Enter to skip): ") != std::string::npos);
}

TEST_CASE("the code of the new app is judged, and a wrong one says where to look") {
    const EnrollCommand totp{
        .user = "ada", .method = "totp", .destination = "", .qr = "none", .output = {}};
    CHECK(enroll(totp, "287082\n", true).out.find("Right. ada is ready.") != std::string::npos);
    CHECK(enroll(totp, "000000\n", true).out.find("Look at the clocks") != std::string::npos);
    EnrollCommand quiet = totp;
    quiet.confirm = false;
    CHECK(enroll(quiet, "287082\n", true).out.find("Right.") == std::string::npos);
}

TEST_CASE("a picture goes into a new file only, and is refused before the old key is replaced") {
    const TemporaryDirectory directory;
    EnrollCommand totp{.user = "ada",
                       .method = "totp",
                       .destination = directory.file("k.png"),
                       .qr = "png",
                       .output = {}};
    CHECK(enroll(totp, "", false).status == ExitStatus::Ok);
    CHECK(std::filesystem::exists(directory.file("k.png")));
    Desk screen;
    const MonitorCall none = [](const wire::AdminRequest&) -> MonitorAnswer {
        FAIL("the monitor was asked");
        return {};
    };
    CHECK(run_enroll(totp, none, screen.terminal, {}) == ExitStatus::Usage);
    CHECK(screen.err.str().find("exists already") != std::string::npos);
}

TEST_CASE("an address is read from standard input, so that it stands in no list of processes") {
    HostTree tree;
    tree.status_rows = {R"({"user":"ada","destination":"a","possession":"email:x"})"};
    Desk screen;
    EnrollCommand by_mail{
        .user = "ada", .method = "email", .destination = "-", .qr = "", .output = {}};
    SECTION("as it was checked") {
        screen.in.str("ada@EXAMPLE.org\n");
        CHECK(run_enroll(by_mail, tree.monitor(), screen.terminal, {}) == ExitStatus::Ok);
        REQUIRE(tree.asked.size() == 1);
        CHECK(tree.asked[0].address == *checked_email_address("ada@EXAMPLE.org"));
    }
    SECTION("and what is none is refused") {
        screen.in.str(GENERATE("", "\n", "ada\n", "ada@example.org bob@example.org\n"));
        CHECK(run_enroll(by_mail, tree.monitor(), screen.terminal, {}) == ExitStatus::Usage);
        CHECK(tree.asked.empty());
    }
    SECTION("of telephones, too, whose numbers the monitor checks") {
        by_mail.method = "sms";
        screen.in.str("+49 170 1234567\n");
        CHECK(run_enroll(by_mail, tree.monitor(), screen.terminal, {}) == ExitStatus::Ok);
        REQUIRE(tree.asked.size() == 1);
        CHECK(tree.asked[0].address == "+49 170 1234567");
    }
}

TEST_CASE("root is shown a number as it is kept, with its country") {
    Desk screen;
    const MonitorCall monitor =
        answering({R"({"user":"ada","destination":"...67","number":"+491701234567","notices":0})"});
    CHECK(run_enroll({.user = "ada", .method = "sms", .destination = "0170 1234567"}, monitor,
                     screen.terminal, {}) == ExitStatus::Ok);
    CHECK(screen.out.str().starts_with("ada can recover by sms to +491701234567.\n"));
}

TEST_CASE("an e-mail address is passed to the monitor as it was checked") {
    HostTree tree;
    tree.status_rows = {
        R"({"user":"ada","destination":"a...a at e....org","possession":"email:x"})"};
    Desk screen;
    CHECK(run_enroll({.user = "ada",
                      .method = "email",
                      .destination = "ada@example.org",
                      .qr = "",
                      .output = {}},
                     tree.monitor(), screen.terminal, {}) == ExitStatus::Ok);
    REQUIRE(tree.asked.size() == 1);
    CHECK(tree.asked[0].verb == wire::AdminVerb::EnrolContact);
    CHECK(tree.asked[0].address == "ada@example.org");
    CHECK(screen.out.str() == "ada can recover by e-mail to ada@example.org.\n");
}

TEST_CASE(
    "check prints a mend under each finding, colours only where they are wanted, and counts") {
    HostTree tree;
    tree.set_up();
    tree.put("/etc/login.defs", "");
    Desk screen;
    CHECK(run_check({}, tree.host(), tree.monitor(), screen.terminal) == ExitStatus::Ok);
    const std::string text = screen.out.str();
    CHECK(text.find("\nwarn  login") != std::string::npos);
    CHECK(text.find("-> LOGIN_TIMEOUT 300 in /etc/login.defs\n") != std::string::npos);
    CHECK(text.ends_with("\n0 errors, 1 warnings\n"));
    CHECK(text.find('\x1b') == std::string::npos);

    Desk coloured;
    coloured.terminal.has_colour = true;
    tree.remove("/etc/latchkey/key");
    CHECK(run_check({}, tree.host(), tree.monitor(), coloured.terminal) == ExitStatus::Negative);
    CHECK(coloured.out.str().find("\x1b[31merror\x1b[0m") != std::string::npos);

    Desk json;
    CHECK(run_check({.allow_file_channel = false, .output = {.json = true}}, tree.host(),
                    tree.monitor(), json.terminal) == ExitStatus::Negative);
    const auto object = nlohmann::json::parse(json.out.str());
    CHECK(object.at("errors") == 1);
    CHECK(object.at("findings")[0].at("level") == "ok");
}
