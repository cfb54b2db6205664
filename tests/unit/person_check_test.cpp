// SPDX-License-Identifier: MIT
//
// What is said, and exited with, where the host's modules did not say that it is the owner.
#include "monitor/person_check.hpp"

#include <security/pam_modules.h>

#include "core/wire/exit_statuses.hpp"
#include "tests/support/catch.hpp"

using namespace latchkey;

TEST_CASE("only success makes somebody the owner") {
    CHECK_FALSE(not_owner_by(PAM_SUCCESS));
    for (int result = PAM_SUCCESS + 1; result <= PAM_INCOMPLETE + 1; ++result) {
        INFO(result);
        const auto not_owner = not_owner_by(result);
        REQUIRE(not_owner);
        CHECK_FALSE(not_owner->why.empty());
    }
    CHECK(not_owner_by(-1));
}

TEST_CASE("who is refused by the host's rules exits with 3, and by a broken PAM with 5") {
    for (const int result : {PAM_AUTH_ERR, PAM_USER_UNKNOWN, PAM_MAXTRIES, PAM_CONV_ERR,
                             PAM_PERM_DENIED, PAM_ACCT_EXPIRED, PAM_NEW_AUTHTOK_REQD}) {
        INFO(result);
        CHECK(not_owner_by(result)->exit_status == exit_statuses::kNotPermitted);
    }
    for (const int result : {PAM_OPEN_ERR, PAM_SYMBOL_ERR, PAM_SERVICE_ERR, PAM_SYSTEM_ERR,
                             PAM_MODULE_UNKNOWN, PAM_AUTHINFO_UNAVAIL, PAM_ABORT, PAM_IGNORE}) {
        INFO(result);
        CHECK(not_owner_by(result)->exit_status == exit_statuses::kConfiguration);
    }
}
