// SPDX-License-Identifier: MIT
//
// Files below directories that belong to root alone: opened without following
// links, checked, and replaced so that a crash leaves the old or the new one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/system/unique_fd.hpp"
#include "core/result.hpp"

namespace latchkey {

// "WHAT: reason" from errno, kind Unavailable.
[[nodiscard]] Error last_error(const std::string& what);

// Opens a directory for the *at() calls. Made 0700 if it is absent, with a
// parent of 0755 if that is absent too. Misconfigured: a link, of an owner other than
// root, or writable by anybody else.
Result<UniqueFd> open_root_directory(const std::string& path);

// `name` below `parent`, both as above, locked (LOCK_SH, LOCK_EX) until the
// descriptor is closed.
Result<UniqueFd> open_locked_directory(const std::string& parent, const std::string& name,
                                       int operation);

// The whole of a regular file of at most `limit` bytes. NotFound: there is
// none. Corrupt: longer, a link, or not a regular file.
Result<std::string> read_file_at(const UniqueFd& directory, const std::string& name,
                                 std::size_t limit);

// Writes all of it at the descriptor's position.
Result<void> write_all(const UniqueFd& file, std::string_view bytes);

// Replaces (or creates, 0600) the file durably: temporary file, fsync, rename,
// fsync of the directory. On an error the old content stands.
// Precondition: the caller holds a lock that keeps other writers of `name` out.
Result<void> replace_file_at(const UniqueFd& directory, const std::string& name,
                             std::string_view bytes);

// Removes the file durably; it is no error if there is none.
Result<void> remove_file_at(const UniqueFd& directory, const std::string& name);

struct NamedText {
    std::string name;
    std::string text;
};
// The same of many files, synced together: on an error some may be new and some old, each whole.
Result<void> replace_files_at(const UniqueFd& directory, const std::vector<NamedText>& files);

}  // namespace latchkey
