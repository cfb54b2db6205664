// SPDX-License-Identifier: MIT
#include "monitor/kernel_audit.hpp"

#include <dlfcn.h>

#include "monitor/paths.hpp"

namespace latchkey {

namespace {

template <typename Function>
Function function_in(void* library, const char* name) {
    return reinterpret_cast<Function>(::dlsym(library, name));
}

const char* or_null(const std::string& text) {
    return text.empty() ? nullptr : text.c_str();
}

}  // namespace

std::optional<AuditLibrary> load_audit_library() {
    // Stays loaded: the process ends with its conversation.
    void* const library = ::dlopen("libaudit.so.1", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return std::nullopt;
    const AuditLibrary found{
        function_in<decltype(AuditLibrary::open)>(library, "audit_open"),
        function_in<decltype(AuditLibrary::log_acct_message)>(library, "audit_log_acct_message"),
        function_in<decltype(AuditLibrary::close)>(library, "audit_close")};
    if (found.open == nullptr || found.log_acct_message == nullptr || found.close == nullptr)
        return std::nullopt;
    return found;
}

void write_kernel_record(const AuditLibrary& library, const KernelRecord& record) {
    const int fd = library.open();
    if (fd < 0) return;
    const bool reset = record.act == Act::ChangePassword;
    // No host name, only the address: libaudit would ask the name servers for it.
    (void)library.log_acct_message(
        fd, reset ? AUDIT_USER_CHAUTHTOK : AUDIT_USER_MGMT, paths::kMonitor,
        reset ? "latchkey:change_password" : "latchkey:clear_lockout", record.account.c_str(),
        static_cast<unsigned>(-1), nullptr, or_null(record.address), or_null(record.tty),
        record.done ? 1 : 0);
    library.close(fd);
}

}  // namespace latchkey
