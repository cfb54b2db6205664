// SPDX-License-Identifier: MIT
//
// latchkey-channel-host: one plugin, one call. Started by the monitor as
// _latchkey-channel with a socket at descriptor 3 (channel_host/serve_call.hpp).
// Exit status: 0 a reply was sent, 1 not. Standard streams lead nowhere, so it
// says nothing else.
#include <string.h>
#include <unistd.h>

#include <exception>
#include <string>

#include "adapters/system/orderly_end.hpp"
#include "adapters/system/seqpacket.hpp"
#include "channel_host/process_limits.hpp"
#include "channel_host/serve_call.hpp"

namespace {

constexpr int kCallerDescriptor = 3;

// --channel-dir DIR instead of LATCHKEY_CHANNELDIR. It needs no trust in the
// caller: whatever directory is named must pass open_plugin_file's checks.
std::string plugin_directory(int argc, char** argv) {
    if (argc == 3 && strcmp(argv[1], "--channel-dir") == 0) return argv[2];
    return argc == 1 ? LATCHKEY_CHANNELDIR : "";
}

bool serve(int argc, char** argv) {
    if (!latchkey::harden_channel_host()) return false;
    latchkey::Seqpacket caller{latchkey::UniqueFd{kCallerDescriptor}};
    return latchkey::serve_call(caller, plugin_directory(argc, argv)).has_value();
}

}  // namespace

int main(int argc, char** argv) {
    latchkey::end_orderly_instead_of_aborting();
    bool served = false;
    try {
        served = serve(argc, argv);
    } catch (const std::exception&) {
        served = false;  // out of memory: the caller sees the end of the connection
    }
    // Not exit(): a plugin's destructors have nothing left to do.
    ::_exit(served ? 0 : 1);
}
