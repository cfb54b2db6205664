// SPDX-License-Identifier: MIT
//
// Sockets of every family, and what can be reached through them.
#include <errno.h>
#include <linux/if_alg.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "tests/support/evil_deeds.hpp"

namespace latchkey::evil {

namespace {

constexpr int kMultipathTcp = 262;  // IPPROTO_MPTCP

bool has_socket(int family, int kind, int protocol = 0) {
    return ::socket(family, kind | SOCK_CLOEXEC, protocol) >= 0;
}

sockaddr_in elsewhere(const Host& host) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(number_of(host, "elsewhere")));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return to;
}

bool connects(const Host& host) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in to = elsewhere(host);
    return fd >= 0 && ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
}

// A connection opened by sending, which a list of ports to connect to might not see.
bool connects_by_sending(const Host& host) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in to = elsewhere(host);
    return fd >= 0 && ::sendto(fd, "x", 1, MSG_FASTOPEN, reinterpret_cast<const sockaddr*>(&to),
                               sizeof to) == 1;
}

bool sends_datagram(const Host& host) {
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const sockaddr_in to = elsewhere(host);
    return fd >= 0 &&
           ::sendto(fd, "x", 1, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 1;
}

bool listens(const Host&) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return fd >= 0 && ::listen(fd, 1) == 0;
}

// `name` is a path, or "@..." for a name without a file.
std::pair<sockaddr_un, socklen_t> unix_address(const std::string& name) {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    ::memcpy(to.sun_path, name.data(), std::min(name.size(), sizeof to.sun_path - 1));
    if (name.front() == '@') to.sun_path[0] = '\0';
    return {to, static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size())};
}

bool posts(int fd, const std::string& name) {
    const auto [to, size] = unix_address(name);
    return ::sendto(fd, "x", 1, 0, reinterpret_cast<const sockaddr*>(&to), size) == 1;
}

bool connects_to(int fd, const std::string& name) {
    const auto [to, size] = unix_address(name);
    return ::connect(fd, reinterpret_cast<const sockaddr*>(&to), size) == 0;
}

bool posts_by_socket(const std::string& name) {
    const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return fd >= 0 && posts(fd, name);
}

// Either end of a pair of datagram sockets sends to whomever it names.
bool posts_by_pair(const std::string& name) {
    std::array<int, 2> ends{};
    return ::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends.data()) == 0 &&
           posts(ends[0], name);
}

// The one Unix socket that it has, to another listener of its kind.
bool turns_callers_socket(const Host& host) {
    constexpr int kCaller = 3;
    return connects_to(kCaller, text_of(host, "letterbox") + ".calls");
}

}  // namespace

const Deeds& deeds_on_the_network() {
    static const Deeds deeds{
        {"connect_elsewhere", &connects},
        {"connect_by_sending", &connects_by_sending},
        {"udp_elsewhere", &sends_datagram},
        {"listen", &listens},
        {"inet_socket", [](const Host&) { return has_socket(AF_INET, SOCK_STREAM); }},
        {"raw_socket", [](const Host&) { return has_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP); }},
        {"raw_socket_ipv6",
         [](const Host&) { return has_socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6); }},
        {"ping_socket", [](const Host&) { return has_socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP); }},
        {"packet_socket", [](const Host&) { return has_socket(AF_PACKET, SOCK_RAW); }},
        {"multipath_socket",
         [](const Host&) { return has_socket(AF_INET, SOCK_STREAM, kMultipathTcp); }},
        {"netlink_audit",
         [](const Host&) { return has_socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT); }},
        {"netlink_events",
         [](const Host&) { return has_socket(AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT); }},
        {"crypto_socket", [](const Host&) { return has_socket(AF_ALG, SOCK_SEQPACKET); }},
        {"host_socket", [](const Host&) { return has_socket(AF_VSOCK, SOCK_STREAM); }},
        {"unix_socket", [](const Host&) { return has_socket(AF_UNIX, SOCK_STREAM); }},
        {"unix_letter",
         [](const Host& host) { return posts_by_socket(text_of(host, "letterbox")); }},
        {"abstract_letter",
         [](const Host& host) { return posts_by_socket(text_of(host, "nameless")); }},
        {"letter_by_pair",
         [](const Host& host) { return posts_by_pair(text_of(host, "letterbox")); }},
        {"abstract_letter_by_pair",
         [](const Host& host) { return posts_by_pair(text_of(host, "nameless")); }},
        {"turn_callers_socket", &turns_callers_socket},
    };
    return deeds;
}

}  // namespace latchkey::evil
