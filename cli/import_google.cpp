// SPDX-License-Identifier: MIT
//
// The first line is the key in base 32. Lines that begin with a quote and a blank are options,
// lines of eight digits are scratch codes (FILEFORMAT of google-authenticator-libpam).
#include <algorithm>
#include <charconv>
#include <optional>

#include "cli/import_rows.hpp"

namespace latchkey::cli {

namespace {

constexpr std::string_view kOption = "\" ";
constexpr std::size_t kScratchDigits = 8;
constexpr std::string_view kStepSize = "30";

bool is_scratch_code(std::string_view line) {
    return line.size() == kScratchDigits &&
           std::all_of(line.begin(), line.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::uint64_t> number_in(std::string_view text) {
    std::uint64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    return number;
}

class Reader {
public:
    explicit Reader(const std::string& user) { row_.user = user; }

    void take(const Lines& lines) {
        const std::string_view line = lines.line();
        if (lines.number() == 1) return take_key(line);
        if (line.starts_with(kOption)) return take_option(lines.number(), line.substr(2));
        if (is_scratch_code(line)) {
            ++scratch_codes_;
        } else if (!line.empty()) {
            bad(lines.number(),
                "neither an option nor a scratch code; import the file that "
                "google-authenticator(1) has written, as it is");
        }
    }

    ImportRows finish() && {
        if (!counts_ && !is_timed_)
            bad(1,
                "the file has neither TOTP_AUTH nor HOTP_COUNTER, so that its key is used for "
                "nothing; import one that has");
        row_.method = counts_ ? "hotp" : "totp";
        if (!counts_) row_.counter = 0;
        if (scratch_codes_ > 0)
            result_.notes.push_back("the scratch codes (" + std::to_string(scratch_codes_) +
                                    ") were left out: latchkey makes its own, with latchkey "
                                    "codes " +
                                    (row_.user.empty() ? "" : row_.user + ' ') + "--new");
        if (result_.bad.count() == 0) result_.rows.push_back(std::move(row_));
        return std::move(result_);
    }

private:
    void bad(std::uint32_t line, std::string problem) { result_.bad.add(line, std::move(problem)); }

    void take_key(std::string_view line) {
        row_.line = 1;
        row_.key = key_in_base32(line);
        if (row_.key.empty())
            bad(1,
                "the first line is no key in base 32; import the file that "
                "google-authenticator(1) has written, as it is");
    }

    void take_option(std::uint32_t line, std::string_view option) {
        const std::string_view name = option.substr(0, option.find(' '));
        const std::string_view value = option.substr(std::min(option.size(), name.size() + 1));
        if (name == "TOTP_AUTH") {
            is_timed_ = true;
        } else if (name == "HOTP_COUNTER") {
            take_counter(line, value);
        } else if (name == "STEP_SIZE" && value != kStepSize) {
            bad(line,
                "codes of another step than 30 seconds are not checked here; set up a new app "
                "with latchkey enroll");
        } else if (name == "TIME_SKEW" && value != "0") {
            result_.notes.emplace_back(
                "the app's clock was found to be wrong, which latchkey does not make up for: its "
                "codes may be refused until it is set right");
        } else if (name == "OTP_DISABLED") {
            bad(line,
                "the codes are switched off; take the line out if they may "
                "count again");
        }
        // The others are about limits and windows, of which latchkey has its own.
    }

    void take_counter(std::uint32_t line, std::string_view value) {
        const auto counter = number_in(value);
        if (!counter || *counter == 0)
            return bad(line,
                       "HOTP_COUNTER has no counter behind it; write the number of the code "
                       "that is accepted next");
        counts_ = true;
        row_.counter = *counter;
    }

    ImportRows result_;
    wire::ImportRow row_;
    bool counts_ = false;
    bool is_timed_ = false;
    std::size_t scratch_codes_ = 0;
};

}  // namespace

ImportRows rows_of_google_authenticator(std::string_view text, const std::string& user) {
    if (text.empty()) return {};
    Reader reader{user};
    for (Lines lines{text}; lines.next();) reader.take(lines);
    return std::move(reader).finish();
}

}  // namespace latchkey::cli
