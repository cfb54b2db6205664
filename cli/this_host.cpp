// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "adapters/system/system_clock.hpp"
#include "cli/child.hpp"
#include "cli/host.hpp"
#include "cli/somebody_listens.hpp"
#include "config/settings_reader.hpp"
#include "monitor/keys.hpp"
#include "monitor/paths.hpp"

namespace latchkey::cli {

namespace {

constexpr std::chrono::seconds kLongestCommand{120};

std::string content_of(int fd) {
    std::string text;
    std::array<char, 4096> buffer{};
    off_t at = 0;
    while (true) {
        const ssize_t got = ::pread(fd, buffer.data(), buffer.size(), at);
        if (got <= 0 || at > off_t{1024} * 1024) return text;
        text.append(buffer.data(), static_cast<std::size_t>(got));
        at += got;
    }
}

// Memory files take what the program says: no pipe has to be emptied meanwhile.
Result<CommandOutput> run_command(const Arguments& arguments) {
    const UniqueFd out{::memfd_create("output", MFD_CLOEXEC)};
    const UniqueFd err{::memfd_create("errors", MFD_CLOEXEC)};
    if (!out || !err) return Error{ErrorKind::Unavailable, "memfd_create failed"};
    const Arguments environment{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8",
                                "DEBIAN_FRONTEND=noninteractive"};
    auto child = Child::start(arguments, environment, {-1, out.get(), err.get(), -1});
    if (!child) return std::move(child).error();
    const auto status = child->wait(kLongestCommand);
    if (!status) {
        return Error{ErrorKind::Unavailable, arguments.front() + " did not end in time"};
    }
    return CommandOutput{*status, content_of(out.get()), content_of(err.get())};
}

}  // namespace

Host this_host() {
    Host host;
    host.now = SystemClock{}.now();
    host.module_directory = LATCHKEY_PAMDIR;
    host.channel_directory = LATCHKEY_CHANNELDIR;
    host.program_directory = LATCHKEY_LIBEXECDIR;
    host.run = run_command;
    host.answers = somebody_listens;
    host.make_key = make_master_key;
    host.settings = [] { return read_settings(paths::kSettings, paths::kSettingsDirectory); };
    return host;
}

}  // namespace latchkey::cli
