// SPDX-License-Identifier: MIT
//
// The kernel's audit log, where auditd listens: one record for each act and each change of
// security info, as passwd(1) and pam_faillock write theirs.
#pragma once

#include <libaudit.h>

#include <optional>
#include <string>

#include "monitor/audit_log.hpp"

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
    std::string operation;  // "change_password", "clear_lockout", "change_security_info"
    bool done = false;
    std::string account;  // as passwd has it
    std::string address;  // numeric; empty at a console
    std::string tty;
};

// Does nothing on a kernel without audit; auditd's absence is no error either.
void write_kernel_record(const AuditLibrary& library, const KernelRecord& record);

// Of what root, a helper or an owner did by the command, as the audit log has it. Nothing of what
// was only begun, or looked at.
[[nodiscard]] std::optional<KernelRecord> kernel_record_of(const AuditEntry& entry);
// Where there is one, and a libaudit.
void tell_kernel_of(const AuditEntry& entry);

}  // namespace latchkey
