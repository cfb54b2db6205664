// SPDX-License-Identifier: MIT
//
// Any file that root or an owner imports: every row of it is one that the monitor may be given, or
// becomes a sentence that can be printed and holds nothing of the file. The first byte says as
// what.
#include <algorithm>

#include "cli/import_rows.hpp"
#include "core/printable.hpp"
#include "core/wire/batches.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace latchkey;
using namespace latchkey::cli;
using fuzz::holds;

constexpr std::size_t kLongestSentence = 300;

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

void check_row(const wire::ImportRow& row, std::uint32_t lines) {
    holds(row.line >= 1 && row.line <= lines, "a row stands in a line of the file");
    holds(!row.user.empty() && !has_control(row.user), "a user is a word");
    holds(!row.method.empty() && !has_control(row.method), "a method is a word");
    holds(row.key.empty() != row.address.empty(), "a row has an address or a key");
    holds(row.key.empty() || row.method == "totp" || row.method == "hotp", "a key is of an app");
    holds(row.counter == 0 || row.method == "hotp", "only a token has a counter");
    holds(row.key.size() <= 160 && !has_control(row.address), "and both have their bounds");
    holds(wire::packed_size(row) < wire::kMaxPacket / 2, "a row fits a packet");
}

void check(const ImportRows& read, std::string_view text) {
    const auto lines = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n') + 1);
    holds(read.rows.size() <= wire::kMostImportRows, "there are not too many rows");
    for (const wire::ImportRow& row : read.rows) check_row(row, lines);
    holds(read.bad.first().size() == std::min<std::uint64_t>(read.bad.count(), kMostProblems),
          "the first bad rows are told");
    for (const auto& [line, problem] : read.bad.first()) {
        holds(line >= 1 && line <= lines, "a bad row stands in a line of the file");
        holds(problem.size() < kLongestSentence && is_printable(problem),
              "a sentence is printable");
        holds(problem.find(';') != std::string::npos, "and says what to do");
    }
    for (const std::string& note : read.notes)
        holds(is_printable(note) && note.size() < kLongestSentence, "a note is printable");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input{data, size};
    const std::uint32_t format = input.below(3);
    const std::string_view text = input.rest();
    if (format == 0) {
        check(rows_of_csv(text), text);
    } else if (format == 1) {
        const ImportRows read = rows_of_google_authenticator(text, "ada");
        holds(read.rows.size() <= 1, "one file is one person's");
        check(read, text);
    } else {
        check(rows_of_oath(text), text);
        const ImportRows adas = rows_of_oath(text, "ada");
        check(adas, text);
        for (const wire::ImportRow& row : adas.rows)
            holds(row.user == "ada", "a line of one person is theirs");
    }
    return 0;
}
