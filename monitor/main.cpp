// SPDX-License-Identifier: MIT
//
// latchkey-monitor: the root side. Serves descriptor 3 (a login, with --admin root's command,
// with --user anybody's), with --deliver the outbox, or with --probe nobody: it asks the
// channels. With --listen it takes the place of systemd's socket unit for --user.
// With --kill-all=UID it ends what runs as an account, and nothing else.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <string_view>

#include "adapters/system/orderly_end.hpp"
#include "adapters/system/seqpacket.hpp"
#include "adapters/system/syslog_event_log.hpp"
#include "adapters/system/system_clock.hpp"
#include "core/printable.hpp"
#include "monitor/end_sessions.hpp"
#include "monitor/listen_for_users.hpp"
#include "monitor/process.hpp"
#include "monitor/serve_admin.hpp"
#include "monitor/serve_delivery.hpp"
#include "monitor/serve_login.hpp"
#include "monitor/serve_user.hpp"

namespace {

using latchkey::Seqpacket;
using latchkey::Severity;
using latchkey::UniqueFd;

constexpr int kUsage = 2;
constexpr int kLink = 3;
constexpr std::string_view kKillAll = "--kill-all=";

// Whose process connected, as the kernel has it.
std::optional<uid_t> peer_of(int socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || size != sizeof peer)
        return std::nullopt;
    return peer.uid;
}

bool is_mode(std::string_view word) {
    constexpr std::array<std::string_view, 6> kModes{"--login", "--deliver", "--probe",
                                                     "--admin", "--user",    "--listen"};
    return std::find(kModes.begin(), kModes.end(), word) != kModes.end();
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
    if (mode == "--listen") return latchkey::listen_for_users(log);
    (void)::fcntl(kLink, F_SETFD, FD_CLOEXEC);
    Seqpacket link{UniqueFd{kLink}};
    const auto peer = peer_of(kLink);
    if (!peer) return kUsage;
    if (mode == "--user") {
        latchkey::serve_user(std::move(link), *peer, clock, log);
        return 0;
    }
    if (*peer != 0) return kUsage;  // only root may talk to the rest of the root side
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
    if (::getuid() != 0 || argc > 2 || (!is_mode(mode) && !mode.starts_with(kKillAll)))
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
