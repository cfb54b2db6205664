// SPDX-License-Identifier: MIT
#include <algorithm>
#include <sstream>

#include "cli/new_key.hpp"
#include "cli/otp_check.hpp"
#include "cli/qr_code.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;
using namespace latchkey::cli;

namespace {

constexpr const char* kUri =
    "otpauth://totp/host.example:ada%40host.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer="
    "host.example&algorithm=SHA1&digits=6&period=30";

QrCode code() {
    auto made = QrCode::of(Secret{kUri});
    REQUIRE(made.has_value());
    return std::move(*made);
}

// The upper and lower cell of each character of a coloured line.
std::pair<std::string, std::string> cells_of(const std::string& line) {
    std::pair<std::string, std::string> cells;
    bool upper = false;
    bool lower = false;
    for (std::size_t at = 0; at < line.size();) {
        const std::string rest = line.substr(at);
        if (rest.starts_with("\x1b[38;5;")) upper = rest.starts_with("\x1b[38;5;16m");
        if (rest.starts_with("\x1b[48;5;")) lower = rest.starts_with("\x1b[48;5;16m");
        if (rest.starts_with("\x1b[")) {
            at += rest.find('m') + 1;
        } else {
            REQUIRE(rest.starts_with("\xe2\x96\x80"));
            cells.first += upper ? '#' : ' ';
            cells.second += lower ? '#' : ' ';
            at += 3;
        }
    }
    return cells;
}

// What a terminal like this is shown of a new key.
struct Screen {
    bool is_terminal = true;
    bool has_colour = true;
    bool is_utf8 = true;

    [[nodiscard]] std::string shows(const std::string& wish) const {
        std::istringstream in;
        std::ostringstream out;
        std::ostringstream err;
        Terminal terminal{in, out, err};
        terminal.is_terminal = is_terminal;
        terminal.has_colour = has_colour;
        terminal.is_utf8 = is_utf8;
        CHECK(show_key({Secret{"JBSWY3DPEHPK3PXP"}, Secret{kUri}}, {wish, {}}, terminal));
        CHECK(err.str().empty());
        CHECK(out.str().find("Key: JBSW Y3DP EHPK 3PXP\n") != std::string::npos);
        return out.str();
    }
};

bool is_coloured(const std::string& text) {
    return text.find("\x1b[") != std::string::npos;
}
bool has_blocks(const std::string& text) {
    return text.find("\xe2\x96") != std::string::npos;
}

}  // namespace

TEST_CASE("a code has a light frame of two cells and dark corners within it") {
    const QrCode qr = code();
    CHECK(qr.size() >= 21 + 2 * kQuietZone);
    CHECK(qr.size() <= 76);
    for (std::size_t i = 0; i < qr.size(); ++i) {
        for (std::size_t edge = 0; edge < kQuietZone; ++edge) {
            CHECK_FALSE(qr.is_dark(i, edge));
            CHECK_FALSE(qr.is_dark(edge, i));
            CHECK_FALSE(qr.is_dark(i, qr.size() - 1 - edge));
            CHECK_FALSE(qr.is_dark(qr.size() - 1 - edge, i));
        }
    }
    CHECK(qr.is_dark(kQuietZone, kQuietZone));
    CHECK(qr.is_dark(qr.size() - 1 - kQuietZone, kQuietZone));
}

TEST_CASE("coloured half blocks show every cell, set colours on each line and reset at its end") {
    const QrCode qr = code();
    std::istringstream lines{drawn(qr, QrStyle::ColouredHalfBlocks)};
    std::string line;
    std::size_t row = 0;
    while (std::getline(lines, line)) {
        CHECK(line.starts_with("\x1b["));
        CHECK(line.ends_with("\x1b[0m"));
        const auto [upper, lower] = cells_of(line.substr(0, line.size() - 4));
        REQUIRE(upper.size() == qr.size());
        for (std::size_t column = 0; column < qr.size(); ++column) {
            CHECK((upper[column] == '#') == qr.is_dark(column, row));
            const bool inside = row + 1 < qr.size();
            CHECK((lower[column] == '#') == (inside && qr.is_dark(column, row + 1)));
        }
        row += 2;
    }
    CHECK(row >= qr.size());
}

TEST_CASE("blanks need no UTF-8 and plain blocks no colours") {
    const std::string blanks = drawn(code(), QrStyle::ColouredBlanks);
    CHECK(std::all_of(blanks.begin(), blanks.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
    const std::string plain = drawn(code(), QrStyle::PlainHalfBlocks);
    CHECK(plain.find('\x1b') == std::string::npos);
    CHECK(plain.starts_with("\xe2\x96\x88\xe2\x96\x88"));
}

TEST_CASE("what does not fit into a QR code is refused") {
    CHECK(QrCode::of(Secret{std::string(8000, 'x')}).error().kind == ErrorKind::Rejected);
    CHECK_FALSE(QrCode::of(Secret{}).has_value());
}

TEST_CASE("a picture is a new file of mode 0600; an existing file and a link are left alone") {
    const TemporaryDirectory directory;
    REQUIRE(write_png(code(), directory.file("key.png")).has_value());
    struct stat facts {};
    REQUIRE(::stat(directory.file("key.png").c_str(), &facts) == 0);
    CHECK((facts.st_mode & 07777U) == 0600);
    CHECK(content_of(directory.file("key.png")).starts_with("\x89PNG"));

    directory.write("there.png", "precious");
    CHECK_FALSE(write_png(code(), directory.file("there.png")).has_value());
    CHECK(content_of(directory.file("there.png")) == "precious");
    std::filesystem::create_symlink(directory.file("target"), directory.file("link.png"));
    CHECK_FALSE(write_png(code(), directory.file("link.png")).has_value());
    CHECK_FALSE(std::filesystem::exists(directory.file("target")));
    CHECK_FALSE(write_png(code(), directory.file("no/such/key.png")).has_value());
}

TEST_CASE("a code of the new app is right in its step and the ones beside it") {
    // RFC 6238, appendix B: the key "12345678901234567890"; at 59 s the 8 digits
    // are 94287082, so the 6 digits are 287082.
    const Secret key{"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"};
    const auto at = [](std::int64_t seconds) { return TimePoint{std::chrono::seconds{seconds}}; };
    CHECK(is_right_otp(key, "287082", at(59)));
    CHECK(is_right_otp(key, " 287 082", at(59)));
    CHECK(is_right_otp(key, "287082", at(89)));
    CHECK_FALSE(is_right_otp(key, "287082", at(120)));
    CHECK_FALSE(is_right_otp(key, "287083", at(59)));
    for (const char* const hostile : {"", "28708", "2870820", "28708\x1b", "abcdef", "%n%n%n"}) {
        CHECK_FALSE(is_right_otp(key, hostile, at(59)));
    }
    CHECK_FALSE(is_right_otp(Secret{"1!"}, "287082", at(59)));
}

TEST_CASE("the picture is by itself the best that the terminal can show") {
    const std::string coloured = Screen{}.shows("");
    CHECK(is_coloured(coloured));
    CHECK(has_blocks(coloured));
    const std::string blanks = Screen{.is_utf8 = false}.shows("");
    CHECK(is_coloured(blanks));
    CHECK_FALSE(has_blocks(blanks));
    // A dumb terminal, or NO_COLOR.
    const std::string plain = Screen{.has_colour = false}.shows("");
    CHECK_FALSE(is_coloured(plain));
    CHECK(has_blocks(plain));
    const std::string none = Screen{.has_colour = false, .is_utf8 = false}.shows("");
    CHECK_FALSE(is_coloured(none));
    CHECK_FALSE(has_blocks(none));
    CHECK(none.starts_with("No picture is shown: "));
    CHECK(none.find("--qr=png FILE") != std::string::npos);

    const std::string piped = Screen{.is_terminal = false, .has_colour = false}.shows("");
    CHECK(piped.starts_with("Key: "));
}

TEST_CASE("a picture that is asked for is shown as it is asked for") {
    const Screen dumb{.has_colour = false, .is_utf8 = false};
    CHECK(is_coloured(dumb.shows("ansi")));
    CHECK_FALSE(has_blocks(dumb.shows("ansi")));
    CHECK(has_blocks(dumb.shows("utf8")));
    CHECK_FALSE(is_coloured(Screen{}.shows("utf8")));
    CHECK(dumb.shows("none").starts_with("Key: "));
}
