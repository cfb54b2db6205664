// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/certificates.hpp"
#include "tests/support/peer_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace latchkey {

// What a web server was asked.
struct ReceivedRequest {
    std::string method;
    std::string target;                                        // path and query as they came
    std::vector<std::pair<std::string, std::string>> headers;  // in order
    std::string body;

    [[nodiscard]] std::string path() const { return target.substr(0, target.find('?')); }
    [[nodiscard]] std::string header(const std::string& name) const;  // the only one, or throws
    // What a form or a query says, decoded; throws if a name stands there twice.
    [[nodiscard]] nlohmann::json form() const;
    [[nodiscard]] nlohmann::json query() const;
    [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(body); }
};

struct HttpReply {
    int status = 200;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers{};
    bool echo = false;  // says everything that it was told, too; "TOLD" in the body becomes it
};

// A web server on loopback until it goes out of scope; modes are those of
// tests/support/http_peer.py. Over TLS with certificates.
class HttpPeer {
public:
    explicit HttpPeer(const std::string& mode = "answers", const Certificates& certificates = {},
                      const std::string& address = "127.0.0.1");

    // From the next request on.
    void answer(const HttpReply& reply) const;
    // Without a path, as clients reach it: by `name` over TLS, else by its address.
    [[nodiscard]] std::string url(const std::string& name = "127.0.0.1") const;
    // All so far, in order.
    [[nodiscard]] std::vector<ReceivedRequest> received() const;
    // The only one, or throws.
    [[nodiscard]] ReceivedRequest only_request() const;
    // How many bytes a mode that speaks for ever got rid of; nothing while it speaks.
    [[nodiscard]] std::optional<std::size_t> flooded() const;

private:
    TemporaryDirectory directory_;
    bool tls_;
    PeerProcess process_;
};

}  // namespace latchkey
