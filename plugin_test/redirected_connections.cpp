// SPDX-License-Identifier: MIT
#include "plugin_test/redirected_connections.hpp"

#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace latchkey::plugin_test {

namespace {

// The C library's functions have no place for a context.
std::uint16_t peer_port = 0;  // 0: nothing is redirected
std::uint32_t* connections = nullptr;

int connect_for_real(int socket, const void* address, socklen_t length) {
    return static_cast<int>(::syscall(SYS_connect, socket, address, length));
}

int connect_to_peer(int socket, sa_family_t family) {
    __atomic_fetch_add(connections, 1U, __ATOMIC_RELAXED);
    if (family == AF_INET) {
        sockaddr_in peer{};
        peer.sin_family = AF_INET;
        peer.sin_port = htons(peer_port);
        peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return connect_for_real(socket, &peer, sizeof peer);
    }
    sockaddr_in6 peer{};  // ::ffff:127.0.0.1
    peer.sin6_family = AF_INET6;
    peer.sin6_port = htons(peer_port);
    peer.sin6_addr.s6_addr[10] = peer.sin6_addr.s6_addr[11] = 0xff;
    peer.sin6_addr.s6_addr[12] = 127;
    peer.sin6_addr.s6_addr[15] = 1;
    return connect_for_real(socket, &peer, sizeof peer);
}

}  // namespace

void redirect_connections(std::uint16_t port, std::uint32_t& tried) {
    connections = &tried;
    peer_port = port;
}

}  // namespace latchkey::plugin_test

using latchkey::plugin_test::connect_for_real;
using latchkey::plugin_test::connect_to_peer;
using latchkey::plugin_test::peer_port;

extern "C" {

__attribute__((visibility("default"))) int connect(int socket, const sockaddr* address,
                                                   socklen_t length) {
    const bool internet = address != nullptr && length >= sizeof address->sa_family &&
                          (address->sa_family == AF_INET || address->sa_family == AF_INET6);
    if (peer_port == 0 || !internet) return connect_for_real(socket, address, length);
    return connect_to_peer(socket, address->sa_family);
}

__attribute__((visibility("default"))) int getaddrinfo(const char* name, const char* service,
                                                       const addrinfo* hints, addrinfo** found) {
    using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
    const auto for_real = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    if (peer_port == 0 || name == nullptr) return for_real(name, service, hints, found);
    addrinfo any{};
    if (hints != nullptr) any = *hints;
    any.ai_family = AF_INET;
    return for_real("127.0.0.1", service, &any, found);
}
}
