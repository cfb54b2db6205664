// SPDX-License-Identifier: MIT
#include "plugin_test/peer.hpp"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <utility>

namespace latchkey::plugin_test {

namespace {

constexpr int kBacklog = 64;
constexpr int kSilenceMilliseconds = 100;
constexpr std::chrono::milliseconds kPauseOfDrips{50};
constexpr std::size_t kMostReceived = 1U << 20;

void must(bool done, const char* what) {
    if (!done) throw std::system_error{errno, std::generic_category(), what};
}

// What drips, and then one more for ever.
constexpr std::string_view kYes = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nx";

bool has_more(const UniqueFd& connection) {
    pollfd waiting{connection.get(), POLLIN, 0};
    return ::poll(&waiting, 1, kSilenceMilliseconds) == 1;
}

std::string refusal_with(const std::string& told) {
    return "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n"
           "Content-Length: " +
           std::to_string(told.size()) + "\r\n\r\n" + told;
}

std::string babble() {
    constexpr int kBytes = 2048;
    std::string bytes;
    for (int i = 0; i < kBytes; ++i) bytes += static_cast<char>(255 - i % 256);
    return bytes;
}

}  // namespace

Peer::Peer(Manner manner)
    : manner_{manner}, socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    must(static_cast<bool>(socket_), "socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    must(::bind(socket_.get(), generic, length) == 0, "bind");
    must(::getsockname(socket_.get(), generic, &length) == 0, "getsockname");
    port_ = ntohs(address.sin_port);
    if (manner != Manner::Refuses) must(::listen(socket_.get(), kBacklog) == 0, "listen");
}

int Peer::descriptor() const {
    const bool serves = manner_ != Manner::Refuses && manner_ != Manner::Silent;
    return serves ? socket_.get() : -1;
}

std::chrono::milliseconds Peer::longest_pause() const {
    return manner_ == Manner::Drips ? kPauseOfDrips : std::chrono::milliseconds::max();
}

void Peer::drip() {
    const char byte = kYes[std::min(dripped_++, kYes.size() - 1)];
    for (const UniqueFd& connection : kept_)
        (void)::send(connection.get(), &byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void Peer::serve() {
    UniqueFd connection{::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
    if (!connection) return;
    if (manner_ == Manner::Drips) {
        kept_.push_back(std::move(connection));
        return;
    }
    std::string told;
    std::array<char, 4096> buffer{};
    while (told.size() < kMostReceived && has_more(connection)) {
        const ssize_t got = ::recv(connection.get(), buffer.data(), buffer.size(), 0);
        if (got <= 0) break;
        told.append(buffer.data(), static_cast<std::size_t>(got));
    }
    received_ += told;
    answer(connection, told);
}

void Peer::answer(const UniqueFd& connection, const std::string& told) const {
    if (manner_ == Manner::Resets) {
        const linger at_once{1, 0};  // closed, it is reset
        (void)::setsockopt(connection.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        return;
    }
    const std::string reply = manner_ == Manner::Babbles ? babble() : refusal_with(told);
    (void)::send(connection.get(), reply.data(), reply.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace latchkey::plugin_test
