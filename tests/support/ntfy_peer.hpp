// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/command.hpp"
#include "tests/support/peer_process.hpp"

namespace latchkey {

// A double of an ntfy server on loopback, and of the app on telephones: ntfy_double.py says
// what it does as the real ones, which are in no package, and who may do what.
class NtfyDouble {
public:
    static constexpr const char* host_token = "tk_host";
    static constexpr const char* reply_token = "tk_phone";

    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + process_.first_line(); }
    [[nodiscard]] nlohmann::json messages_of(const std::string& topic) const {
        return nlohmann::json::parse(run({"show", url(), topic}));
    }
    void press(const std::string& topic, const std::string& label) const {
        (void)run({"press", url(), topic, label});
    }
    void post(const std::string& topic, const std::string& title,
              const std::string& message) const {
        (void)run({"post", url(), topic, title, message});
    }

private:
    static std::string run(std::vector<std::string> words) {
        words.insert(words.begin(), {"/usr/bin/python3", LATCHKEY_TEST_NTFY_DOUBLE});
        return must_run(words);
    }
    PeerProcess process_{{"/usr/bin/python3", LATCHKEY_TEST_NTFY_DOUBLE, "serve"}};
};

}  // namespace latchkey
