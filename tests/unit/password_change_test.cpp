// SPDX-License-Identifier: MIT
#include "monitor/password_change.hpp"

#include "tests/support/catch.hpp"

namespace latchkey {

namespace {

Account with_password(const char* field) {
    Account account;
    account.name = "ada";
    account.shadow.password = Secret{field};
    return account;
}

}  // namespace

TEST_CASE("a shadow row that differs is written, whether our stack could write or not") {
    const Account then = with_password("$y$j9T$salt$hash");
    for (const bool could_write : {true, false}) {
        CHECK_FALSE(may_be_written(then, with_password("$y$j9T$salt$hash"), could_write));
        CHECK(may_be_written(then, with_password("$y$j9T$salt$other"), could_write));
        CHECK(may_be_written(then, with_password("!$y$j9T$salt$hash"), could_write));
    }
}

TEST_CASE("a shadow row that cannot be read counts as written once the password was handed over") {
    const Account then = with_password("$y$j9T$salt$hash");
    CHECK(may_be_written(then, std::nullopt, true));
    CHECK_FALSE(may_be_written(then, std::nullopt, false));
}

TEST_CASE("an account that was locked or removed is seen to be so, whatever its new password is") {
    CHECK_FALSE(
        is_locked(with_password("$y$j9T$saltsaltsaltsaltsaltsa$"
                                "1234567890123456789012345678901234567890123")));
    CHECK(
        is_locked(with_password("!$y$j9T$saltsaltsaltsaltsaltsa$"
                                "1234567890123456789012345678901234567890123")));
    CHECK(is_locked(with_password("*")));
    CHECK(is_locked(with_password("")));
    CHECK(is_locked(std::nullopt));
}

}  // namespace latchkey
