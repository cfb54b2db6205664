// SPDX-License-Identifier: MIT
#include <string.h>

#include <array>
#include <optional>
#include <utility>

#include "cli/argument_checks.hpp"
#include "cli/ascii_address.hpp"
#include "cli/import_rows.hpp"
#include "core/printable.hpp"

namespace latchkey::cli {

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";  // spreadsheets put it in front
constexpr std::size_t kFields = 3;
constexpr std::size_t kLongestLine = 4096;

struct Record {
    std::vector<std::string> fields;
    std::string problem;  // empty: it can be read

    Record() = default;
    Record(Record&&) = default;
    Record& operator=(Record&&) = default;
    Record(const Record&) = delete;
    Record& operator=(const Record&) = delete;
    ~Record() {  // one field may be a key
        for (std::string& field : fields) explicit_bzero(field.data(), field.size());
    }
};

// A field in quotes, which `rest` begins with; goes on behind it. Nothing: it does not end.
std::optional<std::string> quoted_field(std::string_view& rest) {
    std::string field;
    field.reserve(rest.size());
    for (std::size_t i = 1; i < rest.size(); ++i) {
        const bool is_quote = rest[i] == '"';
        const bool is_pair = is_quote && i + 1 < rest.size() && rest[i + 1] == '"';
        if (is_quote && !is_pair) {
            rest.remove_prefix(i + 1);
            return field;
        }
        if (is_pair) ++i;
        field += rest[i];
    }
    return std::nullopt;
}

Record record_in(std::string_view line) {
    Record record;
    std::string_view rest = line;
    for (;;) {
        if (rest.starts_with('"')) {
            auto field = quoted_field(rest);
            if (!field) {
                record.problem = "a quote does not end in its line; end it, or leave it out";
                return record;
            }
            record.fields.push_back(std::move(*field));
            if (!rest.empty() && rest.front() != ',') {
                record.problem =
                    "something follows a field in quotes; put the quotes around all "
                    "of the field, and write a quote within it twice";
                return record;
            }
        } else {
            const std::string_view field = rest.substr(0, rest.find(','));
            if (field.find('"') != std::string_view::npos) {
                record.problem =
                    "a quote stands within a field; put the whole field in quotes, "
                    "and write that one twice";
                return record;
            }
            record.fields.emplace_back(field);
            rest.remove_prefix(field.size());
        }
        if (rest.empty()) break;
        rest.remove_prefix(1);
    }
    if (record.fields.size() != kFields)
        record.problem =
            std::to_string(record.fields.size()) +
            (record.fields.size() == 1 ? " field" : " fields") +
            ", not the three of user,method,address; write those, with a comma between";
    return record;
}

bool is_word(std::string_view text, std::string_view lower) {
    return text.size() == lower.size() &&
           ::strncasecmp(text.data(), lower.data(), lower.size()) == 0;
}

bool is_heading(const Record& record) {
    return record.fields.size() == kFields && is_word(record.fields[0], "user") &&
           is_word(record.fields[1], "method") && is_word(record.fields[2], "address");
}

std::string objection_to(const Record& record) {
    if (!record.problem.empty()) return record.problem;
    constexpr std::array kNames{"user", "method", "address"};
    for (std::size_t i = 0; i < kFields; ++i)
        if (std::string objection = objection_to_field(kNames.at(i), record.fields[i]);
            !objection.empty())
            return objection;
    if (record.fields[1] == "hotp")
        return "the counter of a token has no place in such a file; import it with latchkey import "
               "oath";
    return {};
}

// Seen before anything is sent there.
void note_domain(ImportRows& result, const std::string& written, const std::string& ascii) {
    constexpr std::size_t kMost = 20;
    constexpr std::size_t kWhole = 200;  // signs of an address; RFC 5321 allows 254
    const std::string whole = escaped(ascii);
    if (result.notes.size() < kMost)
        result.notes.push_back(shown(written) + " is taken as " +
                               (whole.size() > kWhole ? shown(ascii) : whole));
    else if (result.notes.size() == kMost)
        result.notes.emplace_back("more domains are taken in their xn-- form");
}

void take(ImportRows& result, std::uint32_t line, const Record& record) {
    if (std::string objection = objection_to(record); !objection.empty())
        return result.bad.add(line, std::move(objection));
    wire::ImportRow row;
    row.line = line;
    row.user = record.fields[0];
    row.method = record.fields[1];
    if (row.method == "totp") {
        row.key = key_in_base32(record.fields[2]);
        if (row.key.empty())
            return result.bad.add(line,
                                  "the key is not base 32, which is made of A to Z and 2 to 7; "
                                  "copy it anew from where it comes from");
    } else {
        auto address = ascii_address(record.fields[2]);
        if (!address) return result.bad.add(line, address.error().detail);
        row.address = std::move(*address);
        if (row.address != record.fields[2]) note_domain(result, record.fields[2], row.address);
    }
    result.rows.push_back(std::move(row));
}

}  // namespace

ImportRows rows_of_csv(std::string_view text) {
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    ImportRows result;
    bool is_first = true;
    for (Lines lines{text}; lines.next();) {
        if (lines.line().empty()) continue;
        if (result.rows.size() == wire::kMostImportRows) {
            result.bad.add(lines.number(),
                           "more than 100,000 rows; give what follows in a file of its own");
            break;
        }
        if (lines.line().size() > kLongestLine) {
            result.bad.add(lines.number(), "longer than 4,096 bytes; no row is so long");
            continue;
        }
        const Record record = record_in(lines.line());
        if (!std::exchange(is_first, false) || !is_heading(record))
            take(result, lines.number(), record);
    }
    return result;
}

}  // namespace latchkey::cli
