// SPDX-License-Identifier: MIT
//
// What a file that is imported holds. Its text is somebody else's: every parser takes any
// bytes, and what is no row becomes a sentence with its line.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/wire/message.hpp"

namespace latchkey::cli {

inline constexpr std::size_t kMostProblems = 100;  // that are told; of the others the line

class BadRows {
public:
    // `problem` says what is wrong and what to do, without a secret of the row.
    void add(std::uint32_t line, std::string problem);
    // One of which no more than its line is known.
    void add_line(std::uint32_t line);
    // Of which not even that is.
    void count_others(std::uint64_t number) { count_ += number; }
    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] const std::multimap<std::uint32_t, std::string>& first() const { return first_; }
    // The lines of those that are not among the first hundred, in their order.
    [[nodiscard]] std::vector<std::uint32_t> others() const;

private:
    std::multimap<std::uint32_t, std::string> first_;  // those of the lowest lines
    std::vector<std::uint32_t> others_;
    std::uint64_t count_ = 0;
};

struct ImportRows {
    std::vector<wire::ImportRow> rows;
    BadRows bad;
    std::vector<std::string> notes;  // sentences about what is imported otherwise, or not at all
};

// One line after the other, without its end ("\n" or "\r\n"); empty ones and those that are
// too long as well.
class Lines {
public:
    explicit Lines(std::string_view text) : rest_(text) {}
    [[nodiscard]] bool next();
    [[nodiscard]] std::string_view line() const { return line_; }
    [[nodiscard]] std::uint32_t number() const { return number_; }

private:
    std::string_view rest_;
    std::string_view line_;
    std::uint32_t number_ = 0;
};

// Empty if it can be a field of a row; or what is wrong with it.
[[nodiscard]] std::string objection_to_field(const char* what, std::string_view field);

// Base 32 (RFC 4648) with or without its "=", in either case, blanks and hyphens in it or not;
// hexadecimal digits. Empty if it is not that, or longer than 128 bytes.
[[nodiscard]] Secret key_in_base32(std::string_view text);
[[nodiscard]] Secret key_in_hex(std::string_view text);

// USER,METHOD,ADDRESS in each line, fields in quotes or not (RFC 4180), a line of headings or
// none. Of the method totp the third field is a key in base 32.
[[nodiscard]] ImportRows rows_of_csv(std::string_view text);

// The file ~/.google_authenticator of `user`, as pam_google_authenticator writes it. Empty: of who
// runs the command.
[[nodiscard]] ImportRows rows_of_google_authenticator(std::string_view text,
                                                      const std::string& user);

// A users.oath of pam_oath. Of everybody, or of one: then others' lines are passed over unjudged.
[[nodiscard]] ImportRows rows_of_oath(std::string_view text, std::string_view only_user = {});

}  // namespace latchkey::cli
