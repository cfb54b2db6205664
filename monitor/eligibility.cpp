// SPDX-License-Identifier: MIT
//
// Who may recover at all. An allow-list: a value nobody thought of is a no.
#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include "monitor/account.hpp"

namespace latchkey {

namespace {

// No host that runs this can live before it; a clock that says so cannot tell
// whether an account has expired.
constexpr std::chrono::sys_days kEarliestToday{std::chrono::year{2025} / 1 / 1};

bool is_base64(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
           c == '/';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
// What crypt(5) lets a salt of the SHA-2 and MD5 methods be made of.
bool is_salt(char c) {
    return c != '$';
}

// Reads a field from left to right; after a mismatch nothing matches any more.
class Pattern {
public:
    explicit Pattern(std::string_view text) : rest_(text) {}

    Pattern& literal(std::string_view expected) {
        matches_ = matches_ && rest_.starts_with(expected);
        if (matches_) rest_.remove_prefix(expected.size());
        return *this;
    }
    Pattern& one_of(std::string_view signs) {
        matches_ = matches_ && !rest_.empty() && signs.find(rest_.front()) != signs.npos;
        if (matches_) rest_.remove_prefix(1);
        return *this;
    }
    // The longest run of such characters, if it has between `least` and `most`.
    Pattern& run(bool (*belongs)(char), std::size_t least, std::size_t most) {
        const auto end = std::find_if_not(rest_.begin(), rest_.end(), belongs);
        const auto length = static_cast<std::size_t>(end - rest_.begin());
        matches_ = matches_ && length >= least && length <= most;
        if (matches_) rest_.remove_prefix(length);
        return *this;
    }
    Pattern& positive_number_after(std::string_view prefix) {
        return literal(prefix).one_of("123456789").run(is_digit, 0, 9);
    }
    Pattern& optional_rounds() {
        if (rest_.starts_with("rounds=")) positive_number_after("rounds=").literal("$");
        return *this;
    }
    [[nodiscard]] bool matches_whole() const { return matches_ && rest_.empty(); }

private:
    std::string_view rest_;
    bool matches_ = true;
};

bool is_yescrypt(std::string_view field, std::string_view prefix) {
    return Pattern{field}
        .literal(prefix)
        .run(is_base64, 1, 32)
        .literal("$")
        .run(is_base64, 0, 86)
        .literal("$")
        .run(is_base64, 43, 43)
        .matches_whole();
}

bool is_sha2(std::string_view field, std::string_view prefix, std::size_t hash) {
    return Pattern{field}
        .literal(prefix)
        .optional_rounds()
        .run(is_salt, 1, 16)
        .literal("$")
        .run(is_base64, hash, hash)
        .matches_whole();
}

bool is_scrypt(std::string_view field) {
    return Pattern{field}
        .literal("$7$")
        .run(is_base64, 11, 97)
        .literal("$")
        .run(is_base64, 43, 43)
        .matches_whole();
}

bool is_bcrypt(std::string_view field) {
    return Pattern{field}
        .literal("$2")
        .one_of("aby")
        .literal("$")
        .run(is_digit, 2, 2)
        .literal("$")
        .run(is_base64, 53, 53)
        .matches_whole();
}

bool is_sha1(std::string_view field) {
    return Pattern{field}
        .positive_number_after("$sha1$")
        .literal("$")
        .run(is_base64, 1, 64)
        .literal("$")
        .run(is_base64, 28, 96)
        .matches_whole();
}

bool is_md5(std::string_view field) {
    return Pattern{field}
        .literal("$1$")
        .run(is_salt, 1, 8)
        .literal("$")
        .run(is_base64, 22, 22)
        .matches_whole();
}

bool is_des(std::string_view field) {
    return Pattern{field}.run(is_base64, 13, 13).matches_whole();
}

// crypt(5): printable ASCII without blanks and the signs that mark locks.
bool may_stand_in_a_hash(char c) {
    constexpr std::string_view kMarkers = ":;*!\\";
    return c > 0x20 && c < 0x7f && kMarkers.find(c) == kMarkers.npos;
}

bool is_login_shell(const std::string& configured, const std::vector<std::string>& listed) {
    const std::string shell = configured.empty() ? "/bin/sh" : configured;  // passwd(5)
    const std::string_view program = std::string_view{shell}.substr(shell.rfind('/') + 1);
    return program != "nologin" && program != "false" &&
           std::find(listed.begin(), listed.end(), shell) != listed.end();
}

// The rules of pam_unix for the account field, in days.
bool is_expired(const ShadowRow& row, long today) {
    return row.expire != -1 && today >= row.expire;
}
bool is_inactive(const ShadowRow& row, long today) {
    if (row.last_change == -1 || row.max_age == -1 || row.inactive == -1) return false;
    const long age = today - row.last_change;
    return age > row.max_age && age > row.inactive && age - row.max_age > row.inactive;
}

std::string_view without_marks(std::string_view field) {
    field.remove_prefix(std::min(field.find_first_not_of('!'), field.size()));
    return field;
}

}  // namespace

bool is_crypt_hash(std::string_view field) {
    if (!std::all_of(field.begin(), field.end(), may_stand_in_a_hash)) return false;
    return is_yescrypt(field, "$y$") || is_yescrypt(field, "$gy$") || is_scrypt(field) ||
           is_bcrypt(field) || is_sha2(field, "$6$", 86) || is_sha2(field, "$5$", 43) ||
           is_sha1(field) || is_md5(field) || is_des(field);
}

std::string_view why_not_eligible(const Account& account, const HostAccountRules& rules,
                                  TimePoint now) {
    const auto date = std::chrono::floor<std::chrono::days>(now);
    const long today = date.time_since_epoch().count();
    const std::string_view field = account.shadow.password.reveal();
    if (date < kEarliestToday || today < account.shadow.last_change) return "the clock is wrong";
    if (account.uid == 0 || account.uid < rules.uid_min || account.uid > rules.uid_max)
        return "a system account";
    if (field.starts_with('!') && is_crypt_hash(without_marks(field)))
        return "locked by the administrator";
    if (!is_crypt_hash(field)) return "no password to recover (signs in by key, or not at all)";
    if (!is_login_shell(account.shell, rules.shells)) return "no login shell";
    if (is_expired(account.shadow, today)) return "expired";
    if (is_inactive(account.shadow, today)) return "inactive: the password is too old";
    return {};
}

bool is_eligible(const Account& account, const HostAccountRules& rules, TimePoint now) {
    return why_not_eligible(account, rules, now).empty();
}

}  // namespace latchkey
