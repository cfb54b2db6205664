// SPDX-License-Identifier: MIT
#include "tests/support/verifier_process.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace latchkey {

namespace {

std::pair<Seqpacket, Seqpacket> new_pair() {
    auto ends = Seqpacket::make_pair();
    if (!ends) throw std::runtime_error{ends.error().detail};
    return std::move(*ends);
}

}  // namespace

VerifierProcess::VerifierProcess(const VerifierFiles& files, const std::string& mode,
                                 rlim_t largest_file)
    : link_{UniqueFd{}} {
    auto [ours, theirs] = new_pair();
    std::vector<std::string> words{
        LATCHKEY_VERIFIER_PROGRAM, mode, "--settings", files.settings, "--store", files.store};
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    // Sanitizers look for leaks with calls that a confined process may not make.
    std::string sanitizer = "ASAN_OPTIONS=detect_leaks=0";
    std::array<char*, 2> variables{sanitizer.data(), nullptr};
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error{"fork"};
    if (pid_ == 0) {
        constexpr int kLink = 3;
        // dup2 onto itself would leave close-on-exec set.
        const int above = ::fcntl(theirs.fd(), F_DUPFD, 100);
        if (::dup2(above, kLink) < 0) ::_exit(126);
        ::closefrom(kLink + 1);
        // So that root, too, is stopped by the modes of files.
        (void)::prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE);
        if (largest_file != 0) {
            const rlimit limit{largest_file, largest_file};
            if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(125);
        }
        ::execve(argv.front(), argv.data(), variables.data());
        ::_exit(127);
    }
    link_ = std::move(ours);
}

VerifierProcess::~VerifierProcess() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

std::optional<int> VerifierProcess::ended() {
    const UniqueFd handle{static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0))};
    pollfd waiting{handle.get(), POLLIN, 0};
    const auto patience = std::chrono::milliseconds{kPatience}.count();
    if (!handle || ::poll(&waiting, 1, static_cast<int>(patience)) != 1) return std::nullopt;
    int status = 0;
    if (::waitpid(std::exchange(pid_, -1), &status, 0) < 0) return std::nullopt;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace latchkey
