// SPDX-License-Identifier: MIT
#include "monitor/kernel_audit.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <string_view>

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
    const bool reset = record.operation == "change_password";
    const std::string operation = "latchkey:" + record.operation;
    // No host name, only the address: libaudit would ask the name servers for it.
    (void)library.log_acct_message(fd, reset ? AUDIT_USER_CHAUTHTOK : AUDIT_USER_MGMT,
                                   paths::kMonitor, operation.c_str(), record.account.c_str(),
                                   static_cast<unsigned>(-1), nullptr, or_null(record.address),
                                   or_null(record.tty), record.done ? 1 : 0);
    library.close(fd);
}

std::optional<KernelRecord> kernel_record_of(const AuditEntry& entry) {
    constexpr std::array<std::string_view, 6> kChanges{"enrolled", "codes",  "removed",
                                                       "purged",   "change", "pass"};
    const bool is_unlock = entry.event == "unlocked";
    const bool is_change =
        std::find(kChanges.begin(), kChanges.end(), entry.event) != kChanges.end();
    if ((!is_unlock && !is_change) || entry.outcome == "begun") return std::nullopt;
    return KernelRecord{is_unlock ? "clear_lockout" : "change_security_info",
                        entry.outcome != "refused", entry.who, "", ""};
}

void tell_kernel_of(const AuditEntry& entry) {
    const auto record = kernel_record_of(entry);
    const auto library = record ? load_audit_library() : std::nullopt;
    if (library) write_kernel_record(*library, *record);
}

}  // namespace latchkey
