// SPDX-License-Identifier: MIT
//
// A reader of pictures sees in our codes what was put into them.
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

}  // namespace

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
