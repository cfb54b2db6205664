// SPDX-License-Identifier: MIT
#include "adapters/system/seqpacket.hpp"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string>

namespace latchkey {

namespace {

Error unavailable(const char* what) {
    return {ErrorKind::Unavailable, std::string{what} + ": " + strerrordesc_np(errno)};
}

// Takes the descriptor out of a received message; extra ones cannot come, the
// control buffer has room for one.
UniqueFd received_descriptor(msghdr& header) {
    for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr;
         part = CMSG_NXTHDR(&header, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        int fd = -1;
        memcpy(&fd, CMSG_DATA(part), sizeof fd);
        return UniqueFd{fd};
    }
    return UniqueFd{};
}

}  // namespace

int poll_timeout(Deadline deadline) {
    if (!deadline) return -1;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(*deadline - std::chrono::steady_clock::now());
    return static_cast<int>(
        std::clamp<std::int64_t>(left.count(), 0, std::numeric_limits<int>::max()));
}

Result<std::pair<Seqpacket, Seqpacket>> Seqpacket::make_pair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return unavailable("socketpair");
    return std::pair{Seqpacket{UniqueFd{ends[0]}}, Seqpacket{UniqueFd{ends[1]}}};
}

Result<void> Seqpacket::send(std::span<const std::byte> bytes, int descriptor) {
    // sendmsg does not write through iov_base, but C has no const iovec.
    iovec part{const_cast<std::byte*>(bytes.data()), bytes.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    if (descriptor >= 0) {
        header.msg_control = control.data();
        header.msg_controllen = control.size();
        cmsghdr* rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(rights), &descriptor, sizeof descriptor);
    }
    ssize_t sent = 0;
    do sent = ::sendmsg(fd_.get(), &header, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    if (sent < 0) return unavailable("send");
    return {};
}

Result<Packet> Seqpacket::receive(Deadline deadline) {
    pollfd waiting{fd_.get(), POLLIN, 0};
    int ready = 0;
    do ready = ::poll(&waiting, 1, poll_timeout(deadline));
    while (ready < 0 && errno == EINTR);
    if (ready < 0) return unavailable("poll");
    if (ready == 0) return Error{ErrorKind::Unavailable, "receive: deadline passed"};

    Packet packet;
    packet.bytes.resize(wire::kMaxPacket);
    iovec part{packet.bytes.data(), packet.bytes.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    header.msg_control = control.data();
    // Not CMSG_SPACE: its padding is room for a second descriptor, which would leak.
    header.msg_controllen = CMSG_LEN(sizeof(int));
    ssize_t got = 0;
    bool was_reset = false;
    do {
        was_reset = was_reset || (got < 0 && errno == ECONNRESET);
        got = ::recvmsg(fd_.get(), &header, MSG_CMSG_CLOEXEC);
        // A peer that has left something of ours unread: told once, before what it said last.
    } while (got < 0 && (errno == EINTR || (errno == ECONNRESET && !was_reset)));
    if (got < 0) return unavailable("receive");
    packet.descriptor = received_descriptor(header);
    if (got == 0) return Error{ErrorKind::Unavailable, "receive: the peer is gone"};
    if ((header.msg_flags & MSG_TRUNC) != 0)
        return Error{ErrorKind::Corrupt, "receive: message too long"};
    packet.bytes.resize(static_cast<std::size_t>(got));
    return packet;
}

}  // namespace latchkey
