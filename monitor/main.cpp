// SPDX-License-Identifier: MIT
//
// latchkey-monitor: the root side. Serves descriptor 3 (a login, or with --admin
// the command), with --deliver the outbox, or with --probe nobody: it asks the channels.
// With --kill-all=UID it ends what runs as an account, and nothing else.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <exception>
#include <string_view>

#include "adapters/system/orderly_end.hpp"
#include "adapters/system/seqpacket.hpp"
#include "adapters/system/syslog_event_log.hpp"
#include "adapters/system/system_clock.hpp"
#include "core/printable.hpp"
#include "monitor/end_sessions.hpp"
#include "monitor/process.hpp"
#include "monitor/serve_admin.hpp"
#include "monitor/serve_delivery.hpp"
#include "monitor/serve_login.hpp"

namespace {

using latchkey::Seqpacket;
using latchkey::Severity;
using latchkey::UniqueFd;

constexpr int kUsage = 2;
constexpr int kLink = 3;
constexpr std::string_view kKillAll = "--kill-all=";

// Only root may talk to the root side.
bool peer_is_root(int socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
           size == sizeof peer && peer.uid == 0;
}

int serve(std::string_view mode, latchkey::EventLog& log) {
    const latchkey::SystemClock clock;
    if (auto hardened = latchkey::harden_this_process(); !hardened) {
        log.record(Severity::Alarm,
                   "refused to start why=" + latchkey::in_quotes(hardened.error().detail));
        return 1;
    }
    if (mode.starts_with(kKillAll)) return latchkey::kill_all_of(mode.substr(kKillAll.size()));
    if (mode == "--deliver") return latchkey::serve_delivery(log);
    if (mode == "--probe") return latchkey::serve_probes(log);
    (void)::fcntl(kLink, F_SETFD, FD_CLOEXEC);
    Seqpacket link{UniqueFd{kLink}};
    if (!peer_is_root(kLink)) return kUsage;
    if (mode == "--admin") {
        latchkey::serve_admin(std::move(link), clock, log);
    } else {
        latchkey::serve_login(std::move(link), clock, log);
    }
    return 0;
}

}  // namespace

int main(int argc, char* argv[]) {
    latchkey::end_orderly_instead_of_aborting();
    const std::string_view mode = argc == 2 ? argv[1] : "--login";
    if (::getuid() != 0 || argc > 2 ||
        (mode != "--login" && mode != "--deliver" && mode != "--probe" && mode != "--admin" &&
         !mode.starts_with(kKillAll)))
        return kUsage;
    latchkey::SyslogEventLog log{"latchkey-monitor"};
    try {
        return serve(mode, log);
    } catch (const std::exception& e) {
        log.record(Severity::Alarm, std::string{"unexpected: "} + e.what());
    } catch (...) {
        log.record(Severity::Alarm, "unexpected: not a std::exception");
    }
    return 1;
}
