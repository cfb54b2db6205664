// SPDX-License-Identifier: MIT
#include "monitor/listen_for_users.hpp"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/printable.hpp"
#include "monitor/paths.hpp"
#include "monitor/process.hpp"
#include "monitor/root_files.hpp"

namespace latchkey {

namespace {

constexpr int kBacklog = 128;
// As MaxConnections of latchkey-user.socket; who is beyond waits in the backlog.
constexpr std::size_t kMostConnections = 256;
constexpr std::ptrdiff_t kMostOfOne = 4;
constexpr int kLookAgain = 200;  // milliseconds, while all places are taken
constexpr int kFailed = 1;

sockaddr_un address() {
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    strncpy(where.sun_path, paths::kUserSocket, sizeof where.sun_path - 1);
    return where;
}

bool somebody_listens() {
    const sockaddr_un where = address();
    const UniqueFd probe{::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!probe) return true;
    const int connected =
        ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where);
    return connected == 0 || errno == EAGAIN;  // somebody who is busy
}

Result<UniqueFd> make_socket() {
    const std::string path = paths::kUserSocket;
    auto directory = open_root_directory(path.substr(0, path.rfind('/')));
    if (!directory) return std::move(directory).error();
    // The directory is everybody's to pass through.
    if (::fchmod(directory->get(), 0755) != 0) return last_error("chmod /run/latchkey");
    if (somebody_listens()) return Error{ErrorKind::Rejected, path + ": somebody listens there"};
    if (::unlink(paths::kUserSocket) != 0 && errno != ENOENT) return last_error(path);
    UniqueFd made{::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)};
    const sockaddr_un where = address();
    if (!made || ::bind(made.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0)
        return last_error(path);
    if (::chmod(paths::kUserSocket, 0666) != 0 || ::listen(made.get(), kBacklog) != 0)
        return last_error(path);
    return made;
}

struct Served {
    uid_t uid = 0;
    ChildProcess process;
};

// Before a process is started: one user who connects all the time costs nobody else a place.
// Of those that are served two go on, and the others are told so.
bool has_place(uid_t uid, const std::vector<Served>& served) {
    return std::count_if(served.begin(), served.end(),
                         [uid](const Served& each) { return each.uid == uid; }) < kMostOfOne;
}

void serve_one(UniqueFd connection, std::vector<Served>& served, EventLog& log) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(connection.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
        !has_place(peer.uid, served))
        return;
    auto process = start({paths::kMonitor, {"--user"}, {}}, std::move(connection));
    if (process)
        served.push_back({peer.uid, std::move(*process)});
    else
        log.record(Severity::Warning,
                   "cannot serve a user why=" + in_quotes(process.error().detail));
}

}  // namespace

int listen_for_users(EventLog& log) {
    auto listening = make_socket();
    if (!listening) {
        log.record(Severity::Alarm,
                   "cannot listen for users why=" + in_quotes(listening.error().detail));
        return kFailed;
    }
    std::vector<Served> served;
    while (true) {
        std::erase_if(served, [](const Served& each) { return !each.process.running(); });
        if (served.size() >= kMostConnections) {
            (void)::poll(nullptr, 0, kLookAgain);
            continue;
        }
        UniqueFd connection{::accept4(listening->get(), nullptr, nullptr, SOCK_CLOEXEC)};
        if (connection)
            serve_one(std::move(connection), served, log);
        else if (errno != EINTR && errno != ECONNABORTED)
            (void)::poll(nullptr, 0, kLookAgain);  // out of descriptors, or of memory
    }
}

}  // namespace latchkey
