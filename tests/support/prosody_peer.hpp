// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/support/certificates.hpp"
#include "tests/support/running_program.hpp"
#include "tests/support/temporary_directory.hpp"

namespace latchkey {

inline constexpr const char* kChatHost = "chat.example";
inline constexpr const char* kChatSecret = "correct horse";

// Debian's Prosody on loopback, serving kChatHost: accounts latchkey, ada, bob and eve, all with
// the password kChatSecret. Ends with the object.
class ProsodyPeer {
public:
    struct Features {
        bool archive = true;
        bool tls = true;
    };
    explicit ProsodyPeer(const Certificates& certificates);
    ProsodyPeer(const Certificates& certificates, const Features& features);

    [[nodiscard]] std::string port() const { return std::to_string(port_); }
    [[nodiscard]] std::string direct_tls_port() const { return std::to_string(direct_tls_port_); }

    // What the person finds in their program: from, body, thread, id of one chat message.
    [[nodiscard]] nlohmann::json message_of(const std::string& person) const;
    // The person's program answers that message as programs do: to where it came from.
    void answer(const std::string& person, const nlohmann::json& message,
                const std::string& text) const;
    // The same from a program that knows no threads.
    void say(const std::string& person, const std::string& to, const std::string& text,
             const std::string& thread = {}) const;

private:
    [[nodiscard]] std::string run_person(const std::string& person,
                                         const std::vector<std::string>& words) const;

    TemporaryDirectory directory_;
    std::string ca_;
    std::uint16_t port_;
    std::uint16_t direct_tls_port_;
    RunningProgram prosody_;
};

}  // namespace latchkey
