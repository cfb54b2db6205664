// SPDX-License-Identifier: MIT
//
// The record of an act as the real libaudit hands it to the real kernel, seen at the
// system call. What auditd makes of it cannot be seen from a test: the kernel sends
// records to listeners in its first network namespace alone, where no sandbox is, and
// drops them while auditing is off, which only the host's administrator may change.
#include <libaudit.h>
#include <linux/netlink.h>
#include <sys/ptrace.h>
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

[[noreturn]] void write_traced(const KernelRecord& record) {
    const auto library = load_audit_library();
    if (!library || ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(1);
    ::raise(SIGSTOP);
    write_kernel_record(*library, record);
    ::_exit(0);
}

std::vector<Handed> handed_to_the_kernel(const KernelRecord& record) {
    const pid_t pid = ::fork();
    if (pid == 0) write_traced(record);
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

bool kernel_has_audit() {
    const int fd = ::audit_open();
    if (fd >= 0) ::audit_close(fd);
    return fd >= 0;
}

}  // namespace

TEST_CASE("of an act the real libaudit hands the kernel one record, seen at its system call") {
    if (!kernel_has_audit()) {
        WARN("this kernel has no audit");
        return;
    }
    const auto reset = handed_to_the_kernel({Act::ChangePassword, true, "ada", "192.0.2.7", "ssh"});
    REQUIRE(reset.size() == 1);
    CHECK(reset[0].type == AUDIT_USER_CHAUTHTOK);
    for (const char* part : {"op=latchkey:change_password", "acct=\"ada\"", "addr=192.0.2.7",
                             "terminal=ssh", "res=success"}) {
        INFO(reset[0].text);
        CHECK(reset[0].text.find(part) != std::string::npos);
    }
    const auto unlock = handed_to_the_kernel({Act::ClearLockout, false, "ada", "", "tty1"});
    REQUIRE(unlock.size() == 1);
    CHECK(unlock[0].type == AUDIT_USER_MGMT);
    for (const char* part : {"op=latchkey:clear_lockout", "terminal=tty1", "res=failed"}) {
        INFO(unlock[0].text);
        CHECK(unlock[0].text.find(part) != std::string::npos);
    }
}

TEST_CASE("an account's name that could forge a field stands in the record as hexadecimal") {
    if (!kernel_has_audit()) {
        WARN("this kernel has no audit");
        return;
    }
    const auto forged =
        handed_to_the_kernel({Act::ChangePassword, false, "ada\" res=success", "", "ssh"});
    REQUIRE(forged.size() == 1);
    INFO(forged[0].text);
    CHECK(forged[0].text.find("res=success") == std::string::npos);
    CHECK(forged[0].text.find("res=failed") != std::string::npos);
}

#endif
