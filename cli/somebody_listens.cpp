// SPDX-License-Identifier: MIT
#include "cli/somebody_listens.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>

#include "adapters/system/unique_fd.hpp"

namespace latchkey::cli {

bool somebody_listens(const std::string& path) {
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    if (path.size() >= sizeof where.sun_path) return false;
    path.copy(where.sun_path, path.size());
    const UniqueFd probe{::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!probe) return false;
    const int connected =
        ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where);
    return connected == 0 || errno == EAGAIN;  // somebody who is busy
}

}  // namespace latchkey::cli
