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
    write_kernel_record(library, {"change_password", true, "ada", "192.0.2.7", "ssh"});
    CHECK(handed.type == AUDIT_USER_CHAUTHTOK);
    CHECK(handed.operation == "latchkey:change_password");
    CHECK(handed.account == "ada");
    CHECK(handed.address == "192.0.2.7");
    CHECK_FALSE(handed.has_host);  // libaudit would ask name servers for it
    CHECK(handed.result == 1);

    write_kernel_record(library, {"clear_lockout", false, "ada", "", "tty1"});
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
                        {"change_password", true, "ada", "", ""});
    CHECK(handed.opened == 1);
    CHECK(handed.type == 0);
    CHECK(handed.closed == 0);
}

TEST_CASE("the libaudit of this host has the functions that are used") {
    CHECK(load_audit_library().has_value());
}

TEST_CASE("what was done by the command is told to the kernel, and not what was begun or seen") {
    AuditEntry entry;
    entry.who = "ada";
    for (const char* event : {"enrolled", "codes", "removed", "purged", "change", "pass"}) {
        INFO(event);
        entry.event = event;
        entry.outcome = "email";
        const auto record = kernel_record_of(entry);
        REQUIRE(record);
        CHECK(record->operation == "change_security_info");
        CHECK(record->account == "ada");
        CHECK(record->done);
        entry.outcome = "refused";
        CHECK_FALSE(kernel_record_of(entry)->done);
        entry.outcome = "begun";
        CHECK_FALSE(kernel_record_of(entry));
    }
    entry.event = "unlocked";
    entry.outcome = "done";
    CHECK(kernel_record_of(entry)->operation == "clear_lockout");
    for (const char* event : {"shown", "reset", "recovery", "changed_password", "imported"}) {
        entry.event = event;
        CHECK_FALSE(kernel_record_of(entry));
    }

    handed = {};
    write_kernel_record({open_double, log_double, close_double},
                        {"change_security_info", true, "ada", "", ""});
    CHECK(handed.type == AUDIT_USER_MGMT);
    CHECK(handed.operation == "latchkey:change_security_info");
}
