// SPDX-License-Identifier: MIT
//
// Whom a plugin reaches when it is tested: a port of loopback, whatever its options name.
#pragma once

#include <cstdint>
#include <string>

#include "adapters/system/unique_fd.hpp"

namespace latchkey::plugin_test {

class Peer {
public:
    enum class Manner {
        Refuses,  // nobody listens
        Silent,   // connections open, and nothing ever comes
        Repeats,  // says no by HTTP and repeats what it was told, as gateways do
    };
    // Throws std::system_error if this machine has no port left.
    explicit Peer(Manner manner);

    [[nodiscard]] std::uint16_t port() const { return port_; }
    // Readable when serve() has something to do; -1: never.
    [[nodiscard]] int descriptor() const;
    // Serves one connection to its end; takes a tenth of a second if nothing is said.
    void serve();
    [[nodiscard]] const std::string& received() const { return received_; }

private:
    Manner manner_;
    UniqueFd socket_;
    std::uint16_t port_ = 0;
    std::string received_;
};

}  // namespace latchkey::plugin_test
