// SPDX-License-Identifier: MIT
#include "core/wire/permitted.hpp"

#include <array>

namespace latchkey::wire {

namespace {

// 64 questions: eight gates of eight questions each; nobody needs more in 15 minutes.
constexpr std::array kRecovery{
    Permission{Type::AskScreen, Phase::Talking, 64},
    Permission{Type::CheckSavedCode, Phase::Talking, 32},
    Permission{Type::SpendStep, Phase::Talking, 32},
    // 31 answers that are judged, and devices that are asked besides.
    Permission{Type::StartChannel, Phase::Talking, 40},
    Permission{Type::Queued, Phase::Talking, 34},
    Permission{Type::Proof, Phase::Talking, 8},
    Permission{Type::VetoHeard, Phase::Talking, 1},
    Permission{Type::EndWaitingCodes, Phase::Talking, 1},
    Permission{Type::LookForChanges, Phase::Talking, 1},
    Permission{Type::Perform, Phase::Talking, 3},
    Permission{Type::RecoveryFinish, Phase::Talking, 1},
    // What was done is written down and told; nothing more is asked of the person.
    Permission{Type::Queued, Phase::Acted, 34},
    Permission{Type::RecoveryFinish, Phase::Acted, 1},
};

// A proof as in a recovery, then what is new; nothing that the root side would act upon.
constexpr std::array kChange{
    Permission{Type::AskScreen, Phase::Talking, 80},
    Permission{Type::CheckSavedCode, Phase::Talking, 32},
    Permission{Type::SpendStep, Phase::Talking, 32},
    Permission{Type::StartChannel, Phase::Talking, 40},
    Permission{Type::Queued, Phase::Talking, 38},
    Permission{Type::Proof, Phase::Talking, 8},
    Permission{Type::NewKey, Phase::Talking, 1},
    Permission{Type::AnnounceChange, Phase::Talking, 1},
    Permission{Type::ChangeFinish, Phase::Talking, 1},
};

// A run takes at most 64 rows, each over at most four channels.
constexpr std::array kDelivery{
    Permission{Type::OutboxKey, Phase::Talking, 64},
    Permission{Type::StartChannel, Phase::Talking, 256},
    Permission{Type::DeliverFinish, Phase::Talking, 1},
};

// It opens no message, so it is lent no key: one call for each channel there can be.
constexpr std::array kProbing{
    Permission{Type::StartChannel, Phase::Talking, 16},
    Permission{Type::DeliverFinish, Phase::Talking, 1},
};

constexpr std::array kAdmin{
    Permission{Type::AdminReply, Phase::Talking, 65536},
    Permission{Type::Queued, Phase::Talking, 1},
};

// A hundred bad rows, the lines of the others and of keys that the store had already, three
// hundred to a row, and the end.
constexpr std::array kImport{
    Permission{Type::AdminReply, Phase::Talking, 512},
};

}  // namespace

std::span<const Permission> recovery_permissions() {
    return kRecovery;
}
std::span<const Permission> change_permissions() {
    return kChange;
}
std::span<const Permission> delivery_permissions() {
    return kDelivery;
}
std::span<const Permission> probing_permissions() {
    return kProbing;
}
std::span<const Permission> admin_permissions() {
    return kAdmin;
}
std::span<const Permission> import_permissions() {
    return kImport;
}

bool PermittedRequests::admit(Type type, Phase phase) {
    for (const Permission& row : table_) {
        if (row.type != type || row.phase != phase) continue;
        return ++used_[type] <= row.at_most;
    }
    return false;
}

}  // namespace latchkey::wire
