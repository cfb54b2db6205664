// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

namespace latchkey {

// How a change of security info answers whoever asked for it.
class ChangeReplies {
public:
    ChangeReplies() = default;
    ChangeReplies(const ChangeReplies&) = delete;
    ChangeReplies& operator=(const ChangeReplies&) = delete;
    virtual ~ChangeReplies() = default;

    // False: nobody hears it.
    virtual bool row(const nlohmann::json& row) = 0;
    // The end, one of these: status as latchkey(1) exits with, and one sentence; or that it is
    // done.
    virtual void refuse(std::uint8_t exit_status, const std::string& sentence) = 0;
    virtual void done() = 0;
};

}  // namespace latchkey
