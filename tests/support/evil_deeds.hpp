// SPDX-License-Identifier: MIT
//
// What a plugin might do that the sandbox or its user must refuse. Options tell it
// its targets: `victim` (a process), `file` (to read, write and break), `elsewhere`
// (a TCP and UDP port of loopback that is none of its business), `letterbox` (a Unix
// socket that takes datagrams).
#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <optional>
#include <string>

#include <latchkey/plugin.hpp>

namespace latchkey::evil {

using latchkey::plugin::Host;
using Deed = std::function<bool(const Host&)>;  // true: managed; false: errno says why not
using Deeds = std::map<std::string, Deed>;

[[nodiscard]] std::string text_of(const Host& host, const char* option);
[[nodiscard]] long number_of(const Host& host, const char* option);
[[nodiscard]] pid_t victim_of(const Host& host);
[[nodiscard]] bool opens(const std::string& path, int flags);

[[nodiscard]] const Deeds& deeds_on_files();
[[nodiscard]] const Deeds& deeds_on_processes();
[[nodiscard]] const Deeds& deeds_on_the_network();
[[nodiscard]] const Deeds& deeds_on_the_kernel();

// Whether the deed was managed; nothing if it is none of these.
[[nodiscard]] std::optional<bool> attempt(const std::string& deed, const Host& host);

}  // namespace latchkey::evil
