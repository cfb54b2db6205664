// SPDX-License-Identifier: MIT
//
// Which proofs a recovery needs and has. A gate is a possession: an address's
// domain, an app, the saved codes, a temporary pass. However many methods reach it, it opens once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/recovery.hpp"

namespace latchkey {

// What the method "saved" proves.
inline constexpr std::string_view kSavedPossession = "saved";
[[nodiscard]] inline Method saved_code_method() {
    return {"saved", MethodKind::SavedCode, std::string{kSavedPossession}, "", 0};
}
// A temporary pass is typed where saved codes are, so it is one line of the menu with them.
// It is another possession, and never stands for the saved code of a privileged account.
inline constexpr std::string_view kPassPossession = "pass";
[[nodiscard]] inline Method temporary_pass_method() {
    return {"saved", MethodKind::SavedCode, std::string{kPassPossession}, "", 0};
}

class Gates {
public:
    // `privileged`: at least two gates, and one of them is a saved code.
    Gates(std::uint32_t needed, bool privileged);

    // Gates that were opened before this connection. Those of an account that can
    // become root do not count: the root side goes by what it has seen itself.
    void resume(std::uint32_t needed, const std::vector<std::string>& possessions);
    void open(const std::string& possession);

    [[nodiscard]] std::uint32_t left() const;
    // Enough gates are open, and at least one was opened in this connection.
    [[nodiscard]] bool is_complete() const { return left() == 0 && opened_here_; }
    // True if a right proof of `method` would bring the recovery forward. When
    // all gates were opened in earlier connections, those are asked for again.
    [[nodiscard]] bool may_open(const Method& method) const;
    // False: too few ways. `methods` are those that can still be used.
    [[nodiscard]] bool can_be_completed(const std::vector<Method>& methods) const;

private:
    [[nodiscard]] bool wants_saved_code() const;

    std::uint32_t needed_;
    bool privileged_;
    bool opened_here_ = false;
    std::set<std::string, std::less<>> possessions_;
};

}  // namespace latchkey
