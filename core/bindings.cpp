// SPDX-License-Identifier: MIT
//
// Where a sealed field belongs, written once so that sealing and unsealing agree.
#include <string>

#include "core/ports/store.hpp"

namespace latchkey {

std::string outbox_binding(const OutboxRow& row) {
    return "outbox|" + row.subject + '|' + row.method + '|' +
           std::to_string(static_cast<int>(row.purpose)) + '|' +
           std::to_string(row.expires_at.time_since_epoch().count());
}

std::string contact_binding(const SubjectKey& subject, std::string_view method) {
    return "contact|" + subject + '|' + std::string{method};
}

std::string authenticator_binding(const SubjectKey& subject) {
    return "authenticator|" + subject;
}

}  // namespace latchkey
