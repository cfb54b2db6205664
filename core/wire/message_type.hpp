// SPDX-License-Identifier: MIT
//
// The first byte of every message, and the version of them all.
#pragma once

#include <cstdint>

namespace latchkey::wire {

// Another version is refused: a half-upgraded host has no recovery, and logins as before.
inline constexpr std::uint32_t kVersion = 1;

enum class Type : std::uint8_t {
    // module and monitor
    LoginHello = 1,
    Answer,
    Left,
    Ask,
    AskHidden,
    LoginFinish,
    SignInHello,
    // monitor and verifier
    RecoveryHello = 20,
    AskScreen,
    CheckSavedCode,
    SavedCodeJudged,
    StartChannel,
    ChannelStarted,
    Queued,
    Proof,
    Perform,
    Acted,
    RecoveryFinish,
    SpendStep,
    StepSpent,
    VetoHeard,
    EndWaitingCodes,
    LookForChanges,
    ChangesSeen,
    // monitor and verifier, delivering the outbox
    DeliverHello = 40,
    OutboxKey,
    OutboxKeyIs,
    DeliverFinish,
    // monitor or verifier, and channel host
    ChannelSetup = 50,
    ChannelCall,
    ChannelReply,
    // command, monitor and verifier
    AdminRequest = 60,
    AdminHello,
    AdminReply,
    ImportRows,
    ImportEntries,
    // an ordinary user's command, monitor and verifier
    UserRequest = 70,
    ChangeHello,
    NewKey,
    ChangeFinish,
    AnnounceChange,
    ChangeAnnounced,
};

}  // namespace latchkey::wire
