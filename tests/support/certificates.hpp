// SPDX-License-Identifier: MIT
//
// What a server on loopback needs to be reached over verified TLS.
#pragma once

#include <string>

namespace latchkey {

// A certificate authority of the test's own, and a server certificate by it.
struct Certificates {
    std::string ca;
    std::string certificate;
    std::string key;
};
// Files in `directory`, readable by all; `prefix` keeps two sets apart.
[[nodiscard]] Certificates make_certificates(const std::string& directory,
                                             const std::string& prefix,
                                             const std::string& server_name);

// A name of this host, other than "localhost", and the loopback address that
// /etc/hosts gives it. ("localhost" is answered by libcurl itself; the point is
// to have the C library resolve a name.)
struct LoopbackName {
    std::string name;
    std::string address;
};
[[nodiscard]] LoopbackName loopback_name();

}  // namespace latchkey
