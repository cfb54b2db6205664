// SPDX-License-Identifier: MIT
#include "core/wire/message.hpp"

namespace latchkey::wire {

std::optional<Type> type_of(std::span<const std::byte> packet) {
    if (packet.empty()) return std::nullopt;
    const auto type = static_cast<Type>(std::to_integer<std::uint8_t>(packet.front()));
    switch (type) {
        case Type::LoginHello:
        case Type::Answer:
        case Type::Left:
        case Type::Ask:
        case Type::AskHidden:
        case Type::LoginFinish:
        case Type::SignInHello:
        case Type::RecoveryHello:
        case Type::AskScreen:
        case Type::CheckSavedCode:
        case Type::SavedCodeJudged:
        case Type::StartChannel:
        case Type::ChannelStarted:
        case Type::Queued:
        case Type::Proof:
        case Type::Perform:
        case Type::Acted:
        case Type::RecoveryFinish:
        case Type::SpendStep:
        case Type::StepSpent:
        case Type::VetoHeard:
        case Type::EndWaitingCodes:
        case Type::LookForChanges:
        case Type::ChangesSeen:
        case Type::DeliverHello:
        case Type::OutboxKey:
        case Type::OutboxKeyIs:
        case Type::DeliverFinish:
        case Type::ChannelSetup:
        case Type::ChannelCall:
        case Type::ChannelReply:
        case Type::AdminRequest:
        case Type::AdminHello:
        case Type::AdminReply:
        case Type::UserRequest:
        case Type::ChangeHello:
        case Type::NewKey:
        case Type::ChangeFinish:
        case Type::AnnounceChange:
        case Type::ChangeAnnounced:
        case Type::ImportRows:
        case Type::ImportEntries:
            return type;
    }
    return std::nullopt;
}

}  // namespace latchkey::wire
