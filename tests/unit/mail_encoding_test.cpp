// SPDX-License-Identifier: MIT
#include "plugins/common/mail_encoding.hpp"

#include <vector>

#include "plugins/common/escape.hpp"
#include "tests/support/catch.hpp"

namespace {

using namespace latchkey::mail;
using std::string;

std::vector<string> lines_of(const string& text) {
    std::vector<string> lines;
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = text.find("\r\n", begin)) != string::npos; begin = end + 2)
        lines.push_back(text.substr(begin, end - begin));
    lines.push_back(text.substr(begin));
    return lines;
}

string bytes_of_base64(const string& text) {
    const string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    string bytes;
    unsigned group = 0;
    unsigned bits = 0;
    for (const char c : text) {
        if (c == '=') break;
        group = group << 6 | static_cast<unsigned>(digits.find(c));
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes += static_cast<char>(group >> bits & 0xffU);
    }
    return bytes;
}

// The bytes of each word; whoever reads them puts them together without the spaces between.
std::vector<string> words_in(const string& header) {
    const string start = "=?UTF-8?B?";
    std::vector<string> words;
    for (string line : lines_of(header)) {
        if (line.starts_with(' ')) line.erase(0, 1);
        REQUIRE(line.starts_with(start));
        REQUIRE(line.ends_with("?="));
        CHECK(line.size() <= 75);
        words.push_back(bytes_of_base64(line.substr(start.size(), line.size() - start.size() - 2)));
    }
    return words;
}

}  // namespace

TEST_CASE("a header beyond ASCII becomes encoded words of whole characters", "[mail]") {
    for (const string sign : {"ä", "€", "漢", "😀"}) {
        for (std::size_t shift = 0; shift < 4; ++shift) {
            string text(shift, 'x');
            while (text.size() < 200) text += sign;
            string together;
            for (const string& word : words_in(encoded_words(text))) {
                CHECK(latchkey::plugin::is_utf8(word));
                together += word;
            }
            CHECK(together == text);
        }
    }
}

TEST_CASE("bytes that are no UTF-8 are kept, in words of the same length", "[mail]") {
    const string text(100, '\x80');
    string together;
    for (const string& word : words_in(encoded_words(text))) together += word;
    CHECK(together == text);
}

TEST_CASE("a short header of ASCII stays as it is, a long one is folded", "[mail]") {
    CHECK(encoded_words("Recovery code for host").find("Recovery code for host") == 0);
    CHECK(encoded_words(string(64, 'a')) == string(64, 'a'));
    CHECK(words_in(encoded_words(string(65, 'a'))) ==
          std::vector<string>{string(39, 'a'), string(26, 'a')});
}

TEST_CASE("what looks like an encoded word is encoded, so that it is read as it was", "[mail]") {
    const string hostile = "=?UTF-8?B?DQpCY2M6IHg=?=";
    CHECK(words_in(encoded_words(hostile)) == std::vector<string>{hostile});
    CHECK(phrase(hostile) == encoded_words(hostile) + "\r\n ");
}

TEST_CASE("a display name is quoted, or encoded", "[mail]") {
    CHECK(phrase("Help Desk, Room 12") == "\"Help Desk, Room 12\" ");
    CHECK(phrase("a\"b\\c") == "\"a\\\"b\\\\c\" ");
    CHECK(phrase("Köln") == "=?UTF-8?B?S8O2bG4=?=\r\n ");
}

TEST_CASE("a body of short ASCII lines travels as it is", "[mail]") {
    const auto body = encoded_body("one\n\n.\ntwo");
    CHECK(body.encoding == "7bit");
    CHECK(body.text == "one\r\n\r\n.\r\ntwo\r\n");
}

TEST_CASE("every other body is quoted-printable in lines of at most 76", "[mail]") {
    for (const string& text :
         {string(77, 'a'), string{"Grüße\n"}, string{"a\rb"}, string{"a\tb"}, string{"a\0b", 3},
          string(500, '='), string{" \n"} + string(300, ' ')}) {
        const auto body = encoded_body(text);
        CHECK(body.encoding == "quoted-printable");
        for (const string& line : lines_of(body.text)) {
            CHECK(line.size() <= 76);
            CHECK(line.find_first_of("\r\n\t") == string::npos);
            CHECK_FALSE(line.ends_with(' '));
        }
    }
    CHECK(encoded_body("ä = 1 \n").text == "=C3=A4 =3D 1=20\r\n");
}

TEST_CASE("no encoded body can hold what a boundary begins with", "[mail]") {
    for (const char* text : {"--=_latchkey", "--=_latchkey--\n", "=_", "==_\n=5F_ =\n_", "ä=_"})
        CHECK(encoded_body(text).text.find("=_") == string::npos);
}
