// SPDX-License-Identifier: MIT
#include "plugin_test/peer.hpp"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <system_error>

namespace latchkey::plugin_test {

namespace {

constexpr int kBacklog = 64;
constexpr int kSilenceMilliseconds = 100;
constexpr std::size_t kMostReceived = 1U << 20;

void must(bool done, const char* what) {
    if (!done) throw std::system_error{errno, std::generic_category(), what};
}

bool has_more(const UniqueFd& connection) {
    pollfd waiting{connection.get(), POLLIN, 0};
    return ::poll(&waiting, 1, kSilenceMilliseconds) == 1;
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
    return manner_ == Manner::Repeats ? socket_.get() : -1;
}

void Peer::serve() {
    const UniqueFd connection{::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
    if (!connection) return;
    std::string told;
    std::array<char, 4096> buffer{};
    while (told.size() < kMostReceived && has_more(connection)) {
        const ssize_t got = ::recv(connection.get(), buffer.data(), buffer.size(), 0);
        if (got <= 0) break;
        told.append(buffer.data(), static_cast<std::size_t>(got));
    }
    const std::string reply =
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n"
        "Content-Length: " +
        std::to_string(told.size()) + "\r\n\r\n" + told;
    (void)::send(connection.get(), reply.data(), reply.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    received_ += told;
}

}  // namespace latchkey::plugin_test
