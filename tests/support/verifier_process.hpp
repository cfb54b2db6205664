// SPDX-License-Identifier: MIT
//
// The real verifier as a process of its own, on a store in a directory of its
// own, with the test in the monitor's place.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "adapters/system/seqpacket.hpp"
#include "core/wire/message.hpp"
#include "tests/support/temporary_directory.hpp"

namespace latchkey {

// Where a verifier finds its files.
struct VerifierFiles {
    TemporaryDirectory directory;
    std::string settings = directory.file("latchkey.toml");
    std::string store_directory = directory.file("store");
    std::string store = store_directory + "/store.db";

    VerifierFiles() { write_settings({}); }
    // One source begins many recoveries here: none is checked for being a person.
    void write_settings(const std::string& text) const {
        (void)directory.write("latchkey.toml", text + "\n[human_check]\nwhen = \"off\"\n");
    }
};

class VerifierProcess {
public:
    // `largest_file`: what it writes may not grow beyond as many bytes; 0: no limit.
    VerifierProcess(const VerifierFiles& files, const std::string& mode, rlim_t largest_file = 0);
    // Kills and reaps what is left.
    ~VerifierProcess();
    VerifierProcess(const VerifierProcess&) = delete;
    VerifierProcess& operator=(const VerifierProcess&) = delete;

    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] Seqpacket& link() { return link_; }
    void hang_up() { link_.close(); }

    template <class M>
    void say(const M& message, int descriptor = -1) {
        if (!link_.send_message(message, descriptor))
            throw std::runtime_error{"the verifier does not listen"};
    }
    void say_bytes(const std::vector<std::byte>& bytes) {
        if (!link_.send(bytes)) throw std::runtime_error{"the verifier does not listen"};
    }

    // The next message; throws if it is another one or does not come.
    template <class M>
    M expect() {
        auto message = link_.receive_message<M>(std::chrono::steady_clock::now() + kPatience);
        if (!message)
            throw std::runtime_error{"expected message " +
                                     std::to_string(static_cast<int>(M::kType)) + ": " +
                                     message.error().detail};
        return std::move(*message);
    }

    // Answers the screen that has come.
    void answer(std::string_view text) { say(wire::Answer{Secret{text}}); }

    // The exit status, or 128 + the signal; nothing if it still runs after ten seconds.
    [[nodiscard]] std::optional<int> ended();

private:
    static constexpr std::chrono::seconds kPatience{10};

    Seqpacket link_;
    pid_t pid_ = -1;
};

}  // namespace latchkey
