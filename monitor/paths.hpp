// SPDX-License-Identifier: MIT
//
// Where the root side finds its things. Fixed: nothing a caller passes moves them.
#pragma once

namespace latchkey::paths {

inline constexpr const char* kSettings = "/etc/latchkey/latchkey.toml";
inline constexpr const char* kSettingsDirectory = "/etc/latchkey/latchkey.d";
inline constexpr const char* kMasterKey = "/etc/latchkey/key";
inline constexpr const char* kActs = "/var/lib/latchkey-acts";
inline constexpr const char* kSlots = "/run/latchkey/slots";
// Touched where a delivery could not be started; config/systemd/latchkey-outbox.path names it.
inline constexpr const char* kOutboxCall = "/run/latchkey/outbox-call";
inline constexpr const char* kUserSocket = "/run/latchkey/user.sock";
inline constexpr const char* kStore = "/var/lib/latchkey";
inline constexpr const char* kFaillockSettings = "/etc/security/faillock.conf";

inline constexpr const char* kMonitor = LATCHKEY_LIBEXECDIR "/latchkey-monitor";
inline constexpr const char* kVerifier = LATCHKEY_LIBEXECDIR "/latchkey-verifier";
inline constexpr const char* kChannelHost = LATCHKEY_LIBEXECDIR "/latchkey-channel-host";

inline constexpr const char* kVerifierUser = "_latchkey";
inline constexpr const char* kChannelUser = "_latchkey-channel";

}  // namespace latchkey::paths
