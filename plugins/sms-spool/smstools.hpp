// SPDX-License-Identifier: MIT
//
// The spool directory of smstools 3: one file per message, headers first, put into
// DIRECTORY/outgoing by a rename, since smsd reads whatever it sees there.
#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include <latchkey/plugin.hpp>

namespace latchkey::sms {

// The file's content. `to` is digits alone, `text` printable ASCII.
[[nodiscard]] std::string spool_file(std::string_view to, std::string_view text,
                                     std::uint64_t expires_at, std::time_t now);

// Puts `content` into the directory's outgoing, readable for the group of that and named
// after the message, so that one that is tried again while it waits there is sent once.
[[nodiscard]] plugin::Reply put_into_spool(const std::string& directory,
                                           std::string_view message_id, const std::string& content);

// Whether put_into_spool would get as far as the rename.
[[nodiscard]] plugin::Reply try_spool(const std::string& directory);

}  // namespace latchkey::sms
