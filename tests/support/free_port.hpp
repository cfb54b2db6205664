// SPDX-License-Identifier: MIT
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <stdexcept>

#include "adapters/system/unique_fd.hpp"

namespace latchkey {

// A port of loopback at which nobody listens now, for servers that take none of the kernel's
// choice.
[[nodiscard]] inline std::uint16_t free_port() {
    const UniqueFd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* name = reinterpret_cast<sockaddr*>(&address);
    socklen_t length = sizeof address;
    if (::bind(fd.get(), name, length) != 0 || ::getsockname(fd.get(), name, &length) != 0)
        throw std::runtime_error{"no free port"};
    return ntohs(address.sin_port);
}

}  // namespace latchkey
