// SPDX-License-Identifier: MIT
//
// The sandbox of the unprivileged programs: no_new_privs, then Landlock as far
// as the kernel has it, then a seccomp allow-list. What it takes away cannot be
// had back, by this process or by anything it loads later.
//
// Without Landlock (before Linux 5.13, or switched off) files are guarded by the
// user, and by seccomp: nothing can be opened for writing unless a writable
// directory was asked for. Limits on TCP ports need Linux 6.7.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/settings.hpp"

namespace latchkey {

struct ChannelConfinement {
    Profile profile = Profile::None;
    // Files or directories readable beside libraries (and, with Profile::Network,
    // certificates and resolver files). What does not exist is passed over.
    std::vector<std::string> readable;
    // May be written to; empty: nothing is. Misconfigured if it is no directory, and
    // with Profile::Spool if it is empty.
    std::string writable_directory;
    // Profile::Network: TCP ports that may be connected to, beside 53.
    std::vector<std::uint16_t> tcp_ports;
};

// For a channel host, before it loads a plugin. Profile::None: no socket of any
// family, no thread. Profile::Network: IPv4, IPv6 and rtnetlink (getaddrinfo
// asks it for the host's addresses), threads, never listens. Profile::Spool: as None, and
// files may be renamed between directories below the writable one. Profile::Program:
// nothing is taken away here, because set-id programs and scripts would not run; what
// guards it is channel_host/program_keeper.hpp.
// Misconfigured: the kernel refuses seccomp, or Landlock although it has it. The
// caller must end then.
Result<void> confine_channel(const ChannelConfinement& confinement);

// For a verifier: writes below store_directory only, opens no socket, starts no
// thread. Settings must have been read and the log opened (LOG_NDELAY) before.
Result<void> confine_verifier(const std::string& store_directory);

// The kernel's Landlock version, 0 if it has none.
[[nodiscard]] int landlock_version();

}  // namespace latchkey
