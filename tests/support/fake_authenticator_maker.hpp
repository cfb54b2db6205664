// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "core/ports/authenticator_maker.hpp"
#include "tests/support/fake_channels.hpp"

namespace latchkey {

// Every key it makes is "new key", which shows the codes of FakeChannels.
class FakeAuthenticatorMaker final : public AuthenticatorMaker {
public:
    [[nodiscard]] Result<Secret> show_new_key(OtpKind) override {
        ++shown;
        if (is_gone) return Error{ErrorKind::Unavailable, "nobody sees it"};
        return Secret{std::string_view{"new key"}};
    }
    [[nodiscard]] std::optional<std::uint64_t> matched_step(OtpKind, const Secret&,
                                                            std::string_view typed,
                                                            TimePoint now) const override {
        const std::uint64_t step = FakeChannels::step_at(now);
        if (typed != FakeChannels::otp_at(step)) return std::nullopt;
        return step;
    }

    int shown = 0;
    bool is_gone = false;
};

}  // namespace latchkey
