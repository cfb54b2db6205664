// SPDX-License-Identifier: MIT
#include "adapters/confinement/confinement.hpp"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include <array>

#include "adapters/confinement/landlock.hpp"
#include "adapters/confinement/system_calls.hpp"

namespace latchkey {

namespace {

constexpr std::array kLibraries{"/usr/lib",    "/usr/lib32",     "/usr/lib64",
                                "/usr/libx32", "/lib",           "/lib32",
                                "/lib64",      "/usr/local/lib", "/etc/ld.so.cache"};

// /etc/ssl/private is not among them.
constexpr std::array kNetworkFiles{"/etc/ssl/certs",
                                   "/etc/ssl/openssl.cnf",
                                   "/usr/share/ca-certificates",
                                   "/usr/local/share/ca-certificates",
                                   "/etc/resolv.conf",
                                   "/etc/hosts",
                                   "/etc/nsswitch.conf",
                                   "/etc/gai.conf",
                                   "/etc/host.conf",
                                   "/etc/services",
                                   "/etc/protocols",
                                   "/etc/localtime",
                                   "/usr/share/zoneinfo"};

constexpr std::array kLocalTime{"/etc/localtime", "/usr/share/zoneinfo"};

constexpr std::uint16_t kDomainPort = 53;

Result<void> require_directory(const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode)) return {};
    return Error{ErrorKind::Misconfigured, path + ": is not a directory"};
}

Result<void> give_up_new_privileges() {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) return {};
    return Error{ErrorKind::Misconfigured, std::string{"no_new_privs: "} + strerrordesc_np(errno)};
}

Result<void> confine(const LandlockRules& files, const SystemCallRules& calls) {
    if (!files.writable_directory.empty()) {
        auto writable = require_directory(files.writable_directory);
        if (!writable) return writable;
    }
    auto fixed = give_up_new_privileges();
    if (!fixed) return fixed;
    auto restricted = restrict_with_landlock(files);
    if (!restricted) return restricted;
    return allow_system_calls(calls);  // last: it refuses what the steps before need
}

}  // namespace

Result<void> confine_channel(const ChannelConfinement& confinement) {
    if (confinement.profile == Profile::Program) return {};
    const bool network = confinement.profile == Profile::Network;
    const bool spool = confinement.profile == Profile::Spool;
    if (spool && confinement.writable_directory.empty())
        return Error{ErrorKind::Misconfigured, "profile spool without a directory"};
    LandlockRules files;
    files.readable.assign(kLibraries.begin(), kLibraries.end());
    files.readable.insert(files.readable.end(), confinement.readable.begin(),
                          confinement.readable.end());
    files.writable_directory = confinement.writable_directory;
    files.renames_across = spool;
    if (network) {
        files.readable.insert(files.readable.end(), kNetworkFiles.begin(), kNetworkFiles.end());
        files.tcp_ports = confinement.tcp_ports;
        files.tcp_ports.push_back(kDomainPort);
    }
    return confine(files, {.writes_files = !confinement.writable_directory.empty(),
                           .uses_network = network,
                           .starts_threads = network});
}

Result<void> confine_verifier(const std::string& store_directory) {
    LandlockRules files;
    files.readable.assign(kLocalTime.begin(), kLocalTime.end());
    files.writable_directory = store_directory;
    return confine(files, {.writes_files = true, .uses_network = false, .starts_threads = false});
}

}  // namespace latchkey
