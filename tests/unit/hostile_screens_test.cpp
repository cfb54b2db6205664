// SPDX-License-Identifier: MIT
//
// A verifier that was taken over fills every argument of a screen with whatever it
// likes: nothing of it but masks and codes comes out, and nobody's password is asked.
#include <string>
#include <vector>

#include "core/screens.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/support/hostile_values.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kLongestText = 4096;  // of a message

Settings usual_settings() {
    Settings settings;
    settings.methods["email"].label = "E-mail my alternate address";
    settings.methods["totp"] = {"Enter a code from my authenticator app",
                                MethodKind::Verification,
                                {"totp"},
                                std::chrono::minutes{10}};
    settings.methods["push"] = {"Approve a notification on my phone",
                                MethodKind::Approval,
                                {"push"},
                                std::chrono::minutes{10}};
    return settings;
}

// A method that has such a screen.
std::string method_of(ScreenKind kind) {
    if (kind == ScreenKind::Approval) return "push";
    const bool is_app = kind == ScreenKind::OtpCode || kind == ScreenKind::NewAuthenticator;
    return is_app ? "totp" : "email";
}

Screen usual_screen(ScreenKind kind) {
    Screen screen;
    screen.kind = kind;
    screen.method = method_of(kind);
    if (kind == ScreenKind::Approval) {
        screen.number = "42";
        screen.seconds = 100;
    }
    screen.minutes = 10;
    screen.items = {{"email", "a...e at e....org"}, {"saved", ""}};
    if (kind == ScreenKind::HumanCheck) screen.signs = "KTX47";
    return screen;
}

// One of each kind, and that of a device that is being enrolled.
std::vector<Screen> usual_screens() {
    std::vector<Screen> screens;
    for (int kind = 0; kind <= static_cast<int>(ScreenKind::VetoHeard); ++kind)
        screens.push_back(usual_screen(static_cast<ScreenKind>(kind)));
    screens.push_back(usual_screen(ScreenKind::Approval));
    screens.back().kind = ScreenKind::NewAddress;
    return screens;
}

std::vector<std::string> texts() {
    std::vector<std::string> all{"Password:",
                                 "password: ",
                                 "PASSWORD: ",
                                 "a...a at e....Password",
                                 "a...a at e....password",
                                 "a...a at e....PASSWORD",
                                 "a...a at e....org\nPassword: ",
                                 "a...a at e....org\r\nPassword: ",
                                 "a...a at e....org\x1b[8m",
                                 "BCDF-GHJK\nPassword: ",
                                 "BCDFGHJKPassword:",
                                 "email\nPassword: ",
                                 "email Password: ",
                                 "\x1b[8m",
                                 "\x1b]0;Password:\x07"};
    for (const HostileValue& value : hostile_values())
        if (value.bytes.size() <= kLongestText) all.push_back(value.bytes);
    return all;
}

// Each of them set to `text` in turn.
std::vector<Screen> with_every_argument(const Screen& screen, const std::string& text) {
    std::vector<Screen> screens(8, screen);
    screens[0].resume_code = text;
    screens[1].method = text;
    screens[2].masked_destination = text;
    screens[3].items[0].method = text;
    screens[4].items[0].masked_destination = text;
    screens[5].items = {{text, text}};
    screens[6].signs = text;
    screens[7].number = text;
    return screens;
}

bool says_password(const std::string& text) {
    std::string small;
    for (const char c : text) small += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    // Wrapping must not have cut it in two either.
    std::erase(small, '\n');
    std::erase(small, ' ');
    return small.find("password") != std::string::npos;
}

bool is_clean(const std::string& text) {
    for (const char c : text)
        if (c != '\n' && (c < ' ' || c > '~')) return false;
    return !says_password(text) && text.size() <= kMaxScreenBytes;
}

}  // namespace

TEST_CASE("through no argument of a screen a broken verifier asks for a password") {
    int tried = 0;
    int shown = 0;
    for (const Screen& usual : usual_screens()) {
        for (const std::string& text : texts()) {
            for (const Screen& screen : with_every_argument(usual, text)) {
                ++tried;
                const auto rendered = render(screen, usual_settings(), "tower");
                if (!rendered) continue;
                ++shown;
                INFO(*rendered);
                CHECK(is_clean(*rendered));
            }
        }
    }
    CHECK(shown > 0);
    evidence("H14 the verifier asks \"Password:\"",
             std::to_string(tried) + " texts through every argument of every screen",
             "0 of " + std::to_string(shown) + " that were shown say it or hold a control byte");
}

}  // namespace latchkey
