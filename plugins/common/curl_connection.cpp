// SPDX-License-Identifier: MIT
#include "plugins/common/curl_connection.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace latchkey::plugin {

namespace {

bool is_loopback(const curl_sockaddr& address) {
    if (address.family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address.addr, sizeof v4);
        return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
    }
    if (address.family != AF_INET6) return false;
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address.addr, std::min<std::size_t>(sizeof v6, address.addrlen));
    return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) != 0;
}

}  // namespace

CurlHandle new_curl_handle() {
    const bool is_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    return {is_ready ? curl_easy_init() : nullptr, &curl_easy_cleanup};
}

curl_socket_t open_loopback_only(void*, curlsocktype, curl_sockaddr* address) {
    if (!is_loopback(*address)) return CURL_SOCKET_BAD;
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace latchkey::plugin
