// SPDX-License-Identifier: MIT
#include "core/row_tags.hpp"

namespace latchkey {

std::string row_text(std::initializer_list<std::string_view> fields) {
    std::string text;
    for (const std::string_view field : fields) {
        text += std::to_string(field.size()) + ':';
        text += field;
    }
    return text;
}

std::string row_field(TimePoint time) {
    return std::to_string(time.time_since_epoch().count());
}

std::string_view row_field(const Digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string recovery_text(RecoveryId id, const NewRecovery& opened) {
    return row_text({std::to_string(id), opened.subject, opened.deliverable ? "1" : "0",
                     std::to_string(static_cast<int>(opened.reason)), opened.service, opened.source,
                     std::to_string(opened.gates_needed), row_field(opened.opened_at),
                     row_field(opened.expires_at)});
}

Digest gate_tag(const Vault& vault, const Secret& subkey, RecoveryId id, const NewRecovery& opened,
                const Gate& gate) {
    return vault.digest(
        subkey, "row|gate",
        row_text({recovery_text(id, opened), gate.possession, row_field(gate.opened_at)}));
}

Digest recovery_tag(const Vault& vault, const Secret& subkey, RecoveryId id,
                    const NewRecovery& opened, const Digest& resume_code) {
    return vault.digest(subkey, "row|recovery",
                        row_text({recovery_text(id, opened), row_field(resume_code)}));
}

bool is_same_tag(const Vault& vault, const Digest& a, const Digest& b) {
    return vault.equal(row_field(a), row_field(b));
}

}  // namespace latchkey
