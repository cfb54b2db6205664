// SPDX-License-Identifier: MIT
#include "core/decoys.hpp"

#include <map>
#include <set>
#include <string>

#include "core/masks.hpp"
#include "core/screens.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_vault.hpp"

namespace latchkey {

namespace {

Settings two_methods() {
    Settings settings;
    settings.methods["email"].label = "E-mail my alternate address";
    settings.methods["totp"] = {"Enter a code from my authenticator app",
                                MethodKind::Verification,
                                {"totp"},
                                std::chrono::minutes{10}};
    return settings;
}

Secret key(int n) {
    std::string text(32, '\0');
    text[0] = static_cast<char>(n & 0xff);
    text[1] = static_cast<char>(n >> 8);
    return Secret{text};
}

std::string as_text(const std::vector<Method>& methods) {
    std::string text;
    for (const auto& method : methods)
        text += method.name + '|' + method.possession + '|' + method.masked_destination + '\n';
    return text;
}

}  // namespace

TEST_CASE("a decoy is the same at every login and another for another name") {
    const FakeVault vault;
    const Settings settings = two_methods();
    std::set<std::string> menus;
    for (int n = 0; n < 200; ++n) {
        const std::string menu = as_text(decoy_methods(vault, key(n), settings));
        CHECK(menu == as_text(decoy_methods(FakeVault{}, key(n), settings)));
        menus.insert(menu);
    }
    CHECK(menus.size() > 150);
}

TEST_CASE("a decoy has an e-mail address, now and then an app, always saved codes, in menu order") {
    const FakeVault vault;
    int apps = 0;
    int saved = 0;
    for (int n = 0; n < 800; ++n) {
        const auto methods = decoy_methods(vault, key(n), two_methods());
        REQUIRE(!methods.empty());
        CHECK(methods.front().name == "email");
        CHECK(methods.front().kind == MethodKind::Delivery);
        for (std::size_t i = 1; i < methods.size(); ++i) {
            const bool is_app = methods[i].kind == MethodKind::Verification;
            CHECK(methods[i].name == (is_app ? "totp" : "saved"));
            CHECK(methods[i].possession == (is_app ? "app" : "saved"));
            CHECK(methods[i].masked_destination.empty());
            if (!is_app) CHECK(i + 1 == methods.size());
            ++(is_app ? apps : saved);
        }
    }
    CHECK(apps > 200);  // 300 expected of 800, six standard deviations either way
    CHECK(apps < 400);
    CHECK(saved == 800);  // the line is offered to everybody
}

TEST_CASE("now and then a decoy has a recovery contact, whose address is another's") {
    const FakeVault vault;
    Settings settings = two_methods();
    settings.methods["contact"] = {
        "E-mail my recovery contact", MethodKind::Delivery, {"mail"}, std::chrono::minutes{10}};
    settings.methods["contact"].recovery_contact = true;
    int contacts = 0;
    int same = 0;
    for (int n = 0; n < 800; ++n) {
        const auto methods = decoy_methods(vault, key(n), settings);
        if (methods.back().name != "contact") continue;
        ++contacts;
        same += methods.back().masked_destination == methods.front().masked_destination ? 1 : 0;
    }
    CHECK(contacts > 120);  // 200 expected
    CHECK(contacts < 280);
    CHECK(same < 20);
}

TEST_CASE("a decoy's destinations have the shape of real ones and many values") {
    const FakeVault vault;
    std::map<std::string, int> masks;
    std::set<char> first_signs;
    for (int n = 0; n < 800; ++n) {
        const Method email = decoy_methods(vault, key(n), two_methods()).front();
        CHECK(is_mask(email.masked_destination));
        CHECK(email.possession.rfind("email:", 0) == 0);
        CHECK(email.possession.size() > 9);
        CHECK(email.contact_id == 0);
        ++masks[email.masked_destination];
        first_signs.insert(email.masked_destination.front());
    }
    CHECK(masks.size() > 300);
    CHECK(first_signs.size() > 12);
}

TEST_CASE("a decoy follows the configuration and is never empty") {
    const FakeVault vault;
    const auto methods = decoy_methods(vault, key(1), Settings{});
    REQUIRE(methods.size() == 1);
    CHECK(methods.front().name == "saved");
    Settings app_alone = two_methods();
    app_alone.methods.erase("email");
    for (int n = 0; n < 200; ++n) CHECK(!decoy_methods(vault, key(n), app_alone).empty());
    Settings settings = two_methods();
    settings.methods["matrix"].label = "Write to me on Matrix";
    const auto more = decoy_methods(vault, key(1), settings);
    CHECK(more[0].name == "email");
    CHECK(more[1].name == "matrix");
    CHECK(more[0].masked_destination != more[1].masked_destination);
}

TEST_CASE("a decoy has an app or a token, and never both, as accounts have it") {
    const FakeVault vault;
    Settings settings = two_methods();
    settings.methods["hotp"] = {
        "Enter a code from my token", MethodKind::Verification, {"hotp"}, std::chrono::minutes{10}};
    settings.methods["hotp"].otp = OtpKind::Counter;
    const auto authenticators = [&](int n, const Settings& of) {
        std::vector<std::string> names;
        for (const Method& method : decoy_methods(vault, key(n), of))
            if (method.kind == MethodKind::Verification) names.push_back(method.name);
        return names;
    };
    std::map<std::string, int> held;
    for (int n = 0; n < 800; ++n) {
        const auto now = authenticators(n, settings);
        REQUIRE(now.size() <= 1);
        if (!now.empty()) ++held[now.front()];
        // Who compares menus before and after tokens are configured sees ways added alone.
        const auto before = authenticators(n, two_methods());
        if (!before.empty()) CHECK(now == before);
    }
    CHECK(held.size() == 2);
    CHECK(held["totp"] > 200);
    CHECK(held["hotp"] > 30);
}

TEST_CASE("a decoy's telephone is one for texts and calls, and some have none") {
    const FakeVault vault;
    Settings settings = two_methods();
    for (const char* name : {"sms", "voice", "office"}) {
        settings.methods[name].label = "Phone";
        settings.methods[name].medium = std::string{name} == "sms" ? Medium::Text : Medium::Call;
    }
    int telephones = 0;
    int other_office = 0;
    for (int n = 0; n < 800; ++n) {
        std::map<std::string, Method> by_name;
        for (const Method& method : decoy_methods(vault, key(n), settings))
            by_name.emplace(method.name, method);
        REQUIRE(by_name.contains("sms") == by_name.contains("voice"));
        if (!by_name.contains("sms")) continue;
        ++telephones;
        CHECK(by_name.at("sms").possession == by_name.at("voice").possession);
        CHECK(by_name.at("sms").masked_destination == by_name.at("voice").masked_destination);
        CHECK(is_mask(by_name.at("sms").masked_destination));
        if (by_name.contains("office") &&
            by_name.at("office").possession != by_name.at("sms").possession)
            ++other_office;
    }
    CHECK(telephones > 430);  // 500 expected
    CHECK(telephones < 570);
    CHECK(other_office > 200);
}

TEST_CASE("every decoy's menu can be shown") {
    const FakeVault vault;
    for (int n = 0; n < 100; ++n) {
        Screen screen;
        screen.kind = ScreenKind::Menu;
        for (const auto& method : decoy_methods(vault, key(n), two_methods()))
            screen.items.push_back({method.name, method.masked_destination});
        CHECK(render(screen, two_methods(), "host").has_value());
    }
}

}  // namespace latchkey
