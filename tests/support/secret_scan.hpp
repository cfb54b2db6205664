// SPDX-License-Identifier: MIT
//
// Looks for known secrets in bytes of any kind - a log, a database, a process's
// memory - as they are and in every encoding they might have been written in.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace latchkey {

// Where a secret was found, and how it was written there.
struct Sighting {
    std::string secret;  // what know() called it
    std::string encoding;
    std::size_t at = 0;
};

class SecretScan {
public:
    // Shorter ones would be found everywhere.
    static constexpr std::size_t kShortest = 6;

    // One name may stand for several texts. A number of up to 8 digits is found as
    // a whole number only, not in the middle of a longer one. Throws if too short.
    void know(const std::string& secret, std::string_view bytes);

    // Raw; hex and base32 in either case, base64 in both alphabets, base32 and
    // base64 at every offset in what was encoded with it; UTF-16 of either byte order.
    [[nodiscard]] std::vector<Sighting> look_in(std::string_view bytes) const;

    [[nodiscard]] std::size_t patterns() const { return count_; }

private:
    struct Pattern {
        std::string secret;
        std::string encoding;
        std::string bytes;
        bool is_number = false;
    };
    void add(const std::string& secret, const std::string& encoding, std::string bytes,
             bool is_number = false);

    // By the first two bytes, because a process's memory is large.
    std::map<unsigned, std::vector<Pattern>> by_start_;
    std::vector<bool> starts_ = std::vector<bool>(0x10000);
    std::size_t count_ = 0;
};

}  // namespace latchkey
