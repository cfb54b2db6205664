// SPDX-License-Identifier: MIT
//
// The passes of ada, in a directory that a test has to itself.
#pragma once

#include <chrono>
#include <string>

#include "monitor/keys.hpp"
#include "monitor/temporary_passes.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

namespace latchkey {

inline constexpr TimePoint kNow{std::chrono::seconds{1'800'000'000}};

struct PassesHost {
    TemporaryDirectory parent;
    std::string directory = parent.file("acts");
    Secret master{std::string(32, 'm')};

    [[nodiscard]] TemporaryPasses passes(const SubjectKey& subject = "1001:ada",
                                         uid_t uid = 1001) const {
        return {directory, subject, uid, temporary_pass_key(master, subject)};
    }
    [[nodiscard]] std::string file() const { return directory + "/passes/1001"; }

    [[nodiscard]] std::string issue(std::chrono::seconds life = std::chrono::hours{1},
                                    bool is_for_once = true, TimePoint now = kNow) const {
        auto issued = passes().issue(life, is_for_once, "ticket 4711", now);
        REQUIRE(issued);
        return std::string{issued->shown.reveal()};
    }
    [[nodiscard]] bool accepts(const std::string& typed, TimePoint now = kNow) const {
        const auto used = passes().use(Secret{typed}, now);
        REQUIRE(used);
        return used->has_value();
    }
    [[nodiscard]] std::size_t revoked(std::uint32_t id) const {
        return passes().revoke(id, kNow).value().size();
    }
    [[nodiscard]] std::size_t alive(TimePoint now = kNow) const {
        return passes().alive(now).value().size();
    }
};

}  // namespace latchkey
