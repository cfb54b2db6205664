// SPDX-License-Identifier: MIT
//
// The catalogue of screens: every text a recovery shows, and the only way from a
// Screen to bytes on a terminal. A text is one prompt: at most 480 bytes in
// lines of at most 78 columns, printable ASCII and '\n' alone, ending in ": ".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/screen.hpp"
#include "core/settings.hpp"

namespace latchkey {

inline constexpr std::size_t kMaxScreenBytes = 480;
inline constexpr std::size_t kMaxScreenColumns = 78;

// Bounds that make every screen fit; the settings reader holds them.
inline constexpr std::size_t kMaxDeliveryLabelBytes = 28;
inline constexpr std::size_t kMaxLabelBytes = 48;  // of methods without a destination
inline constexpr std::size_t kMaxWhomToAskBytes = 200;

// The name of saved recovery codes among the methods; it is not configured.
inline constexpr std::string_view kSavedMethod = "saved";

// Printable ASCII, 1 to `at_most` bytes, and without the word "password" in any
// case, so that no text of ours can pass for the host's own question.
[[nodiscard]] bool may_be_shown(std::string_view text, std::size_t at_most);

// The order in which menus list methods: deliveries by their medium (e-mail, text, call,
// others), apps, saved codes; alphabetical among equals, but "office" behind the others. `a` and
// `b` are configured, or "saved".
[[nodiscard]] bool comes_before(const Settings& settings, const std::string& a,
                                const std::string& b);
// All methods of `settings` and "saved", in that order.
[[nodiscard]] std::vector<std::string> methods_in_menu_order(const Settings& settings);

// The prompt for `screen`. `host_name` names this host to the claimant; one that
// may not be shown is replaced by "this host". Rejected: an argument that may not
// be shown or lacks the shape it must have, a method that is not configured or of
// the wrong kind, an empty or overlong menu, minutes outside 1 to 60.
[[nodiscard]] Result<std::string> render(const Screen& screen, const Settings& settings,
                                         const std::string& host_name);

// The first question of a recovery, asked by the module (core/login_texts.hpp).
[[nodiscard]] std::string reason_question();

}  // namespace latchkey
