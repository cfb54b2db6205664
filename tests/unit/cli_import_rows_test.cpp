// SPDX-License-Identifier: MIT
//
// The three formats of latchkey import, as their own programs write them, and what is wrong with
// a row.
#include "cli/import_rows.hpp"
#include "core/printable.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/hostile_values.hpp"

using namespace latchkey;
using namespace latchkey::cli;

namespace {

// The key of RFC 4226, appendix D: 20 bytes.
constexpr std::string_view kKey = "12345678901234567890";
constexpr const char* kBase32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
constexpr const char* kHex = "3132333435363738393031323334353637383930";

// The only bad row's sentence.
std::string problem_of(const ImportRows& read) {
    REQUIRE(read.bad.count() == 1);
    return read.bad.first().begin()->second;
}

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a csv file is read with headings and without, in quotes or not") {
    const ImportRows read = rows_of_csv(
        "\xef\xbb\xbfUser,Method,Address\r\n"
        "ada,email,ada@example.org\r\n"
        "\r\n"
        "\"ben\",\"sms\",\"+49 170 1234567\"\n"
        "cyd,matrix,\"a\"\"b,c\"\n"
        "dan,totp,gezd gnbv gy3t qojq gezd gnbv gy3t qojq");
    CHECK(read.bad.count() == 0);
    REQUIRE(read.rows.size() == 4);
    CHECK(read.rows[0].line == 2);
    CHECK(read.rows[0].user == "ada");
    CHECK(read.rows[0].method == "email");
    CHECK(read.rows[0].address == "ada@example.org");
    CHECK(read.rows[1].line == 4);
    CHECK(read.rows[1].address == "+49 170 1234567");
    CHECK(read.rows[2].address == "a\"b,c");
    CHECK(read.rows[3].method == "totp");
    CHECK(read.rows[3].key.reveal() == kKey);
    CHECK(read.rows[3].address.empty());
    CHECK(rows_of_csv("ada,email,ada@example.org").rows.at(0).line == 1);
    CHECK(rows_of_csv("").rows.empty());
}

TEST_CASE("a domain beyond ASCII is taken in the form of the DNS, and that is said") {
    const ImportRows read = rows_of_csv(
        "ada,email,ada@b\xc3\xbc"
        "cher.example\n"
        "ben,email,b\xc3\xa9n@example.org\n"
        "cyd,email,cyd@\xe2\x98\x83..example\n");
    REQUIRE(read.rows.size() == 1);
    CHECK(read.rows[0].address == "ada@xn--bcher-kva.example");
    REQUIRE(read.notes.size() == 1);
    CHECK(holds(read.notes[0], "is taken as ada@xn--bcher-kva.example"));
    CHECK(is_printable(read.notes[0]));
    REQUIRE(read.bad.count() == 2);
    CHECK(holds(read.bad.first().begin()->second, "letters that mail here cannot carry"));

    std::string many;
    for (int i = 0; i < 30; ++i)
        many += "u" + std::to_string(i) + ",email,a@b\xc3\xbc" + std::to_string(i) + ".example\n";
    const ImportRows full = rows_of_csv(many);
    CHECK(full.rows.size() == 30);
    CHECK(full.notes.size() == 21);
}

TEST_CASE("each bad line of a csv file is told with its number, and the others are read") {
    const std::vector<std::pair<std::string, std::string>> bad{
        {"ada,email", "2 fields, not the three"},
        {"ada", "1 field, not the three"},
        {"ada,email,a@example.org,x", "4 fields, not the three"},
        {",email,a@example.org", "the user is empty"},
        {"ada,,a@example.org", "the method is empty"},
        {"ada,email,", "the address is empty"},
        {"\"ada,email,a@example.org", "a quote does not end in its line"},
        {"\"ada\"x,email,a@example.org", "something follows a field in quotes"},
        {"a\"da,email,a@example.org", "a quote stands within a field"},
        {"ada,email,a\x1b[2J@example.org", "the address holds a control character"},
        {std::string("ada,email,a\0@example.org", 24), "the address holds a control character"},
        {"ada,email," + std::string(600, 'a'), "the address is longer than 512 bytes"},
        {std::string(5000, 'a'), "longer than 4,096 bytes"},
        {"ada,totp,0189", "the key is not base 32"},
        {"ada,totp," + std::string(400, 'A'), "the key is not base 32"},
        {"ada,hotp,GEZDGNBVGY3TQOJQ", "latchkey import oath"}};
    for (const auto& [line, problem] : bad) {
        CAPTURE(line.substr(0, 60));
        const ImportRows read =
            rows_of_csv("ben,email,ben@example.org\n" + line + "\ncyd,email,cyd@example.org\n");
        CHECK(holds(problem_of(read), problem));
        CHECK(read.bad.first().begin()->first == 2);
        CHECK(read.rows.size() == 2);
    }
}

TEST_CASE("a refused address is repeated in sixty signs, however many its bytes take") {
    const auto sentence = [](const std::string& domain) {
        return problem_of(rows_of_csv("ada,email,ada@" + domain + ".org"));
    };
    CHECK(holds(sentence(std::string(100, '\x91')), R"(\x91\x91...')"));
    CHECK(holds(sentence(std::string(14, '\x91')), R"(\x91...')"));
    CHECK(holds(sentence(std::string(13, '\x91')), R"(\x91.org')"));
}

TEST_CASE("a note repeats an address whole where it can, and stays one short sentence") {
    const auto note = [](const std::string& local) {
        return rows_of_csv("ada,email," + local + "@b\xc3\xbc.org").notes.at(0);
    };
    CHECK(holds(note(std::string(100, 'a')), " is taken as " + std::string(100, 'a') + "@xn--"));
    for (const char sign : {'a', '\\'}) {
        CHECK(note(std::string(400, sign)).size() < 300);
        CHECK(holds(note(std::string(400, sign)), " is taken as '"));
    }
}

TEST_CASE("of many bad rows the first hundred are told, and all are counted") {
    std::string text;
    for (int i = 0; i < 250; ++i) text += "ada\n";
    const ImportRows read = rows_of_csv(text);
    CHECK(read.bad.count() == 250);
    CHECK(read.bad.others().size() == 150);
    CHECK(read.bad.others().front() == 101);
    REQUIRE(read.bad.first().size() == 100);
    CHECK(read.bad.first().begin()->first == 1);
    CHECK(std::prev(read.bad.first().end())->first == 100);
    BadRows late;
    for (std::uint32_t line = 500; line > 0; --line) late.add(line, "no;");
    CHECK(std::prev(late.first().end())->first == 100);
    CHECK(late.count() == 500);
    // Each line is there once, among those or among the others.
    const std::vector<std::uint32_t> others = late.others();
    REQUIRE(others.size() == 400);
    for (std::size_t i = 0; i < others.size(); ++i) CHECK(others[i] == i + 101);
}

TEST_CASE("a file of more than a hundred thousand rows is refused as a whole") {
    std::string text;
    for (std::uint32_t i = 0; i <= wire::kMostImportRows; ++i) text += "a,email,b\n";
    CHECK(holds(problem_of(rows_of_csv(text)), "more than 100,000 rows"));
}

TEST_CASE("a file of google-authenticator gives its key, and says that scratch codes stay") {
    const ImportRows timed = rows_of_google_authenticator(
        "GEZDGNBVGY3TQOJQGEZDGNBVGY\n"
        "\" RATE_LIMIT 3 30 1700000000\n"
        "\" WINDOW_SIZE 17\n"
        "\" DISALLOW_REUSE 56666666\n"
        "\" STEP_SIZE 30\n"
        "\" TOTP_AUTH\n"
        "12345678\n"
        "87654321\n",
        "ada");
    CHECK(timed.bad.count() == 0);
    REQUIRE(timed.rows.size() == 1);
    CHECK(timed.rows[0].user == "ada");
    CHECK(timed.rows[0].method == "totp");
    CHECK(timed.rows[0].key.reveal() == kKey.substr(0, 16));
    CHECK(timed.rows[0].line == 1);
    REQUIRE(timed.notes.size() == 1);
    CHECK(timed.notes[0] ==
          "the scratch codes (2) were left out: latchkey makes its own, with latchkey codes ada "
          "--new");

    const ImportRows counted = rows_of_google_authenticator(
        std::string(kBase32) + "\n\" HOTP_COUNTER 5\n\" TOTP_AUTH\n", "ada");
    REQUIRE(counted.rows.size() == 1);
    CHECK(counted.rows[0].method == "hotp");
    CHECK(counted.rows[0].counter == 5);
    CHECK(counted.notes.empty());
}

TEST_CASE("a file of google-authenticator whose codes would not count is refused") {
    const std::string key = std::string(kBase32) + "\n";
    const std::vector<std::pair<std::string, std::string>> bad{
        {key, "neither TOTP_AUTH nor HOTP_COUNTER"},
        {"not a key 0189\n\" TOTP_AUTH\n", "the first line is no key"},
        {key + "\" TOTP_AUTH\n\" STEP_SIZE 60\n", "another step than 30 seconds"},
        {key + "\" TOTP_AUTH\n\" OTP_DISABLED\n", "switched off"},
        {key + "\" TOTP_AUTH\n\" HOTP_COUNTER\n", "HOTP_COUNTER has no counter"},
        {key + "\" TOTP_AUTH\n\" HOTP_COUNTER 0\n", "HOTP_COUNTER has no counter"},
        {key + "\" TOTP_AUTH\n\" HOTP_COUNTER 99999999999999999999\n", "HOTP_COUNTER has no"},
        {key + "\" TOTP_AUTH\n1234567\n", "neither an option nor a scratch code"}};
    for (const auto& [text, problem] : bad) {
        CAPTURE(text);
        const ImportRows read = rows_of_google_authenticator(text, "ada");
        CHECK(holds(problem_of(read), problem));
        CHECK(read.rows.empty());
    }
    CHECK(rows_of_google_authenticator(key + "\" TOTP_AUTH\n\" TIME_SKEW -2\n", "ada")
              .notes.at(0)
              .starts_with("the app's clock"));
}

TEST_CASE("a users.oath gives apps and tokens, a used token at the code behind its last one") {
    const std::string key = kHex;
    const ImportRows read = rows_of_oath(
        "# comment\n\nHOTP/T30 ada - " + key +
        "\n"
        "HOTP/T30/6\tben\t-\t" +
        key + "\t0\t254676\t2026-11-24T03:45:11L\n" + "HOTP cyd - " + key + "\n" + "HOTP/E dan - " +
        key + " 7\n" + "HOTP/E/6 eve - " + key + " 7 520489 2026-11-24T03:45:11L\r\n");
    CHECK(read.bad.count() == 0);
    REQUIRE(read.rows.size() == 5);
    for (const wire::ImportRow& row : read.rows) CHECK(row.key.reveal() == kKey);
    CHECK(read.rows[0].method == "totp");
    CHECK(read.rows[0].line == 3);
    CHECK(read.rows[1].method == "totp");
    CHECK(read.rows[1].counter == 0);
    CHECK(read.rows[2].method == "hotp");
    CHECK(read.rows[2].counter == 0);
    CHECK(read.rows[3].counter == 7);
    CHECK(read.rows[4].counter == 8);
}

TEST_CASE("of one person's lines in a users.oath the others are passed over unjudged") {
    const std::string key = kHex;
    const std::string text = "HOTP ada - 0g\nHOTP\nHOTP/T30 ada - " + key +
                             "\nHOTP/T60 ben - 00\n" + "HOTP/T30 adam - " + key +
                             "\nHOTP/T30 Ada - " + key + "\n";
    const ImportRows adas = rows_of_oath(text, "ada");
    CHECK(adas.bad.count() == 1);
    CHECK(adas.bad.first().begin()->first == 1);
    REQUIRE(adas.rows.size() == 1);
    CHECK(adas.rows[0].line == 3);
    CHECK(rows_of_oath(text, "ada - ").rows.empty());
    CHECK(rows_of_oath(text, "eve").bad.count() == 0);
}

TEST_CASE("a line of users.oath that cannot be taken as it is meant is refused") {
    const std::vector<std::pair<std::string, std::string>> bad{
        {"HOTP/T60 ada - 00", "codes of this type"},
        {"HOTP/T30/8 ada - 00", "codes of this type"},
        {"HOTP/E/7 ada - 00", "codes of this type"},
        {"TOTP ada - 00", "codes of this type"},
        {"HOTP ada", "fewer words"},
        {"HOTP ada -", "fewer words"},
        {"HOTP ada 1234 00", "the line has a PIN"},
        {"HOTP ada + 00", "the line has a PIN"},
        {"HOTP ada - 0g", "the key is not made of pairs"},
        {"HOTP ada - 000", "the key is not made of pairs"},
        {"HOTP ada - " + std::string(300, '0'), "the key is not made of pairs"},
        {"HOTP ada - 00 x", "the counter is no number"},
        {"HOTP ada - 00 -1", "the counter is no number"},
        {"HOTP ada - 00 1 2 3 4", "more words"}};
    for (const auto& [line, problem] : bad) {
        CAPTURE(line);
        CHECK(holds(problem_of(rows_of_oath(line)), problem));
    }
}

TEST_CASE("hostile bytes in any field become a sentence without them, or an address as given") {
    for (const HostileValue& value : hostile_values()) {
        CAPTURE(value.name);
        for (const ImportRows& read :
             {rows_of_csv("ada,email," + value.bytes), rows_of_csv(value.bytes + ",email,x"),
              rows_of_oath("HOTP " + value.bytes + " - 00"),
              rows_of_google_authenticator(value.bytes + "\n\" TOTP_AUTH\n", "ada")}) {
            for (const auto& [line, problem] : read.bad.first()) {
                CHECK(is_printable(problem));
                CHECK(holds(problem, ";"));
            }
        }
    }
}
