// SPDX-License-Identifier: MIT
//
// The options of the channels to a server of one's own: which one, and how it is reached.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <latchkey/plugin.hpp>

namespace latchkey::plugin {

enum class Tls : std::uint8_t { None, StartTls, Implicit };

struct ServerOptions {
    std::string server;  // a name or an IP address, without brackets
    std::uint16_t port = 0;
    Tls tls = Tls::None;
    std::string ca_file;  // the only trust if set; empty: the host's certificates
};

// What a protocol's servers listen at.
struct UsualPorts {
    std::uint16_t none;
    std::uint16_t starttls;
    std::uint16_t implicit;
};

// Reads server, port, tls and ca_file into `options`. Without TLS it must be a server of this
// host, and there that is the default. Not empty: which option is wrong and why.
[[nodiscard]] std::string read_server(const Host& host, std::string_view usual_server,
                                      const UsualPorts& ports, ServerOptions& options);

// The text of an option, or `otherwise` if it is not set.
[[nodiscard]] std::string text_of(const Host& host, const char* name, std::string_view otherwise);

}  // namespace latchkey::plugin
