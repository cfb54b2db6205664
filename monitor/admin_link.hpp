// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "adapters/system/seqpacket.hpp"
#include "core/result.hpp"
#include "core/wire/message.hpp"
#include "monitor/process.hpp"

namespace latchkey {

// A verifier that serves the command: asked once per subject, with the key of
// that subject alone.
class AdminLink {
public:
    static Result<AdminLink> start();

    // The rows of the answer, which has 30 s. An error carries the verifier's own sentence.
    Result<std::vector<nlohmann::json>> ask(const wire::AdminHello& hello,
                                            std::size_t most_rows = 65'536);

private:
    AdminLink(ChildProcess verifier, Seqpacket link)
        : verifier_(std::move(verifier)), link_(std::move(link)) {}

    ChildProcess verifier_;
    Seqpacket link_;
};

}  // namespace latchkey
