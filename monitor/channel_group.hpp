// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <string>

#include "core/result.hpp"
#include "core/settings.hpp"

namespace latchkey {

// The gid of a channel's `group`, from a file like /etc/group: spool directories belong
// to local daemons, so no directory service is asked. Misconfigured, with one sentence:
// there is no such group, or under this or another name of its gid it is root's, one of
// the privileged groups, or the verifier's own.
Result<gid_t> find_channel_group(const std::string& name, const Settings& settings,
                                 const std::string& file = "/etc/group");

}  // namespace latchkey
