// SPDX-License-Identifier: MIT
//
// One change, as the parts of its runner share it.
#pragma once

#include <string>
#include <utility>

#include "core/change_runner.hpp"
#include "core/recovery_context.hpp"

namespace latchkey {

struct ChangeContext {
    const ChangeRequest& wish;
    RecoveryContext recovery;  // of no recovery: it has no id
    AuthenticatorMaker& maker;

    [[nodiscard]] TimePoint now() const { return recovery.now(); }
    [[nodiscard]] const Settings& settings() const { return recovery.settings; }
    [[nodiscard]] RecoveryPorts ports() const { return recovery.ports; }
    [[nodiscard]] const SubjectKey& subject() const { return recovery.request.subject; }
    // How long what is new waits before it counts.
    [[nodiscard]] std::chrono::days hold() const {
        const SecurityInfoSettings& info = settings().security_info;
        return wish.privileged ? info.privileged_hold : info.hold;
    }
    [[nodiscard]] std::string circumstances() const {
        return " service=" + recovery.request.service + " source=" + recovery.request.source;
    }
};

// Nothing was changed, and why: one sentence.
[[nodiscard]] inline ChangeEnd not_changed(std::string why) {
    ChangeEnd end;
    end.why = std::move(why);
    return end;
}

[[nodiscard]] inline std::string sealed_again(const ChangeContext& change,
                                              const StoredAddress& stored, const Contact& row) {
    return change.ports().vault.seal(change.recovery.request.subkey,
                                     contact_binding(change.subject(), row),
                                     stored.address.reveal());
}

}  // namespace latchkey
