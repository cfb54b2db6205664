// SPDX-License-Identifier: MIT
//
// What lies on the disk: the module, programs and users of the packages, the
// key, directories, the configuration and its channels.
#pragma once

#include <optional>

#include "cli/finding.hpp"
#include "cli/host.hpp"

namespace latchkey::cli {

inline constexpr const char* kSwitchPath = "/etc/latchkey/enabled";
inline constexpr const char* kKeyPath = "/etc/latchkey/key";
inline constexpr const char* kSecretsPath = "/etc/latchkey/secrets";

// Directories that must be there, who owns them and what they may allow.
struct OwnedDirectory {
    const char* path;
    const char* owner;  // a name in passwd
    mode_t mode;
};
[[nodiscard]] const std::vector<OwnedDirectory>& owned_directories();

[[nodiscard]] Findings check_installation(const Host& host);
[[nodiscard]] Findings check_permissions(const Host& host);
[[nodiscard]] Findings check_kernel(const Host& host);
[[nodiscard]] Findings check_delivery(const Host& host);

// Reads the configuration and judges its channels. The `file` channel writes
// every code into a file: an error, or a warning when it is allowed by name.
[[nodiscard]] Findings check_channels(const Host& host, bool allow_file_channel);

// Last in the list: is recovery switched on?
[[nodiscard]] Finding check_switch(const Host& host);

}  // namespace latchkey::cli
