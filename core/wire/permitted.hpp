// SPDX-License-Identifier: MIT
//
// The table of permitted requests, after OpenSSH's monitor: the side that holds
// more enforces not only the shape of a message but its order and its number.
#pragma once

#include <cstdint>
#include <map>
#include <span>

#include "core/wire/message.hpp"

namespace latchkey::wire {

enum class Phase : std::uint8_t { Talking, Acted };

struct Permission {
    Type type;
    Phase phase;
    std::uint32_t at_most;  // in one connection, over all phases
};

// What a verifier that serves a login may send to the monitor.
[[nodiscard]] std::span<const Permission> recovery_permissions();
// What a verifier that serves a change of security info may send.
[[nodiscard]] std::span<const Permission> change_permissions();
// What a verifier that delivers the outbox may send.
[[nodiscard]] std::span<const Permission> delivery_permissions();
// What a verifier that probes channels may send.
[[nodiscard]] std::span<const Permission> probing_permissions();
// What a verifier that serves the command may send.
[[nodiscard]] std::span<const Permission> admin_permissions();

// What it may send during an import.
[[nodiscard]] std::span<const Permission> import_permissions();

// Counts down a table. What is not in it is not permitted.
class PermittedRequests {
public:
    explicit PermittedRequests(std::span<const Permission> table) : table_(table) {}

    // True, and counted, if `type` is permitted in `phase` and not used up.
    [[nodiscard]] bool admit(Type type, Phase phase);

private:
    std::span<const Permission> table_;
    std::map<Type, std::uint32_t> used_;
};

}  // namespace latchkey::wire
