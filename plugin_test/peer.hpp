// SPDX-License-Identifier: MIT
//
// Whom a plugin reaches when it is tested: a port of loopback, whatever its options name.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "adapters/system/unique_fd.hpp"

namespace latchkey::plugin_test {

class Peer {
public:
    enum class Manner {
        Refuses,  // nobody listens
        Silent,   // connections open, and nothing ever comes
        Repeats,  // says no by HTTP and repeats what it was told, as gateways do
        Drips,    // says yes by HTTP, a byte at a time and never to the end
        Resets,   // hears what it is told, and breaks the connection off
        Babbles,  // answers with bytes that are of no protocol
    };
    // Throws std::system_error if this machine has no port left.
    explicit Peer(Manner manner);

    [[nodiscard]] std::uint16_t port() const { return port_; }
    // Readable when serve() has something to do; -1: never.
    [[nodiscard]] int descriptor() const;
    // Serves one connection to its end, or keeps it if it drips; takes a tenth of a second if
    // nothing is said.
    void serve();
    // One more byte for each connection that it keeps. Is due whenever longest_pause() is over.
    void drip();
    [[nodiscard]] std::chrono::milliseconds longest_pause() const;
    [[nodiscard]] const std::string& received() const { return received_; }

private:
    void answer(const UniqueFd& connection, const std::string& told) const;

    Manner manner_;
    UniqueFd socket_;
    std::uint16_t port_ = 0;
    std::string received_;
    std::vector<UniqueFd> kept_;
    std::size_t dripped_ = 0;
};

}  // namespace latchkey::plugin_test
