// SPDX-License-Identifier: MIT
//
// A sign-in through this machine's libpam, its own service files and the
// installed module, without the program around it: what sshd or login would
// show comes back byte for byte, with the time each reply took.
//
//   PamLogin login("sshd", "ada", "192.0.2.7");
//   login.run({"", "1", "ada@example.org"});
//   login.transcript(), login.code()
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace latchkey {

using Script = std::vector<std::string>;  // answers, one for each question

class PamLogin {
public:
    // `source` empty: at the console tty1.
    PamLogin(std::string service, std::string user, std::string source = {})
        : service_(std::move(service)), user_(std::move(user)), source_(std::move(source)) {}

    // Called when every line of the script is said, before the person leaves.
    PamLogin& before_leaving(std::function<void()> wait) {
        before_leaving_ = std::move(wait);
        return *this;
    }

    // Says the lines and leaves at the question after the last one. The delay of a
    // refusal, which libpam leaves to the application, is not waited for.
    void run(Script script);

    // Style and text of every message, one after the other.
    [[nodiscard]] const std::string& transcript() const { return transcript_; }
    [[nodiscard]] int code() const { return code_; }  // of pam_authenticate
    [[nodiscard]] std::size_t asked() const { return asked_; }
    // From an answer to the next question: replies()[i] followed line i of the script.
    [[nodiscard]] const std::vector<std::chrono::microseconds>& replies() const { return replies_; }

    // libpam's side.
    int converse(int style, const char* text, char** answer);

private:
    std::string service_;
    std::string user_;
    std::string source_;
    std::function<void()> before_leaving_;
    Script script_;
    std::string transcript_;
    std::size_t asked_ = 0;
    int code_ = -1;
    std::chrono::steady_clock::time_point answered_;
    std::vector<std::chrono::microseconds> replies_;
};

}  // namespace latchkey
