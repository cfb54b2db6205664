// SPDX-License-Identifier: MIT
//
// The C library has no wrappers, and the headers of Debian 12 end at version 2;
// the numbers below are the kernel's ABI (Documentation/userspace-api/landlock.rst).
#include "adapters/confinement/landlock.hpp"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "adapters/confinement/confinement.hpp"
#include "adapters/system/unique_fd.hpp"

namespace latchkey {

namespace {

constexpr std::uint64_t kWriteFile = 1U << 1;
constexpr std::uint64_t kReadFile = 1U << 2;
constexpr std::uint64_t kReadDirectory = 1U << 3;
constexpr std::uint64_t kRemoveFile = 1U << 5;
constexpr std::uint64_t kMakeRegular = 1U << 8;
constexpr std::uint64_t kTruncate = 1U << 14;  // from version 3
constexpr std::uint64_t kAllOfVersion1 = (1U << 13) - 1;
constexpr std::uint64_t kRefer = 1U << 13;             // from version 2
constexpr std::uint64_t kDeviceIoctl = 1U << 15;       // from version 5
constexpr std::uint64_t kBindTcp = 1U << 0;            // from version 4
constexpr std::uint64_t kConnectTcp = 1U << 1;         // from version 4
constexpr std::uint64_t kScopeAbstractUnix = 1U << 0;  // from version 6
constexpr std::uint64_t kScopeSignal = 1U << 1;        // from version 6

constexpr unsigned kAskVersion = 1;
constexpr int kRulePath = 1;
constexpr int kRulePort = 2;

struct RulesetAttributes {
    std::uint64_t handled_files = 0;
    std::uint64_t handled_network = 0;
    std::uint64_t scoped = 0;
};

struct [[gnu::packed]] PathRule {
    std::uint64_t allowed = 0;
    std::int32_t parent_fd = -1;
};

struct PortRule {
    std::uint64_t allowed = 0;
    std::uint64_t port = 0;
};

Error refused(const std::string& what) {
    return {ErrorKind::Misconfigured, "landlock: " + what + ": " + strerrordesc_np(errno)};
}

RulesetAttributes attributes_for(int version) {
    RulesetAttributes attributes;
    attributes.handled_files = kAllOfVersion1;
    if (version >= 2) attributes.handled_files |= kRefer;
    if (version >= 3) attributes.handled_files |= kTruncate;
    if (version >= 5) attributes.handled_files |= kDeviceIoctl;
    if (version >= 4) attributes.handled_network = kBindTcp | kConnectTcp;
    if (version >= 6) attributes.scoped = kScopeAbstractUnix | kScopeSignal;
    return attributes;
}

// A kernel that knows less of the structure refuses one with more.
std::size_t size_for(int version) {
    if (version >= 6) return sizeof(RulesetAttributes);
    return version >= 4 ? 2 * sizeof(std::uint64_t) : sizeof(std::uint64_t);
}

UniqueFd open_path(const std::string& path) {
    return UniqueFd{::open(path.c_str(), O_PATH | O_CLOEXEC)};
}

Result<void> allow_path(int ruleset, const UniqueFd& path, std::uint64_t allowed) {
    struct stat kind {};
    if (::fstat(path.get(), &kind) != 0) return refused("fstat");
    // Rights on directories mean nothing on a file, and are refused there.
    if (!S_ISDIR(kind.st_mode)) allowed &= kReadFile | kWriteFile | kTruncate;
    const PathRule rule{allowed, path.get()};
    if (::syscall(SYS_landlock_add_rule, ruleset, kRulePath, &rule, 0U) != 0)
        return refused("add_rule");
    return {};
}

Result<void> allow_files(int ruleset, const LandlockRules& rules, std::uint64_t handled) {
    for (const std::string& path : rules.readable) {
        const UniqueFd found = open_path(path);
        if (!found) continue;  // what cannot be reached needs no right
        auto allowed = allow_path(ruleset, found, kReadFile | kReadDirectory);
        if (!allowed) return std::move(allowed).error().within(path);
    }
    if (rules.writable_directory.empty()) return {};
    const UniqueFd found = open_path(rules.writable_directory);
    if (!found) return refused(rules.writable_directory);
    std::uint64_t allowed =
        kReadFile | kReadDirectory | kWriteFile | kRemoveFile | kMakeRegular | kTruncate;
    if (rules.renames_across) allowed |= kRefer;
    return allow_path(ruleset, found, allowed & handled);
}

Result<void> allow_ports(int ruleset, const std::vector<std::uint16_t>& ports) {
    for (const std::uint16_t port : ports) {
        const PortRule rule{kConnectTcp, port};
        if (::syscall(SYS_landlock_add_rule, ruleset, kRulePort, &rule, 0U) != 0)
            return refused("port " + std::to_string(port));
    }
    return {};
}

}  // namespace

int landlock_version() {
    const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0U, kAskVersion);
    return version > 0 ? static_cast<int>(version) : 0;
}

Result<void> restrict_with_landlock(const LandlockRules& rules) {
    const int version = landlock_version();
    if (version == 0) return {};
    const RulesetAttributes attributes = attributes_for(version);
    const UniqueFd ruleset{static_cast<int>(
        ::syscall(SYS_landlock_create_ruleset, &attributes, size_for(version), 0U))};
    if (!ruleset) return refused("create_ruleset");
    auto files = allow_files(ruleset.get(), rules, attributes.handled_files);
    if (!files) return files;
    if (attributes.handled_network != 0) {
        auto ports = allow_ports(ruleset.get(), rules.tcp_ports);
        if (!ports) return ports;
    }
    if (::syscall(SYS_landlock_restrict_self, ruleset.get(), 0U) != 0)
        return refused("restrict_self");
    return {};
}

}  // namespace latchkey
