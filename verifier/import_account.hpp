// SPDX-License-Identifier: MIT
//
// One account during an import: what the store has of it, and what the rows so far add.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ports/store.hpp"
#include "core/wire/message.hpp"
#include "verifier/verifier_ports.hpp"

namespace latchkey {

inline constexpr std::size_t kMostAddresses = 10;  // of an account

class ImportAccount {
public:
    // Of an account that is not enrolled nothing is read.
    static Result<ImportAccount> read(const VerifierPorts& ports, const wire::ImportEntry& of,
                                      bool is_enrolled);

    struct Row {
        std::variant<Contact, Authenticator> what;
        std::string shown;  // "email a...a at e....org", "totp"
        enum class Change : std::uint8_t { Added, Confirmed, Replaced } change = Change::Added;
        bool keeps_waiting = false;  // as of Enrolment
    };
    // What the row enrols, sealed; it counts from `now` on. Rejected: it is bad, with the
    // sentence.
    Result<Row> take(const VerifierPorts& ports, const std::string& host_name,
                     const wire::ImportEntry& entry, TimePoint now);

    // How many notices() there are at most.
    [[nodiscard]] std::size_t most_notices() const { return added_.empty() ? 0 : before_.size(); }
    // To every address of before the import, what its rows have added. None if they added nothing.
    [[nodiscard]] std::vector<OutboxRow> notices(const VerifierPorts& ports,
                                                 const SubjectKey& subject,
                                                 const std::string& host_name,
                                                 std::chrono::seconds delay) const;

private:
    struct Address {
        std::string method;
        Secret text;
        std::int64_t contact = 0;  // the store's row; 0: a row of this import adds it
        TimePoint usable_from{};
        bool is_in_force = false;  // it counts and stays, also without this import
        std::uint32_t line = 0;    // of this import; 0: of no row yet
    };

    Result<Row> take_address(const VerifierPorts& ports, const std::string& host_name,
                             const wire::ImportEntry& entry, TimePoint now);
    Result<Row> take_key(const VerifierPorts& ports, const wire::ImportEntry& entry, TimePoint now);
    // The one of the account's with this key; none: nullptr.
    [[nodiscard]] const Authenticator* find_app(const VerifierPorts& ports,
                                                const wire::ImportEntry& entry,
                                                const std::string& method) const;
    [[nodiscard]] Address* find(const VerifierPorts& ports, Medium medium,
                                const std::string& method, const std::string& address);

    std::vector<Contact> before_;  // what the store has
    std::string name_;             // this and the key: only where it has something
    Secret subkey_;
    std::vector<std::string> added_;  // as of what_changed()
    std::vector<Address> addresses_;
    std::optional<Authenticator> app_;      // that counts, or else the first that will
    std::optional<Authenticator> waiting_;  // beside it, by its owner
    std::uint32_t app_line_ = 0;
};

}  // namespace latchkey
