// SPDX-License-Identifier: MIT
#include <crypt.h>

#include <string>
#include <vector>

#include "monitor/account.hpp"
#include "tests/support/catch.hpp"

using namespace latchkey;
using namespace std::chrono_literals;

namespace {

constexpr long kToday = 20781;  // 2026-11-24
const TimePoint kNow{std::chrono::days{kToday} + 13h};
const std::string k43(43, 'a');
const std::string k86(86, '/');
const std::string k53(53, 'Z');
const std::string kSha512 = "$6$saltsalt$" + k86;

Account healthy() {
    Account account;
    account.name = "ada";
    account.uid = 1001;
    account.gid = 1001;
    account.home = "/home/ada";
    account.shell = "/bin/bash";
    account.shadow.password = Secret{kSha512};
    account.shadow.last_change = kToday - 100;
    account.shadow.min_age = 0;
    account.shadow.max_age = 99999;
    return account;
}

const HostAccountRules kRules{1000, 60000, {"/bin/sh", "/bin/bash", "/usr/sbin/nologin"}};

bool eligible_with(const std::string& password_field) {
    Account account = healthy();
    account.shadow.password = Secret{password_field};
    return is_eligible(account, kRules, kNow);
}

struct FieldRow {
    std::string field;
    bool eligible;
};

const std::vector<FieldRow>& field_rows() {
    static const std::vector<FieldRow> rows{
        // Hashes by crypt(5).
        {"$y$j9T$F5Jx5fExrKuPp53xLKQ..1$" + k43, true},
        {"$y$j9T$$" + k43, true},  // an empty salt is legal
        {"$gy$j9T$F5Jx5fExrKuPp53xLKQ..1$" + k43, true},
        {"$7$CU..../....saltsaltsalt$" + k43, true},
        {"$2a$10$" + k53, true},
        {"$2b$12$" + k53, true},
        {"$2y$05$" + k53, true},
        {"$6$saltsalt$" + k86, true},
        {"$6$rounds=65536$saltsalt$" + k86, true},
        {"$6$s$" + k86, true},
        {"$6$sixteen-signs-ok$" + k86, true},
        {"$5$saltsalt$" + k43, true},
        {"$5$rounds=1000$saltsalt$" + k43, true},
        {"$sha1$40000$saltsalt$" + std::string(28, 'a'), true},
        {"$1$saltsalt$" + std::string(22, 'a'), true},
        {"$1$s$" + std::string(22, 'a'), true},
        {"abJnggxhB/yWI", true},  // DES
        // No password, or one that nobody may use.
        {"", false},
        {"!", false},
        {"!!", false},
        {"*", false},
        {"!*", false},
        {"x", false},
        {"NP", false},
        {"*NP*", false},
        {"*LK*", false},
        {"LK", false},
        {"U", false},
        {"UP", false},
        {"locked", false},
        {"!locked", false},
        {"*K*", false},
        {"{SASL}ada", false},
        {"##ada", false},
        {"+", false},
        {"-", false},
        {"nologin", false},
        // Locked by an administrator: the hash stands behind a mark.
        {"!$6$saltsalt$" + k86, false},
        {"!!$6$saltsalt$" + k86, false},
        {"*$6$saltsalt$" + k86, false},
        {"!$y$j9T$saltsaltsaltsaltsaltsa$" + k43, false},
        {"!abJnggxhB/yWI", false},
        {"*LK*abJnggxhB/yWI", false},
        {" $6$saltsalt$" + k86, false},
        {"x$6$saltsalt$" + k86, false},
        // Of no method we know, or of one too weak to be still there.
        {"$", false},
        {"$$", false},
        {"$6$", false},
        {"$6$$", false},
        {"$8$saltsalt$" + k86, false},
        {"$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA", false},
        {"$3$$8846f7eaee8fb117ad06bdd830b7586c", false},
        {"$md5$saltsalt$$" + std::string(22, 'a'), false},
        {"$2x$10$" + k53, false},
        {"$2$10$" + k53, false},
        {"_J9..CCCCXBrJUJV154M", false},
        // Damaged: a sign too many, too few, or a wrong one.
        {"$6$saltsalt$" + k86 + "a", false},
        {"$6$saltsalt$" + k86.substr(1), false},
        {"$6$saltsalt" + k86, false},
        {"$6$seventeen-signs-no$" + k86, false},
        {"$6$rounds=0$saltsalt$" + k86, false},
        {"$6$rounds=$saltsalt$" + k86, false},
        {"$6$rounds=99999999999$saltsalt$" + k86, false},
        {"$6$salt:alt$" + k86, false},
        {"$6$salt alt$" + k86, false},
        {"$6$salt!alt$" + k86, false},
        {"$6$salt\nalt$" + k86, false},
        {"$6$salt\xc3\xa4lt$" + k86, false},
        {"$6$saltsalt$" + k86.substr(1) + "!", false},
        {"$5$saltsalt$" + k86, false},
        {"$y$j9T$saltsalt$" + k43 + "a", false},
        {"$y$$saltsalt$" + k43, false},
        {"$y$j9T$" + std::string(87, 'a') + "$" + k43, false},
        {"$Y$j9T$saltsalt$" + k43, false},
        {"$2b$1$" + k53, false},
        {"$2b$10$" + k53 + "Z", false},
        {"$1$ninesigns$" + std::string(22, 'a'), false},
        {"abJnggxhB/yW", false},
        {"abJnggxhB/yWIa", false},
        {"abJnggxhB/yW:", false},
        {std::string("abJnggxhB/yW\0", 13), false},
        {std::string(1 << 20, 'a'), false},
    };
    return rows;
}

}  // namespace

TEST_CASE("only a password field that crypt can check makes an account eligible") {
    REQUIRE(field_rows().size() >= 60);
    for (const FieldRow& row : field_rows()) {
        CAPTURE(row.field.substr(0, 120));
        CHECK(eligible_with(row.field) == row.eligible);
    }
}

TEST_CASE("what this host's crypt writes is taken for a hash, and its locked form is not") {
    const char* const prefix =
        GENERATE("$y$", "$gy$", "$7$", "$2b$", "$2a$", "$2y$", "$6$", "$5$", "$sha1", "$1$", "");
    CAPTURE(prefix);
    crypt_data data{};
    const char* const setting = ::crypt_gensalt(prefix, 0, nullptr, 0);
    REQUIRE(setting != nullptr);
    const std::string hash = ::crypt_r("correct horse", setting, &data);
    REQUIRE(hash.front() != '*');
    CHECK(is_crypt_hash(hash));
    CHECK_FALSE(is_crypt_hash("!" + hash));
    CHECK_FALSE(is_crypt_hash(hash.substr(0, hash.size() - 1)));
}

TEST_CASE("a healthy account is eligible, also when its password was changed today") {
    Account account = healthy();
    CHECK(is_eligible(account, kRules, kNow));
    account.shadow.last_change = kToday;
    CHECK(is_eligible(account, kRules, kNow));
    account.shadow.last_change = 0;  // chage -d 0: must be changed at the next login
    CHECK(is_eligible(account, kRules, kNow));
    account.shadow.last_change = -1;
    CHECK(is_eligible(account, kRules, kNow));
}

TEST_CASE("uids outside the bounds of login.defs are not eligible, whatever the bounds") {
    Account account = healthy();
    for (const uid_t uid : {0U, 1U, 999U, 60001U, 65534U, 4294967294U}) {
        account.uid = uid;
        CHECK_FALSE(is_eligible(account, kRules, kNow));
    }
    for (const uid_t uid : {1000U, 60000U}) {
        account.uid = uid;
        CHECK(is_eligible(account, kRules, kNow));
    }
    account.uid = 0;
    CHECK_FALSE(is_eligible(account, {0, 60000, kRules.shells}, kNow));
}

TEST_CASE("a shell that is not listed, or is nologin or false, is not eligible") {
    Account account = healthy();
    for (const char* shell : {"/usr/sbin/nologin", "/sbin/nologin", "/bin/false", "/usr/bin/zsh",
                              "bash", "/bin/bash ", "/bin/bas"}) {
        account.shell = shell;
        CHECK_FALSE(is_eligible(account, kRules, kNow));
    }
    account.shell = "";  // passwd(5): /bin/sh
    CHECK(is_eligible(account, kRules, kNow));
    CHECK_FALSE(is_eligible(account, {1000, 60000, {}}, kNow));
}

TEST_CASE("expired accounts are not eligible, from the day itself on") {
    Account account = healthy();
    for (const long day : {kToday, kToday - 1, 1L, 0L, -2L}) {
        account.shadow.expire = day;
        CHECK_FALSE(is_eligible(account, kRules, kNow));
    }
    account.shadow.expire = kToday + 1;
    CHECK(is_eligible(account, kRules, kNow));
}

TEST_CASE("an aged password may be recovered, an inactive account may not") {
    Account account = healthy();
    account.shadow.last_change = kToday - 40;
    account.shadow.max_age = 30;
    CHECK(is_eligible(account, kRules, kNow));
    account.shadow.inactive = 10;
    CHECK(is_eligible(account, kRules, kNow));
    account.shadow.inactive = 9;
    CHECK_FALSE(is_eligible(account, kRules, kNow));
    account.shadow.last_change = -1;
    CHECK(is_eligible(account, kRules, kNow));
}

TEST_CASE("an administrator is told the reason") {
    const auto why_not = [](auto&& change) {
        Account account = healthy();
        change(account);
        return std::string{why_not_eligible(account, kRules, kNow)};
    };
    const auto with_field = [&](const std::string& field) {
        return why_not([&](Account& a) { a.shadow.password = Secret{field}; });
    };
    CHECK(why_not([](Account&) {}).empty());
    CHECK(with_field("!" + kSha512) == "locked by the administrator");
    for (const char* field : {"*", "!", "!!", "!*", "", "x", "NP"})
        CHECK(with_field(field) == "no password to recover (signs in by key, or not at all)");
    CHECK(why_not([](Account& a) { a.uid = 999; }) == "a system account");
    CHECK(why_not([](Account& a) { a.shell = "/usr/sbin/nologin"; }) == "no login shell");
    CHECK(why_not([](Account& a) { a.shadow.expire = kToday; }) == "expired");
    CHECK(why_not([](Account& a) { a.shadow.last_change = kToday + 1; }) == "the clock is wrong");
}

TEST_CASE("a clock that cannot be right makes nobody eligible") {
    Account account = healthy();
    const TimePoint epoch{std::chrono::hours{1}};
    CHECK_FALSE(is_eligible(account, kRules, epoch));
    account.shadow.expire = 10000;  // chage -E 1997-05-19
    CHECK_FALSE(is_eligible(account, kRules, epoch));
    account.shadow.last_change = 0;
    CHECK_FALSE(is_eligible(account, kRules, epoch));
    account.shadow.expire = -1;
    account.shadow.last_change = kToday + 1;
    CHECK_FALSE(is_eligible(account, kRules, kNow));
}
