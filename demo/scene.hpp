// SPDX-License-Identifier: MIT
//
// Where the demo takes place: a sandbox with latchkey set up by its own command,
// and Ada, who has an account, an e-mail address and a list of recovery codes.
#pragma once

#include <string>
#include <vector>

#include "tests/system/machine.hpp"

namespace latchkey::demo {

inline constexpr const char* kAda = "ada";
inline constexpr const char* kAddress = "ada@example.org";

class Scene {
public:
    Scene();

    [[nodiscard]] Machine& machine() { return machine_; }
    [[nodiscard]] const std::string& old_password() const { return old_password_; }
    [[nodiscard]] const std::vector<std::string>& saved_codes() const { return saved_codes_; }

    // Whether a shell of Ada's own session has run since the last call of
    // expect_sign_in(): it wrote its uid and the nonce to a file that is hers.
    void expect_sign_in();
    [[nodiscard]] bool was_signed_in() const;

    // Signs in at a fresh login with this password; true if login let it in.
    bool password_lets_in(const std::string& password);

private:
    Machine machine_;
    std::string old_password_;
    std::vector<std::string> saved_codes_;
    std::string nonce_;
};

// Letters and digits from the kernel's random numbers.
[[nodiscard]] std::string random_word(std::size_t length);

}  // namespace latchkey::demo
