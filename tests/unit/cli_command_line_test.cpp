// SPDX-License-Identifier: MIT
#include <sstream>

#include "cli/command.hpp"
#include "cli/command_line.hpp"
#include "core/printable.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/host_tree.hpp"

using namespace latchkey;
using namespace latchkey::cli;

namespace {

using Words = std::vector<std::string>;

template <class T>
T parsed(const Words& words) {
    auto command = parse_command_line(words);
    INFO(words.back() << " " << (command ? "" : command.error().detail));
    REQUIRE(command.has_value());
    return std::get<T>(std::move(*command));
}

struct Ran {
    ExitStatus status;
    std::string out;
    std::string err;
    bool asked;
};
Ran run(const Words& words) {
    HostTree tree;
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    const Terminal terminal{in, out, err};
    const SendTest send = [](const Settings&, const std::string&) -> Result<void> { return {}; };
    const CallChannel call = [](const Settings&, const std::string&, const wire::ChannelCall&) {
        return Result<wire::ChannelReply>{wire::ChannelReply{}};
    };
    bool imported = false;
    const ImportCall import_rows = [&imported](const ImportWish&) {
        imported = true;
        return MonitorAnswer{};
    };
    const ExitStatus status = run_command(
        words, {tree.host(), tree.monitor(), import_rows, send, call, Waiting{}, terminal});
    return {status, out.str(), err.str(),
            imported || !tree.asked.empty() || !tree.commands.empty()};
}

}  // namespace

TEST_CASE("every verb is understood with its options") {
    const auto setup = parsed<SetupCommand>({"setup", "--yes", "--json", "--ask", "Call 4711",
                                             "--server=mail:587", "--test", "a@example.org"});
    CHECK(setup.assume_yes);
    CHECK(setup.output.json);
    CHECK(setup.whom_to_ask == "Call 4711");
    CHECK(setup.mail_server == "mail:587");
    CHECK_FALSE(setup.mail_tls.has_value());
    CHECK(parsed<SetupCommand>({"setup", "--dry-run"}).dry_run);
    CHECK(parsed<CheckCommand>({"check", "--allow-file-channel"}).allow_file_channel);
    CHECK_FALSE(parsed<CheckCommand>({"check", "--no-legend"}).output.legend);
    CHECK(parsed<ChannelsCommand>({"channels", "--json"}).output.json);
    const auto test = parsed<TestCommand>({"test", "modem", "--to", "+4930123456"});
    CHECK(test.channel == "modem");
    CHECK(test.address == "+4930123456");
    CHECK_FALSE(parse_command_line({"test", "modem"}).has_value());
    CHECK(parsed<EnrollCommand>({"enroll", "ada", "email", "Ada@Example.ORG"}).destination ==
          "Ada@example.org");
    CHECK(parsed<EnrollCommand>({"enroll", "ada", "sms", "0170 123"}).destination == "0170 123");
    const auto totp = parsed<EnrollCommand>({"enroll", "ada", "totp", "--qr=png", "/root/k.png"});
    CHECK(totp.qr == "png");
    CHECK(totp.destination == "/root/k.png");
    CHECK(totp.confirm);
    CHECK_FALSE(parsed<EnrollCommand>({"enroll", "ada", "totp", "--no-confirm"}).confirm);
    CHECK(parsed<EnrollCommand>({"enroll", "ada", "hotp", "--qr=utf8"}).method == "hotp");
    CHECK(parsed<CodesCommand>({"codes", "ada", "--new", "--print"}).for_paper);
    CHECK(parsed<StatusCommand>({"status"}).user.empty());
    CHECK(parsed<StatusCommand>({"status", "ada"}).user == "ada");
    CHECK_FALSE(parsed<StatusCommand>({"status", "ada"}).show);
    CHECK(parsed<StatusCommand>({"status", "ada", "--show"}).show);
    CHECK(parsed<UnlockCommand>({"unlock", "ada"}).user == "ada");
    const auto csv = parsed<ImportCommand>({"import", "csv", "people.csv", "--dry-run", "--json"});
    CHECK(csv.format == ImportFormat::Csv);
    CHECK(csv.file == "people.csv");
    CHECK(csv.dry_run);
    CHECK(csv.output.json);
    const auto google = parsed<ImportCommand>(
        {"import", "google-authenticator", "/home/ada/.google_authenticator", "--user", "ada"});
    CHECK(google.format == ImportFormat::GoogleAuthenticator);
    CHECK(google.user == "ada");
    CHECK(parsed<ImportCommand>({"import", "oath", "-"}).format == ImportFormat::Oath);
    CHECK(parsed<ShowText>({"--version"}).text == "latchkey " LATCHKEY_VERSION "\n");
    CHECK(parsed<ShowText>({"enroll", "--help"}).text.find("DESTINATION") != std::string::npos);
}

TEST_CASE(
    "what is no command is refused with one printable sentence and status 2, and nothing runs") {
    const std::string much(1024 * 1024, 'a');
    const std::vector<Words> refused{
        {},
        {""},
        {"reset"},
        {"setup", "--please"},
        {"enroll"},
        {"enroll", "ada"},
        {"enroll", "ada", "sms"},
        {"enroll", "ada", "email"},
        {"enroll", "ada", "email", "not an address"},
        {"enroll", "ada", "email", "a@b@example.org"},
        {"enroll", "ada", "email", "a@example.org\r\nBcc: b@example.org"},
        {"enroll", "ada", "email", "a@example.org", "--qr=ansi"},
        {"enroll", "ada", "totp", "/root/key.png"},
        {"enroll", "ada", "hotp", "/root/key.png"},
        {"enroll", "ada", "totp", "--qr=png"},
        {"enroll", "ada", "totp", "--qr=jpeg"},
        {"codes", "ada"},
        {"codes", "--new"},
        {"status", "ada", "bob"},
        {"status", ""},
        {"status", "--show"},
        {"unlock"},
        {"unlock", "../../etc/shadow"},
        {"unlock", ".."},
        {"unlock", "a:b"},
        {"unlock", "a b"},
        {"unlock", "$(id)"},
        {"unlock", "-rf"},
        {"unlock", "--", "-rf"},
        {"unlock", "\x1b[31mred"},
        {"unlock", "\xff\xfe"},
        {"unlock", "m\xc3\xbcller"},
        {"unlock", std::string("a\0b", 3)},
        {"unlock", "a\nb"},
        {"unlock", much},
        {much},
        {"status", "--" + much},
        {"setup", "--ask",
         "\x07"
         "bell"},
        Words(1000, "check"),
        {"import"},
        {"import", "csv"},
        {"import", "xml", "people.xml"},
        {"import", "csv", "people.csv", "--user", "ada"},
        {"import", "google-authenticator", "file"},
        {"import", "google-authenticator", "file", "--user", "../ada"},
        {"import", "oath", "users.oath", "more"},
        {"import", "csv", "/nonexistent/people.csv"},
    };
    for (const Words& words : refused) {
        const Ran ran = run(words);
        INFO((words.empty() ? "" : escaped(words.back().substr(0, 60))) << "\n" << ran.err);
        CHECK(ran.status == ExitStatus::Usage);
        CHECK(ran.err.starts_with("latchkey: "));
        CHECK(ran.err.size() < 500);
        CHECK(ran.err.find('\n') == ran.err.size() - 1);
        CHECK(is_printable(ran.err.substr(0, ran.err.size() - 1)));
        CHECK(ran.out.empty());
        CHECK_FALSE(ran.asked);
    }
}

TEST_CASE("an output that cannot be written to is a failure") {
    HostTree tree;
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    out.setstate(std::ios::badbit);
    const Terminal terminal{in, out, err};
    CHECK(run_command({"check"}, {tree.host(), tree.monitor(), {}, {}, {}, {}, terminal}) ==
          ExitStatus::Negative);
    CHECK(err.str().find("standard output") != std::string::npos);
}
