// SPDX-License-Identifier: MIT
//
// Without --live a plugin that is tested must not reach the gateway that its options (or
// its source) name. The functions connect and getaddrinfo of this program stand before
// the C library's for every shared object in the process: names are all 127.0.0.1, and
// connections end at the tester's peer.
#pragma once

#include <cstdint>

namespace latchkey::plugin_test {

// From now on, for the life of this process. `tried` counts connections.
void redirect_connections(std::uint16_t port, std::uint32_t& tried);

}  // namespace latchkey::plugin_test
