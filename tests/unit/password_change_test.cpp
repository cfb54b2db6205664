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

TEST_CASE("a shadow row that cannot be read after the host's stack counts as written") {
    const Account then = with_password("$y$j9T$salt$hash");
    CHECK_FALSE(may_be_written(then, with_password("$y$j9T$salt$hash")));
    CHECK(may_be_written(then, with_password("$y$j9T$salt$other")));
    CHECK(may_be_written(then, with_password("!$y$j9T$salt$hash")));
    CHECK(may_be_written(then, std::nullopt));
}

}  // namespace latchkey
