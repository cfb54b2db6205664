// SPDX-License-Identifier: MIT
//
// A person whose code, or approval, goes through one certain plugin; up to a shell.
#pragma once

#include <string>

#include "tests/system/claimant.hpp"

namespace latchkey {

inline constexpr const char* kCarriersSecretFile = "/etc/latchkey/secrets/carrier";
inline constexpr const char* kCarriersSecret = "wish-wash";
inline constexpr const char* kNumber = "+4930123456";  // as SipTelephone has it
inline constexpr const char* kTyped = "030 12-34-56";
inline constexpr const char* kText = "Text my mobile phone that ends in 56";
inline constexpr const char* kCall = "Call my mobile phone that ends in 56";

// A line of latchkey.toml.
std::string setting(const std::string& key, const std::string& value);
inline const std::string kWithSecret = setting("secret_file", kCarriersSecretFile);

// ada with one more method, whose only channel is the plugin.
struct Carried : Enrolled {
    std::string plugin;
    std::string peer = "a double";

    Carried(const std::string& the_plugin, const std::string& options, const std::string& method,
            const std::string& address, const std::string& of_method = {});
    // The e-mail that she has, by another way.
    Carried(const std::string& the_plugin, const std::string& options);

    // A login up to the question for the code.
    [[nodiscard]] Terminal asks_for_a_code(const std::string& line,
                                           const std::string& typed_in_full);
    void gets_in(Terminal& login, const std::string& code);
    void chooses_a_password(Terminal& login);
    // What is in the files of `directory` as soon as `text` is among it.
    [[nodiscard]] std::string waits_for(const std::string& directory, const std::string& text);

private:
    void use(const std::string& options, const std::string& method, const std::string& of_method);
};

}  // namespace latchkey
