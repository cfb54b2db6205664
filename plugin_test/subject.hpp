// SPDX-License-Identifier: MIT
//
// The plugin that is examined, and how it is called.
#pragma once

#include <string>

#include "adapters/system/unique_fd.hpp"
#include "plugin_test/channel_under_test.hpp"
#include "plugin_test/guest.hpp"

namespace latchkey::plugin_test {

struct Subject {
    std::string path;
    std::string name;  // the file's, without ".so"
    UniqueFd file;
    ChannelUnderTest channel;
    TableFacts table{};  // known when the file was found to be a plugin
    Account plain;       // of the ordinary call, as the first to be looked at

    [[nodiscard]] bool verifies() const { return table.kind == LATCHKEY_VERIFICATION; }
    [[nodiscard]] bool approves() const { return table.kind == LATCHKEY_APPROVAL; }
    // A guest with the channel's settings.
    [[nodiscard]] Guest guest() const { return {file, channel.setup}; }
};

inline constexpr const char* kCode = "48210673";
inline constexpr const char* kSecretOfTester = "the-tester's-secret";

// A message and a question with nothing special in them; the answer is not right.
[[nodiscard]] wire::ChannelCall message_to(const std::string& address);
[[nodiscard]] wire::ChannelCall question();
[[nodiscard]] wire::ChannelCall probe();
// A request for an approval, and the look for its answer.
[[nodiscard]] wire::ChannelCall request_to(const std::string& address);
[[nodiscard]] wire::ChannelCall look_at(const std::string& address);
// The one that fits the plugin's kind.
[[nodiscard]] wire::ChannelCall ordinary_call(const Subject& subject);

// Calls the plugin once and notes what came of it. `setup` and `call` must outlive it.
[[nodiscard]] Deed one_call(const wire::ChannelSetup& setup, const wire::ChannelCall& call);
[[nodiscard]] Account call(const Guest& guest, const wire::ChannelCall& call);

// Why a call did not end as one should, whatever came of it; empty if it did.
[[nodiscard]] std::string disorder_in(const Account& account, const Guest& guest,
                                      const wire::ChannelCall& call);
// Of a process: "it ended itself with status 3"; empty if it ended as the tester ends it.
[[nodiscard]] std::string end_of(const Account& account, const Guest& guest);

[[nodiscard]] std::string name_of(std::uint32_t outcome);

}  // namespace latchkey::plugin_test
