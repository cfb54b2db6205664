// SPDX-License-Identifier: MIT
//
// The kernel's audit log, where auditd listens: one record for each act, as
// passwd(1) and pam_faillock write theirs.
#pragma once

#include <libaudit.h>

#include <optional>
#include <string>

#include "core/recovery.hpp"

namespace latchkey {

// The part of libaudit that is used. Loaded at an act and not with the program,
// because a person waits for the program to start.
struct AuditLibrary {
    decltype(&::audit_open) open;
    decltype(&::audit_log_acct_message) log_acct_message;
    decltype(&::audit_close) close;
};
// Nothing: this host has no libaudit.
[[nodiscard]] std::optional<AuditLibrary> load_audit_library();

struct KernelRecord {
    Act act = Act::ChangePassword;
    bool done = false;
    std::string account;  // as passwd has it
    std::string address;  // numeric; empty at a console
    std::string tty;
};

// Does nothing on a kernel without audit; auditd's absence is no error either.
void write_kernel_record(const AuditLibrary& library, const KernelRecord& record);

}  // namespace latchkey
