// SPDX-License-Identifier: MIT
//
// The machine that setup and check work on. Every file is read below `root` and
// every program is started through `run`, so that the same code runs on a
// directory tree.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/recovery.hpp"
#include "core/result.hpp"
#include "core/settings.hpp"

namespace latchkey::cli {

using Arguments = std::vector<std::string>;  // the first is the program, absolute

struct CommandOutput {
    int exit_status = -1;  // 128 + signal if it was killed
    std::string text;      // standard output
    std::string errors;    // standard error
};

struct Host {
    std::string root;  // empty: this machine; else a directory in front of every path
    uid_t superuser = 0;
    TimePoint now;
    std::string module_directory;   // of PAM modules
    std::string channel_directory;  // of channel plugins
    std::string program_directory;  // of latchkey-monitor and the others
    // Starts a program with a fixed environment and without a shell; waits for it.
    std::function<Result<CommandOutput>(const Arguments&)> run;
    // Makes /etc/latchkey/key at the path given, or keeps the one that is there.
    std::function<Result<void>(const std::string&)> make_key;
    // The configuration of this machine, or what is wrong with it: file, line and mend.
    std::function<Result<Settings>()> settings;

    // Whether somebody listens at a socket of this machine.
    std::function<bool(const std::string&)> answers;

    [[nodiscard]] std::string at(std::string_view path) const { return root + std::string(path); }
};

// Content of a regular file of at most 1 MiB. NotFound: there is none. The path
// is one of the machine: "/etc/login.defs".
Result<std::string> read_text(const Host& host, const std::string& path);

// Writes a temporary file beside it, syncs it and renames it over `path`: the
// file is the old one or the new one whatever happens in between.
Result<void> replace_text(const Host& host, const std::string& path, const std::string& content,
                          mode_t mode);

enum class FileType : std::uint8_t { Regular, Directory, Link, Socket, Other };

struct FileFacts {
    FileType type = FileType::Other;
    uid_t owner = 0;
    mode_t mode = 0;  // permission bits
    std::uint64_t size = 0;
};
// Without following a link at its end. Nothing: it does not exist or cannot be reached.
[[nodiscard]] std::optional<FileFacts> facts_of(const Host& host, const std::string& path);

// Names in a directory, sorted, without "." and ".."; empty if it cannot be read.
[[nodiscard]] std::vector<std::string> names_in(const Host& host, const std::string& path);

// The uid of a row in the machine's own /etc/passwd.
[[nodiscard]] std::optional<uid_t> uid_of(const Host& host, const std::string& name);

// The value of the last line "KEY value" or "KEY = value", as login.defs,
// faillock.conf and `sshd -T` have them; case of the key does not matter, "#"
// starts a comment. Nothing: there is no such line. Empty: a key without a value.
[[nodiscard]] std::optional<std::string> value_of(std::string_view text, std::string_view key);

// This machine.
[[nodiscard]] Host this_host();

}  // namespace latchkey::cli
