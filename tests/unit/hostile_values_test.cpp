// SPDX-License-Identifier: MIT
//
// Hostile bytes through everything of the core that takes bytes from outside.
#include "tests/support/hostile_values.hpp"

#include <iostream>

#include "core/answers.hpp"
#include "core/masks.hpp"
#include "core/printable.hpp"
#include "core/screens.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_vault.hpp"

namespace latchkey {

namespace {

Settings settings_of_two_methods() {
    Settings settings;
    settings.methods["email"].label = "E-mail my alternate address";
    settings.methods["totp"].label = "Enter a code from my authenticator app";
    settings.methods["totp"].kind = MethodKind::Verification;
    return settings;
}

bool may_reach_a_terminal(const Result<std::string>& text) {
    if (!text) return is_printable(text.error().detail) && text.error().detail.size() < 200;
    if (text->size() > kMaxScreenBytes) return false;
    for (const char c : *text)
        if (c != '\n' && (c < ' ' || c > '~')) return false;
    return text->find("assword") == std::string::npos;
}

}  // namespace

TEST_CASE("the table of hostile values has at least 60 rows") {
    CHECK(hostile_values().size() >= 60);
    std::cout << "hostile values: " << hostile_values().size() << '\n';
}

TEST_CASE("no hostile value ends its place in a log line and begins a key of its own") {
    CHECK(in_quotes("550 \"no\" subject=ada") == "\"550 'no' subject=ada\"");
    for (const auto& [name, bytes] : hostile_values()) {
        INFO(name);
        const std::string value = in_quotes(bytes);
        CHECK(value.find('"', 1) == value.size() - 1);
    }
}

TEST_CASE("no hostile value is an address, a code or a mask") {
    const FakeVault vault;
    for (const auto& [name, bytes] : hostile_values()) {
        INFO(name);
        CHECK_FALSE(checked_email_address(bytes).has_value());
        CHECK_FALSE(normalised_saved_code(bytes).has_value());
        CHECK(normalised_resume_code(bytes).empty());
        CHECK(masked_address(bytes).empty());
        CHECK_FALSE(is_mask(bytes));
        CHECK_FALSE(same_address(vault, bytes, "ada@example.org"));
        CHECK_FALSE(same_address(vault, "ada@example.org", bytes));
        const std::string digits = digits_of(bytes);
        CHECK(digits.size() <= 64);
        CHECK(digits.find_first_not_of("0123456789") == std::string::npos);
    }
}

TEST_CASE("a hostile possession stays one value of one line only if its address was checked") {
    for (const auto& [name, bytes] : hostile_values()) {
        INFO(name);
        CHECK(possession_of_address(bytes).rfind("email:", 0) == 0);
    }
}

TEST_CASE("no hostile argument of a screen reaches a terminal") {
    const Settings settings = settings_of_two_methods();
    int refused = 0;
    int tried = 0;
    for (const auto& [name, bytes] : hostile_values()) {
        INFO(name);
        for (int kind = 0; kind <= static_cast<int>(ScreenKind::WhomToAsk); ++kind) {
            Screen healthy;
            healthy.kind = static_cast<ScreenKind>(kind);
            healthy.method = healthy.kind == ScreenKind::OtpCode ? "totp" : "email";
            healthy.minutes = 10;
            healthy.items = {{"email", "a...e at e....org"}};
            REQUIRE(render(healthy, settings, "tower").has_value());
            std::vector<Screen> screens(5, healthy);
            screens[0].resume_code = bytes;
            screens[1].masked_destination = bytes;
            screens[2].method = bytes;
            screens[3].items[0].method = bytes;
            screens[4].items[0].masked_destination = bytes;
            for (const Screen& screen : screens) {
                const auto text = render(screen, settings, "tower");
                CHECK(may_reach_a_terminal(text));
                refused += text.has_value() ? 0 : 1;
                ++tried;
            }
            CHECK_FALSE(render(screens[0], settings, "tower").has_value());
            CHECK_FALSE(render(screens[1], settings, "tower").has_value());
            CHECK_FALSE(render(screens[4], settings, "tower").has_value());
        }
    }
    std::cout << "hostile screens: " << tried << ", refused " << refused << '\n';
}

TEST_CASE("no hostile host name or setting reaches a terminal") {
    for (const auto& [name, bytes] : hostile_values()) {
        INFO(name);
        Screen screen;
        screen.kind = ScreenKind::WhomToAsk;
        Settings settings = settings_of_two_methods();
        CHECK(may_reach_a_terminal(render(screen, settings, bytes)));
        CHECK(render(screen, settings, bytes).has_value());
        settings.whom_to_ask = bytes;
        CHECK(may_reach_a_terminal(render(screen, settings, "tower")));
        settings.whom_to_ask.clear();
        settings.methods["email"].label = bytes;
        screen.kind = ScreenKind::Menu;
        screen.items = {{"email", ""}};
        CHECK(may_reach_a_terminal(render(screen, settings, "tower")));
    }
}

}  // namespace latchkey
