// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <latchkey/plugin.hpp>

namespace latchkey::sip {

// What a call has come to, as baresip tells it line by line.
class CallReport {
public:
    // `caller`: as whom it calls, "alice@example.org".
    explicit CallReport(std::string caller) : caller_(std::move(caller)) {}

    // Reads on in what baresip says, in pieces of any size.
    void take(std::string_view piece);

    [[nodiscard]] bool is_ready() const { return ready_; }
    // A message has left for the server, or come from it.
    [[nodiscard]] bool is_spoken_to() const { return is_spoken_to_; }
    [[nodiscard]] bool has_rung() const { return rung_; }
    [[nodiscard]] bool is_answered() const { return answered_; }
    [[nodiscard]] bool is_over() const { return over_; }
    // Said to the end; is_over() by then.
    [[nodiscard]] bool is_said() const { return said_; }

    // What became of the message. Where the server names another number instead (RFC 3261,
    // 21.3), nobody is said to have answered there. Whoever has picked up may have heard it, so
    // after that it is never said to have failed. Of NotTaken it is certain that nothing rang.
    [[nodiscard]] plugin::Reply reply() const;

private:
    void take_line(std::string_view line);
    void take_own_line(std::string_view line);
    void take_end(std::string_view reason);

    std::string caller_;
    std::string unfinished_;
    bool is_message_ = false;  // what is read just now
    bool is_spoken_to_ = false;
    bool is_redirected_ = false;
    bool ready_ = false;
    bool rung_ = false;
    bool answered_ = false;
    bool said_ = false;
    bool over_ = false;
    int status_ = 0;  // of the server's refusal
};

// What a final answer of a SIP server (RFC 3261, 21) means for the message.
[[nodiscard]] plugin::Reply reply_to_status(int status);

}  // namespace latchkey::sip
