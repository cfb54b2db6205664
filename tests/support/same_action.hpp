// SPDX-License-Identifier: MIT
//
// Whether two actions of the flow are the same in every field.
#pragma once

#include <algorithm>
#include <variant>

#include "core/recovery_flow.hpp"

namespace latchkey {

[[nodiscard]] inline bool same(const Method& a, const Method& b) {
    return a.name == b.name && a.kind == b.kind && a.possession == b.possession &&
           a.masked_destination == b.masked_destination && a.contact_id == b.contact_id;
}
[[nodiscard]] inline bool same(const Secret& a, const Secret& b) {
    return a.reveal() == b.reveal();
}
[[nodiscard]] inline bool same(const Screen& a, const Screen& b) {
    return a.kind == b.kind && a.remark == b.remark && a.resume_code == b.resume_code &&
           a.method == b.method && a.masked_destination == b.masked_destination &&
           a.minutes == b.minutes && a.has_more == b.has_more && a.signs == b.signs &&
           a.in_words == b.in_words && a.not_working == b.not_working && a.number == b.number &&
           a.seconds == b.seconds &&
           std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
                      [](const MenuItem& x, const MenuItem& y) {
                          return x.method == y.method &&
                                 x.masked_destination == y.masked_destination;
                      });
}

[[nodiscard]] inline bool same(const flow::Ask& a, const flow::Ask& b) {
    return same(a.screen, b.screen);
}
[[nodiscard]] inline bool same(const flow::Resume&, const flow::Resume&) {
    return true;
}
[[nodiscard]] inline bool same(const flow::Select& a, const flow::Select& b) {
    const bool same_method = a.method && b.method ? same(*a.method, *b.method)
                                                  : a.method.has_value() == b.method.has_value();
    return same_method && same(a.text, b.text);
}
[[nodiscard]] inline bool same(const flow::Send& a, const flow::Send& b) {
    return same(a.method, b.method) && a.shown == b.shown;
}
[[nodiscard]] inline bool same(const flow::Judge& a, const flow::Judge& b) {
    return same(a.method, b.method) && same(a.text, b.text);
}
[[nodiscard]] inline bool same(const flow::CheckHuman& a, const flow::CheckHuman& b) {
    return a.signs == b.signs && same(a.text, b.text);
}
[[nodiscard]] inline bool same(const flow::HearVeto& a, const flow::HearVeto& b) {
    return same(a.text, b.text);
}
[[nodiscard]] inline bool same(const flow::Perform& a, const flow::Perform& b) {
    return a.act == b.act;
}
[[nodiscard]] inline bool same(const flow::Finish& a, const flow::Finish& b) {
    return a.outcome == b.outcome;
}

[[nodiscard]] inline bool same_action(const flow::Action& a, const flow::Action& b) {
    return std::visit(
        [&b](const auto& one) {
            const auto* other = std::get_if<std::decay_t<decltype(one)>>(&b);
            return other != nullptr && same(one, *other);
        },
        a);
}

}  // namespace latchkey
