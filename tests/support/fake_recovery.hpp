// SPDX-License-Identifier: MIT
//
// One recovery and one code of FakeStore.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/ports/store.hpp"

namespace latchkey {

struct FakeCode {
    Digest digest{};
    TimePoint expires_at;
    AttemptId after_attempt = 0;  // the newest attempt when it was issued
    bool used = false;
    TimePoint issued_at;
    Digest sent_to{};

    [[nodiscard]] bool alive(TimePoint now) const { return !used && expires_at > now; }
};

struct FakeRecovery {
    NewRecovery what;
    std::string lease;  // empty: nobody holds it
    TimePoint lease_until;
    std::optional<Digest> resume_code;
    Digest tag{};
    std::vector<Gate> gates;  // in the order they first opened
    bool spent = false;

    [[nodiscard]] bool alive(TimePoint now) const { return !spent && what.expires_at > now; }

    [[nodiscard]] std::vector<std::string> possessions() const {
        std::vector<std::string> names;
        for (const Gate& gate : gates) names.push_back(gate.possession);
        return names;
    }

    [[nodiscard]] TimePoint last_proof() const {
        TimePoint newest{};
        for (const Gate& gate : gates) newest = std::max(newest, gate.opened_at);
        return newest;
    }

    void open_gate(const Gate& opened) {
        for (Gate& gate : gates) {
            if (gate.possession != opened.possession) continue;
            gate = opened;
            return;
        }
        gates.push_back(opened);
    }
};

}  // namespace latchkey
