// SPDX-License-Identifier: MIT
//
// Words between blanks: type, user, PIN, key in hexadecimal digits, and behind them, once a code
// was used, the counter, that code and the time (liboath's UsersFile). The counter there is that
// of the code which was used last; before that it is that of the first code.
#include <charconv>
#include <optional>

#include "cli/import_rows.hpp"

namespace latchkey::cli {

namespace {

constexpr std::size_t kFewestWords = 4;
constexpr std::size_t kMostWords = 7;
constexpr std::size_t kCounter = 4;
constexpr std::size_t kLastCode = 5;

std::vector<std::string_view> words_in(std::string_view line) {
    constexpr std::string_view kBlanks = " \t\r";
    std::vector<std::string_view> words;
    while (words.size() <= kMostWords) {
        const std::size_t begin = line.find_first_not_of(kBlanks);
        if (begin == std::string_view::npos) break;
        line.remove_prefix(begin);
        words.push_back(line.substr(0, line.find_first_of(kBlanks)));
        line.remove_prefix(words.back().size());
    }
    return words;
}

// The method, as wire::ImportRow has it; nothing if its codes are not checked here.
std::optional<std::string> method_of(std::string_view type) {
    if (type == "HOTP" || type == "HOTP/E" || type == "HOTP/E/6") return "hotp";
    if (type == "HOTP/T30" || type == "HOTP/T30/6") return "totp";
    return std::nullopt;
}

// Of the first code that is not used up.
std::optional<std::uint64_t> counter_of(const std::vector<std::string_view>& words) {
    if (words.size() <= kCounter) return 0;
    std::uint64_t counter = 0;
    const std::string_view text = words[kCounter];
    const auto read = std::from_chars(text.data(), text.data() + text.size(), counter);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    const bool is_used = words.size() > kLastCode;
    return is_used && counter + 1 != 0 ? counter + 1 : counter;
}

std::string objection_to(const std::vector<std::string_view>& words) {
    if (words.size() > kMostWords)
        return "more words than type, user, PIN, key, counter, last code and its time; take the "
               "others out";
    if (!method_of(words.front()))
        return "codes of this type are not checked here, only those of HOTP, HOTP/E and HOTP/T30 "
               "with 6 digits; set up a new app or token with latchkey enroll";
    if (words.size() < kFewestWords)
        return "fewer words than type, user, PIN and key; write all of them";
    if (std::string objection = objection_to_field("user", words[1]); !objection.empty())
        return objection;
    if (words[2] != "-")
        return "the line has a PIN, which latchkey would not ask for; write - in its place if the "
               "code alone may count";
    return {};
}

void take(ImportRows& result, std::uint32_t line, const std::vector<std::string_view>& words) {
    if (std::string objection = objection_to(words); !objection.empty())
        return result.bad.add(line, std::move(objection));
    wire::ImportRow row;
    row.line = line;
    row.user = words[1];
    row.method = *method_of(words.front());
    row.key = key_in_hex(words[3]);
    if (row.key.empty())
        return result.bad.add(line,
                              "the key is not made of pairs of hexadecimal digits, at most "
                              "128 pairs; copy it anew from where it comes from");
    const auto counter = counter_of(words);
    if (!counter)
        return result.bad.add(line,
                              "the counter is no number; write that of the code that was "
                              "used last");
    if (row.method == "hotp") row.counter = *counter;
    result.rows.push_back(std::move(row));
}

}  // namespace

ImportRows rows_of_oath(std::string_view text, std::string_view only_user) {
    ImportRows result;
    for (Lines lines{text}; lines.next();) {
        const auto words = words_in(lines.line());
        if (words.empty() || words.front().starts_with('#')) continue;
        if (!only_user.empty() && (words.size() == 1 || words[1] != only_user)) continue;
        if (result.rows.size() == wire::kMostImportRows) {
            result.bad.add(lines.number(),
                           "more than 100,000 rows; give what follows in a file of its own");
            break;
        }
        take(result, lines.number(), words);
    }
    return result;
}

}  // namespace latchkey::cli
