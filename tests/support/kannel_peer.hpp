// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/running_program.hpp"
#include "tests/support/temporary_directory.hpp"

namespace latchkey {

// Kannel as a host would have it: bearerbox and smsbox on loopback, with one user "latchkey"
// whose password is kPhoneSecret, and one connection to an operator. The constructors return
// when all of it is connected; everything ends with the object.
class KannelPeer {
public:
    // The operator is Kannel's own fakesmsc, which writes down what it gets.
    KannelPeer();
    // The operator speaks SMPP at this port of loopback.
    explicit KannelPeer(const std::string& smpp_port);

    // Of sendsms.
    [[nodiscard]] std::string url() const;
    // What fakesmsc got, once there is any, one message each: "FROM TO KIND TEXT".
    [[nodiscard]] std::vector<std::string> messages() const;
    // Ends fakesmsc, and returns when Kannel knows that its operator is gone.
    void lose_operator();

private:
    KannelPeer(const std::string& connection, bool starts_fakesmsc);
    [[nodiscard]] std::string status() const;
    void start(RunningProgram& program, std::vector<std::string> argv, const std::string& ready);

    TemporaryDirectory directory_;
    std::uint16_t admin_port_;
    std::uint16_t sendsms_port_;
    RunningProgram bearerbox_;
    RunningProgram fakesmsc_;
    RunningProgram smsbox_;
};

}  // namespace latchkey
