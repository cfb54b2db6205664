// SPDX-License-Identifier: MIT
//
// Where a sealed field belongs, written once so that sealing and unsealing agree.
#include <string>

#include "core/ports/store.hpp"
#include "core/row_tags.hpp"

namespace latchkey {

std::string outbox_binding(const OutboxRow& row) {
    return "outbox|" + row.subject + '|' + row.method + '|' +
           std::to_string(static_cast<int>(row.purpose)) + '|' +
           std::to_string(row.expires_at.time_since_epoch().count());
}

std::string contact_binding(const SubjectKey& subject, const Contact& contact) {
    return "contact|" +
           row_text({subject, contact.method, contact.possession, row_field(contact.confirmed_at),
                     row_field(contact.usable_from), row_field(contact.gone_from)});
}

std::string authenticator_binding(const SubjectKey& subject, const Authenticator& authenticator) {
    return "authenticator|" +
           row_text({subject, authenticator.method, row_field(authenticator.confirmed_at),
                     row_field(authenticator.usable_from), row_field(authenticator.gone_from)});
}

}  // namespace latchkey
