// SPDX-License-Identifier: MIT
//
// The channel that a plugin is tested as: what would stand in latchkey.toml(5).
#pragma once

#include <string>

#include "core/result.hpp"
#include "core/wire/message.hpp"

namespace latchkey::plugin_test {

struct ChannelUnderTest {
    wire::ChannelSetup setup;
    bool configured = false;                  // by a file
    std::string address = "ada@example.org";  // messages of the tester are to it
};

// Without a file: no options, no secret.
[[nodiscard]] ChannelUnderTest unconfigured_channel(const std::string& plugin);

// `file` may have address = "..." in a table [test], and holds one table [channel.NAME] as
// latchkey.toml(5) says; `plugin` may be left out in it, and secret_file may lie anywhere: relative
// to `file`'s directory, of whatever owner. Misconfigured with one sentence.
[[nodiscard]] Result<ChannelUnderTest> read_channel(const std::string& file,
                                                    const std::string& plugin);

[[nodiscard]] wire::ChannelSetup duplicate(const wire::ChannelSetup& setup);

}  // namespace latchkey::plugin_test
