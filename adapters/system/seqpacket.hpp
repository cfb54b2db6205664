// SPDX-License-Identifier: MIT
//
// Sending and receiving whole messages over a SOCK_SEQPACKET socket. Links libc
// only, because the PAM module uses it.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "adapters/system/unique_fd.hpp"
#include "core/result.hpp"
#include "core/wire/message.hpp"

namespace latchkey {

using Deadline = std::optional<std::chrono::steady_clock::time_point>;  // none: wait for ever

struct Packet {
    std::vector<std::byte> bytes;
    UniqueFd descriptor;  // at most one travels with a message
};

class Seqpacket {
public:
    explicit Seqpacket(UniqueFd fd) : fd_(std::move(fd)) {}

    // Two connected ends, both close-on-exec.
    static Result<std::pair<Seqpacket, Seqpacket>> make_pair();

    [[nodiscard]] int fd() const noexcept { return fd_.get(); }
    void close() noexcept { fd_.reset(); }
    [[nodiscard]] UniqueFd take_fd() && noexcept { return std::move(fd_); }

    // Never blocks and never raises SIGPIPE: a peer that does not read is a
    // broken peer. Unavailable: the peer is gone or does not read.
    Result<void> send(std::span<const std::byte> bytes, int descriptor = -1);

    // Unavailable: the peer is gone, or the deadline passed. Corrupt: an empty
    // message or one longer than wire::kMaxPacket.
    Result<Packet> receive(Deadline deadline);

    template <class M>
    Result<void> send_message(const M& message, int descriptor = -1) {
        std::vector<std::byte> bytes = wire::encode(message);
        auto sent = send(bytes, descriptor);
        explicit_bzero(bytes.data(), bytes.size());
        return sent;
    }

    // Corrupt also when the message is of another type.
    template <class M>
    Result<M> receive_message(Deadline deadline) {
        auto packet = receive(deadline);
        if (!packet) return std::move(packet).error();
        auto message = wire::decode<M>(packet->bytes);
        explicit_bzero(packet->bytes.data(), packet->bytes.size());
        if (!message) return Error{ErrorKind::Corrupt, "unexpected message"};
        return std::move(*message);
    }

private:
    UniqueFd fd_;
};

// Milliseconds for poll(2) until the deadline: -1 without one, 0 when it passed.
[[nodiscard]] int poll_timeout(Deadline deadline);

}  // namespace latchkey
