// SPDX-License-Identifier: MIT
#include "plugin_test/guest.hpp"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <new>
#include <system_error>

#include "adapters/confinement/confinement.hpp"
#include "channel_host/plugin_table.hpp"
#include "channel_host/process_limits.hpp"
#include "channel_host/serve_call.hpp"
#include "plugin_test/redirected_connections.hpp"

namespace latchkey::plugin_test {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr uid_t kNobody = 65534;
constexpr int kPlugin = 3;  // where the channel host has its caller
constexpr std::size_t kMostPrinted = 4096;

void must(bool done, const char* what) {
    if (!done) throw std::system_error{errno, std::generic_category(), what};
}

class SharedObservation {
public:
    SharedObservation()
        : memory_{::mmap(nullptr, sizeof(Observation), PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0)} {
        must(memory_ != MAP_FAILED, "mmap");
        seen_ = new (memory_) Observation{};
    }
    SharedObservation(const SharedObservation&) = delete;
    SharedObservation& operator=(const SharedObservation&) = delete;
    ~SharedObservation() { ::munmap(memory_, sizeof(Observation)); }
    Observation& operator*() { return *seen_; }

private:
    void* memory_;
    Observation* seen_ = nullptr;
};

// The channel host never runs as root, so a tester that does becomes nobody.
Result<void> give_up_root() {
    if (::geteuid() != 0) return {};
    if (::setgroups(0, nullptr) == 0 && ::setresgid(kNobody, kNobody, kNobody) == 0 &&
        ::setresuid(kNobody, kNobody, kNobody) == 0)
        return {};
    return Error{ErrorKind::Misconfigured, "root could not become nobody"};
}

Result<void> set_the_table(const Guest& guest, const UniqueFd& output) {
    const UniqueFd nothing{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
    if (::dup2(nothing.get(), STDIN_FILENO) < 0 || ::dup2(output.get(), STDOUT_FILENO) < 0 ||
        ::dup2(output.get(), STDERR_FILENO) < 0 || ::dup2(guest.file.get(), kPlugin) < 0)
        return Error{ErrorKind::Misconfigured, "descriptors could not be put in place"};
    if (auto done = give_up_root(); !done) return done;
    if (auto done = harden_channel_host(); !done) return done;
    if (auto done = limit_for(guest.setup.profile); !done) return done;
    return arm_deadline(guest.deadline);
}

Result<void> close_the_sandbox(const Guest& guest, std::uint16_t peer) {
    if (auto done = end_process_at(guest.forbidden); !done) return done;
    UniqueFd plugin{kPlugin};
    ChannelConfinement confinement = confinement_of(guest.setup, plugin);
    (void)plugin.release();
    confinement.tcp_ports.push_back(peer);
    return confine_channel(confinement);
}

Result<void> be_the_guest(const Guest& guest, const Deed& deed, const UniqueFd& output,
                          std::uint16_t peer, Observation& seen) {
    const auto deadline = steady_clock::now() + guest.deadline;
    if (auto done = set_the_table(guest, output); !done) return done;
    DIR* const threads = ::opendir("/proc/self/task");
    if (!guest.live) redirect_connections(peer, seen.connections);
    if (auto done = close_the_sandbox(guest, peer); !done) return done;
    const UniqueFd plugin{kPlugin};
    const auto table = open_table(plugin, guest.setup.plugin);
    if (!table) return table.error();
    seen.stage = Stage::Loaded;
    deed({**table, seen, threads, deadline});
    return {};
}

[[noreturn]] void child(const Guest& guest, const Deed& deed, const UniqueFd& output,
                        std::uint16_t peer, Observation& seen) {
    try {
        const auto done = be_the_guest(guest, deed, output, peer, seen);
        if (!done) write_text(seen.trouble, sizeof seen.trouble, done.error().detail);
    } catch (const std::exception& error) {
        write_text(seen.trouble, sizeof seen.trouble, error.what());
    } catch (...) {
        write_text(seen.trouble, sizeof seen.trouble, "something was thrown");
    }
    (void)::fflush(nullptr);  // what it printed may still be held by the C library
    ::_exit(0);
}

// Serves the peer until the process behind `process` ends; true if it had to be killed.
bool wait_for_end(int process, std::chrono::seconds deadline, Peer& peer) {
    const auto until = steady_clock::now() + deadline;
    std::array<pollfd, 2> both{pollfd{process, POLLIN, 0}, pollfd{peer.descriptor(), POLLIN, 0}};
    while (true) {
        const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
        if (left.count() <= 0) return true;
        const auto pause = std::min(left, peer.longest_pause());
        const int ready = ::poll(both.data(), both.size(), static_cast<int>(pause.count()));
        if (ready == 0) peer.drip();
        if (ready <= 0) continue;
        if (both[0].revents != 0) return false;
        if (both[1].revents != 0) peer.serve();
    }
}

std::string content_of(const UniqueFd& file) {
    std::string text(kMostPrinted, '\0');
    const ssize_t got = ::pread(file.get(), text.data(), text.size(), 0);
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
}

}  // namespace

Account watch(const Guest& guest, const Deed& deed) {
    SharedObservation seen;
    Peer peer{guest.peer};
    const UniqueFd output{::memfd_create("output", MFD_CLOEXEC)};
    must(static_cast<bool>(output), "memfd_create");
    (void)::fflush(nullptr);
    const pid_t pid = ::fork();
    must(pid >= 0, "fork");
    if (pid == 0) child(guest, deed, output, peer.port(), *seen);
    const UniqueFd process{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
    must(static_cast<bool>(process), "pidfd_open");
    Account account;
    account.overdue = wait_for_end(process.get(), guest.deadline, peer);
    if (account.overdue) (void)::kill(pid, SIGKILL);
    while (::waitpid(pid, &account.wait_status, 0) < 0 && errno == EINTR) {
    }
    // Its own timer may have been the first of the two.
    account.overdue = account.overdue || (WIFSIGNALED(account.wait_status) &&
                                          WTERMSIG(account.wait_status) == SIGKILL);
    account.seen = *seen;
    account.printed = content_of(output);
    account.received = peer.received();
    return account;
}

}  // namespace latchkey::plugin_test
