// SPDX-License-Identifier: MIT
#include "monitor/channel_start.hpp"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <array>
#include <chrono>
#include <utility>

#include "adapters/system/seqpacket.hpp"
#include "monitor/channel_group.hpp"
#include "monitor/orphans.hpp"
#include "monitor/paths.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kLongestSecret = 1024;
// How long a keeper takes to end what forks as fast as it can (channel_host/program_keeper.hpp).
constexpr std::chrono::seconds kSweep{4};

Error misconfigured(const std::string& file, const char* why) {
    return {ErrorKind::Misconfigured,
            file + ": " + why + "; make it a file of root with mode 0600"};
}

// The file's content without its last newline.
Result<Secret> read_secret(const std::string& file) {
    if (file.empty()) return Secret{};
    const UniqueFd fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
    struct stat found {};
    if (!fd || ::fstat(fd.get(), &found) != 0) return misconfigured(file, "cannot be read");
    if (!S_ISREG(found.st_mode) || found.st_uid != 0 || (found.st_mode & 077) != 0)
        return misconfigured(file, "others than root may read or change it");
    std::array<char, kLongestSecret + 1> buffer{};
    const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
    if (got < 0 || static_cast<std::size_t>(got) > kLongestSecret)
        return misconfigured(file, "cannot be read, or is longer than 1,024 bytes");
    std::string_view text{buffer.data(), static_cast<std::size_t>(got)};
    if (text.ends_with('\n')) text.remove_suffix(1);
    Secret secret{text};
    explicit_bzero(buffer.data(), buffer.size());
    return secret;
}

}  // namespace

Result<StartedChannel> start_channel(const Settings& settings, const std::string& channel) {
    const auto found = settings.channels.find(channel);
    if (found == settings.channels.end()) return Error{ErrorKind::Misconfigured, "no such channel"};
    const ChannelSettings& chosen = found->second;
    auto secret = read_secret(chosen.secret_file);
    if (!secret) return std::move(secret).error();
    Program program{paths::kChannelHost, {}, paths::kChannelUser};
    if (!chosen.group.empty()) {
        auto group = find_channel_group(chosen.group, settings);
        if (!group) return std::move(group).error();
        program.group = *group;
    }
    const bool runs_programs = chosen.profile == Profile::Program;
    if (auto adopted = runs_programs ? adopt_orphans() : Result<void>{}; !adopted)
        return std::move(adopted).error();
    auto ends = Seqpacket::make_pair();
    if (!ends) return std::move(ends).error();

    wire::ChannelSetup setup;
    setup.channel = channel;
    setup.plugin = chosen.plugin;
    setup.profile = chosen.profile;
    setup.deadline_seconds = static_cast<std::uint32_t>(chosen.deadline.count());
    setup.options.assign(chosen.options.begin(), chosen.options.end());
    setup.secret = std::move(*secret);
    // Written into the end that the verifier gets, so it waits at the host's end.
    if (auto sent = ends->first.send_message(setup); !sent) return std::move(sent).error();
    auto host = start(program, std::move(ends->second).take_fd());
    if (!host) return std::move(host).error();
    // What it started may go on in the background until then.
    if (runs_programs)
        host->leave_until(std::chrono::steady_clock::now() + chosen.deadline + kSweep);
    return StartedChannel{std::move(*host), std::move(ends->first).take_fd()};
}

}  // namespace latchkey
