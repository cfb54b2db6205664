// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "adapters/system/seqpacket.hpp"
#include "core/result.hpp"
#include "core/wire/message.hpp"
#include "core/wire/permitted.hpp"
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

    // The next rows of an import, whose answer follows the last ones. Unavailable: the verifier
    // is gone, or did not read for 30 s.
    Result<void> tell(const wire::ImportEntries& entries);
    Result<std::vector<nlohmann::json>> answer_to_import();

private:
    AdminLink(ChildProcess verifier, Seqpacket link)
        : verifier_(std::move(verifier)), link_(std::move(link)) {}

    Result<std::vector<nlohmann::json>> answer(std::span<const wire::Permission> permissions,
                                               std::size_t most_rows,
                                               std::chrono::seconds patience);

    ChildProcess verifier_;
    Seqpacket link_;
};

}  // namespace latchkey
