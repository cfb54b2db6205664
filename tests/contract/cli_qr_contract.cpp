// SPDX-License-Identifier: MIT
//
// A reader of pictures sees in our codes what was put into them.
#include <chrono>
#include <string>
#include <vector>

#include "cli/qr_code.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;

namespace {

std::string uri_with(const std::string& account) {
    return "otpauth://totp/host.example:" + account +
           "?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=host.example&algorithm=SHA1&digits=6&"
           "period=30";
}

// What a real terminal shows of the text, as scripts/terminal-picture draws it for zbarimg.
std::string read_from_terminal(const std::string& text) {
    const TemporaryDirectory directory;
    directory.write("text", text + "that was all\n");
    const auto tmux = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(),
                         {"tmux", "-u", "-f", "/dev/null", "-S", directory.file("socket")});
        return run_command(arguments);
    };
    const Completed begun = tmux({"new-session", "-d", "-x", "250", "-y", "120",
                                  "cat " + directory.file("text") + "; exec cat"});
    INFO(begun.err);
    REQUIRE(begun.status == 0);
    Completed shown;
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    do shown = tmux({"capture-pane", "-e", "-N", "-p"});
    while (shown.out.find("that was all") == std::string::npos &&
           std::chrono::steady_clock::now() < until);
    (void)tmux({"kill-server"});
    directory.write("shown", shown.out);
    const Completed read =
        run_command({"sh", "-c",
                     std::string{LATCHKEY_SOURCE_DIR} + "/scripts/terminal-picture pgm <" +
                         directory.file("shown") + " >" + directory.file("picture.pgm") +
                         " && zbarimg --quiet --raw " + directory.file("picture.pgm")});
    INFO(read.err);
    return read.out;
}

}  // namespace

TEST_CASE("zbarimg reads the URI from what a terminal shows, in each way of drawing it") {
    const std::string uri = uri_with("ada");
    const auto code = cli::QrCode::of(Secret{uri});
    REQUIRE(code.has_value());
    for (const auto style : {cli::QrStyle::ColouredHalfBlocks, cli::QrStyle::ColouredBlanks,
                             cli::QrStyle::PlainHalfBlocks}) {
        INFO(static_cast<int>(style));
        CHECK(read_from_terminal(cli::drawn(*code, style)) == uri + "\n");
    }
}

TEST_CASE("zbarimg reads the URI from the picture, for short and for long names") {
    for (const std::string& account : {std::string("a"), std::string("ada%40host.example"),
                                       std::string(64, 'w'), std::string(200, 'w')}) {
        const TemporaryDirectory directory;
        const auto code = cli::QrCode::of(Secret{uri_with(account)});
        REQUIRE(code.has_value());
        REQUIRE(cli::write_png(*code, directory.file("key.png")).has_value());
        const Completed read =
            run_command({"zbarimg", "--quiet", "--raw", directory.file("key.png")});
        CHECK(read.status == 0);
        CHECK(read.out == uri_with(account) + "\n");
    }
}
