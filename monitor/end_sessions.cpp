// SPDX-License-Identifier: MIT
#include "monitor/end_sessions.hpp"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "adapters/system/seqpacket.hpp"
#include "adapters/system/unique_fd.hpp"
#include "monitor/process.hpp"
#include "monitor/root_files.hpp"
#include "monitor/row_text.hpp"

// glibc 2.36's header declares C functions without saying so to C++.
extern "C" {
#include <sys/pidfd.h>
}

namespace latchkey {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kToHangUp{500};
constexpr std::chrono::milliseconds kBetweenLooks{50};

// What follows "NAME:" and blanks in a file of proc(5), up to the next blank.
std::string_view word_behind(std::string_view status, std::string_view name) {
    const std::size_t at = status.find(name);
    if (at == status.npos) return {};
    status.remove_prefix(at + name.size());
    status.remove_prefix(std::min(status.find_first_not_of(" \t"), status.size()));
    return status.substr(0, status.find_first_of(" \t\n"));
}

// Whether the process is one of that real uid and has not ended.
bool is_of(uid_t uid, pid_t pid) {
    const std::string path = "/proc/" + std::to_string(pid) + "/status";
    const UniqueFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file) return false;
    std::array<char, 2048> buffer{};
    const ssize_t length = ::read(file.get(), buffer.data(), buffer.size());
    if (length <= 0) return false;
    const std::string_view status{buffer.data(), static_cast<std::size_t>(length)};
    // Behind the name of the program, in which a line feed is written as "\n".
    const std::string_view state = word_behind(status, "\nState:");
    if (state == "Z" || state == "X") return false;
    return number_in<uid_t>(word_behind(status, "\nUid:")) == uid;
}

struct Sweep {
    std::uint32_t found = 0;
    UniqueFd one_of_them;
};

// Looks at every process once, and sends `signal` to those of the uid; 0 sends none.
Result<Sweep> sweep(uid_t uid, int signal, std::set<pid_t>& seen) {
    const std::unique_ptr<DIR, int (*)(DIR*)> table{::opendir("/proc"), ::closedir};
    if (!table) return last_error("open /proc");
    Sweep sweep;
    while (const dirent* entry = ::readdir(table.get())) {
        const auto pid = number_in<pid_t>(entry->d_name);
        if (!pid || *pid <= 0) continue;
        // Held before the uid is read: should the number mean another process by then, the
        // signal goes to the one that was held, which is gone.
        UniqueFd process{::pidfd_open(*pid, 0)};
        if (!process || !is_of(uid, *pid)) continue;
        ++sweep.found;
        seen.insert(*pid);
        if (signal != 0) (void)::pidfd_send_signal(process.get(), signal, nullptr, 0);
        sweep.one_of_them = std::move(process);
    }
    return sweep;
}

// Until that process has ended, or for as long as is waited between two looks.
void wait_for(const UniqueFd& process, steady_clock::time_point until) {
    pollfd ended{process.get(), POLLIN, 0};
    (void)::poll(&ended, 1, poll_timeout(std::min(until, steady_clock::now() + kBetweenLooks)));
}

// True: it has killed all. False: it was itself ended by one of them, or had no time.
Result<bool> run_killer(const std::string& killer, uid_t uid, steady_clock::time_point deadline) {
    auto process = start({killer, {"--kill-all=" + std::to_string(uid)}, {}}, {});
    if (!process) return std::move(process).error();
    const auto status = process->wait(deadline);
    return status && *status == 0;
}

}  // namespace

Result<EndedSessions> end_sessions(uid_t uid, const HostAccountRules& rules,
                                   steady_clock::time_point deadline, const std::string& killer) {
    if (uid == 0 || uid < rules.uid_min || uid > rules.uid_max)
        return Error{ErrorKind::Rejected, "sessions of uid " + std::to_string(uid) +
                                              " are not ended: it is no person's"};
    std::set<pid_t> seen;
    auto now = sweep(uid, SIGHUP, seen);
    const auto patience = std::min(deadline, steady_clock::now() + kToHangUp);
    while (now && now->found > 0 && steady_clock::now() < patience) {
        wait_for(now->one_of_them, patience);
        now = sweep(uid, 0, seen);
    }
    bool killed = false;
    while (now && (!killed || now->found > 0)) {
        auto ran = run_killer(killer, uid, deadline);
        if (!ran) return std::move(ran).error();
        killed = *ran;
        now = sweep(uid, 0, seen);
        if (steady_clock::now() >= deadline) break;
        if (now && now->found > 0) wait_for(now->one_of_them, deadline);
    }
    if (!now) return std::move(now).error();
    if (!killed) return Error{ErrorKind::Unavailable, "sessions were not killed in time"};
    const auto all = static_cast<std::uint32_t>(seen.size());
    return EndedSessions{all - std::min(all, now->found), now->found};
}

int kill_all_of(std::string_view text) {
    constexpr int kRefused = 2;
    constexpr gid_t kNoGroup = 65'534;
    const auto uid = number_in<uid_t>(text);
    if (!uid || *uid == 0) return kRefused;
    if (::setgroups(0, nullptr) != 0 || ::setresgid(kNoGroup, kNoGroup, kNoGroup) != 0 ||
        ::setresuid(*uid, *uid, *uid) != 0 || ::getuid() != *uid || ::geteuid() != *uid)
        return kRefused;
    // All but this one. That there is none to kill is no error.
    (void)::kill(-1, SIGKILL);
    return 0;
}

}  // namespace latchkey
