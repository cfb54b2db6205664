// SPDX-License-Identifier: MIT
//
// Who is called: a telephone (baresip), and servers that refuse (sipp). On loopback.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "plugins/voice-sip/piped_program.hpp"
#include "tests/support/running_program.hpp"
#include "tests/support/temporary_directory.hpp"

namespace latchkey {

// A port that nobody has, and the one behind it.
[[nodiscard]] std::uint16_t free_port_pair();

// The telephone +4930123456, which records what it hears.
class SipTelephone {
public:
    // `account`: parameters of its account, such as ";answermode=auto". With `certificate`, a
    // file with key and certificate, it listens for TLS at port() + 1.
    explicit SipTelephone(const std::string& account, const std::string& certificate = {});

    [[nodiscard]] std::uint16_t port() const { return port_; }
    // Everything it said until `line` was among it; throws if it never is.
    std::string wait_for(const std::string& line, std::chrono::seconds patience);
    void press(char key);
    // Files with what it heard, one each time that sound began to come in; throws if there
    // is none.
    [[nodiscard]] std::vector<std::string> recordings() const;

private:
    TemporaryDirectory directory_;
    std::uint16_t port_;
    std::string said_;
    std::unique_ptr<sip::PipedProgram> baresip_;
};

// A server that follows a script of sipp's.
class ScriptedSipServer {
public:
    // `steps`: what stands between <scenario> and </scenario>.
    explicit ScriptedSipServer(const std::string& steps);

    [[nodiscard]] std::uint16_t port() const { return port_; }
    // Waits for its end: true if everything went as its script says.
    [[nodiscard]] bool was_followed(std::chrono::seconds patience);

private:
    TemporaryDirectory directory_;
    std::uint16_t port_;
    RunningProgram sipp_;
};

// Steps: the call is refused with "486 Busy Here".
[[nodiscard]] std::string refuse(const std::string& status);
// The call is sent on to `target`, where it rings until the caller gives up.
[[nodiscard]] std::string redirect(const std::string& target);
// It rings until the caller gives up.
[[nodiscard]] std::string ring();
// Who calls has to know alice's password.
[[nodiscard]] std::string demand_password(const std::string& password);

}  // namespace latchkey
