// SPDX-License-Identifier: MIT
//
// The record of an act as the real libaudit hands it to the real kernel, seen at the
// system call. What auditd makes of it cannot be seen from a test: the kernel sends
// records to listeners in its first network namespace alone, where no sandbox is, and
// drops them while auditing is off, which only the host's administrator may change. Of a
// kernel that was built without audit the same record is seen on its way to a socket that
// refuses it as such a kernel would.
#include <errno.h>
#include <libaudit.h>
#include <linux/netlink.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <string>
#include <vector>

#include "monitor/kernel_audit.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"

#if defined(__x86_64__)  // whose registers are read

using namespace latchkey;

namespace {

struct Handed {
    int type = 0;
    std::string text;
};

// The datagram that the stopped process is about to send.
Handed datagram_of(pid_t pid, const user_regs_struct& registers) {
    std::string bytes(registers.rdx, '\0');
    iovec into{bytes.data(), bytes.size()};
    iovec from{reinterpret_cast<void*>(registers.rsi), bytes.size()};
    nlmsghdr head{};
    if (::process_vm_readv(pid, &into, 1, &from, 1, 0) < static_cast<ssize_t>(sizeof head))
        return {};
    std::memcpy(&head, bytes.data(), sizeof head);
    return {head.nlmsg_type, bytes.substr(sizeof head).c_str()};  // padded with zeros
}

[[noreturn]] void write_traced(const AuditLibrary& library, const KernelRecord& record) {
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(1);
    ::raise(SIGSTOP);
    write_kernel_record(library, record);
    ::_exit(0);
}

std::vector<Handed> handed_to_the_kernel(const AuditLibrary& library, const KernelRecord& record) {
    const pid_t pid = ::fork();
    if (pid == 0) write_traced(library, record);
    std::vector<Handed> handed;
    int status = 0;
    bool entering = true;
    while (::waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
        if (WSTOPSIG(status) == SIGTRAP) {
            user_regs_struct registers{};
            ::ptrace(PTRACE_GETREGS, pid, nullptr, &registers);
            if (entering && registers.orig_rax == SYS_sendto)
                handed.push_back(datagram_of(pid, registers));
            entering = !entering;
        }
        ::ptrace(PTRACE_SYSCALL, pid, nullptr, nullptr);
    }
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    return handed;
}

// 0, or why this kernel takes no records.
int refusal_of_the_kernel() {
    const int fd = ::audit_open();
    if (fd < 0) return errno;
    ::audit_close(fd);
    return 0;
}

// Whoever sends to the kernel there is refused as where nobody has ever heard of audit.
int open_unheard() {
    return ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_USERSOCK);
}

// The real one; only on a kernel without audit with another place to write to.
AuditLibrary library_that_opens() {
    auto library = load_audit_library();
    REQUIRE(library);
    if (refusal_of_the_kernel() != 0) library->open = &open_unheard;
    return *library;
}

}  // namespace

TEST_CASE("of an act the real libaudit hands the kernel one record, seen at its system call") {
    const AuditLibrary library = library_that_opens();
    const auto reset =
        handed_to_the_kernel(library, {"change_password", true, "ada", "192.0.2.7", "ssh"});
    REQUIRE(reset.size() == 1);
    CHECK(reset[0].type == AUDIT_USER_CHAUTHTOK);
    for (const char* part : {"op=latchkey:change_password", "acct=\"ada\"", "addr=192.0.2.7",
                             "terminal=ssh", "res=success"}) {
        INFO(reset[0].text);
        CHECK(reset[0].text.find(part) != std::string::npos);
    }
    const auto unlock = handed_to_the_kernel(library, {"clear_lockout", false, "ada", "", "tty1"});
    REQUIRE(unlock.size() == 1);
    CHECK(unlock[0].type == AUDIT_USER_MGMT);
    for (const char* part : {"op=latchkey:clear_lockout", "terminal=tty1", "res=failed"}) {
        INFO(unlock[0].text);
        CHECK(unlock[0].text.find(part) != std::string::npos);
    }
}

TEST_CASE("an account's name that could forge a field stands in the record as hexadecimal") {
    const AuditLibrary library = library_that_opens();
    const auto forged =
        handed_to_the_kernel(library, {"change_password", false, "ada\" res=success", "", "ssh"});
    REQUIRE(forged.size() == 1);
    INFO(forged[0].text);
    CHECK(forged[0].text.find("res=success") == std::string::npos);
    CHECK(forged[0].text.find("res=failed") != std::string::npos);
}

TEST_CASE("a kernel that takes no records is handed none, and that is no error") {
    const auto library = load_audit_library();
    REQUIRE(library);
    const int refusal = refusal_of_the_kernel();
    const auto handed = handed_to_the_kernel(*library, {"change_password", true, "ada", "", ""});
    INFO(strerrorname_np(refusal));
    // As libaudit has it for kernels that were built without.
    CHECK((refusal == 0 || refusal == EPROTONOSUPPORT || refusal == EAFNOSUPPORT ||
           refusal == EINVAL));
    CHECK(handed.size() == (refusal == 0 ? 1 : 0));
    evidence("audit records of acts", "the real libaudit, seen at its system call",
             std::string{"one record for each act; this kernel "} +
                 (refusal == 0 ? "has audit" : "has no audit"));
}

#endif
