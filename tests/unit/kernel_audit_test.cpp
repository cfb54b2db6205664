// SPDX-License-Identifier: MIT
//
// The kernel's audit log through a double of libaudit: whether a host's kernel has
// audit is the host's business, what we hand over is ours.
#include "monitor/kernel_audit.hpp"

#include "tests/support/catch.hpp"

using namespace latchkey;

namespace {

struct Handed {
    int opened = 0;
    int closed = 0;
    int type = 0;
    int result = -1;
    std::string operation;
    std::string account;
    std::string address;
    bool has_host = true;
    bool has_address = true;
};
Handed handed;

int open_double() {
    ++handed.opened;
    return 77;
}
int open_without_audit() {
    ++handed.opened;
    return -1;
}
int log_double(int fd, int type, const char*, const char* op, const char* name, unsigned int,
               const char* host, const char* addr, const char*, int result) {
    CHECK(fd == 77);
    handed.type = type;
    handed.operation = op;
    handed.account = name;
    handed.has_host = host != nullptr;
    handed.has_address = addr != nullptr;
    handed.address = addr == nullptr ? "" : addr;
    handed.result = result;
    return 1;
}
void close_double(int fd) {
    CHECK(fd == 77);
    ++handed.closed;
}

}  // namespace

TEST_CASE("an act is told to a double of libaudit by type, account, address and result") {
    handed = {};
    const AuditLibrary library{open_double, log_double, close_double};
    write_kernel_record(library, {Act::ChangePassword, true, "ada", "192.0.2.7", "ssh"});
    CHECK(handed.type == AUDIT_USER_CHAUTHTOK);
    CHECK(handed.operation == "latchkey:change_password");
    CHECK(handed.account == "ada");
    CHECK(handed.address == "192.0.2.7");
    CHECK_FALSE(handed.has_host);  // libaudit would ask name servers for it
    CHECK(handed.result == 1);

    write_kernel_record(library, {Act::ClearLockout, false, "ada", "", "tty1"});
    CHECK(handed.type == AUDIT_USER_MGMT);
    CHECK(handed.operation == "latchkey:clear_lockout");
    CHECK_FALSE(handed.has_address);
    CHECK(handed.result == 0);
    CHECK(handed.opened == 2);
    CHECK(handed.closed == 2);
}

TEST_CASE("a kernel without audit is passed over without a word by the double of libaudit") {
    handed = {};
    write_kernel_record({open_without_audit, log_double, close_double},
                        {Act::ChangePassword, true, "ada", "", ""});
    CHECK(handed.opened == 1);
    CHECK(handed.type == 0);
    CHECK(handed.closed == 0);
}

TEST_CASE("the libaudit of this host has the functions that are used") {
    CHECK(load_audit_library().has_value());
}
