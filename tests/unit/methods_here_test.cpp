// SPDX-License-Identifier: MIT
#include "monitor/methods_here.hpp"

#include <algorithm>
#include <string>

#include "tests/support/catch.hpp"

using namespace latchkey;

namespace {

MethodSettings method(MethodKind kind, Medium medium = Medium::Other) {
    MethodSettings made;
    made.kind = kind;
    made.medium = medium;
    made.channels = {"any"};
    return made;
}

Settings with_every_kind() {
    Settings settings;
    settings.channels["any"] = {};
    settings.methods.clear();
    settings.methods["email"] = method(MethodKind::Delivery, Medium::Email);
    settings.methods["sms"] = method(MethodKind::Delivery, Medium::Text);
    settings.methods["chat"] = method(MethodKind::Delivery);
    settings.methods["contact"] = method(MethodKind::Delivery, Medium::Email);
    settings.methods["contact"].recovery_contact = true;
    settings.methods["totp"] = method(MethodKind::Verification);
    settings.methods["hotp"] = method(MethodKind::Verification);
    settings.methods["hotp"].otp = OtpKind::Counter;
    settings.methods["push"] = method(MethodKind::Approval);
    return settings;
}

std::string need_of(const nlohmann::json& methods, const std::string& name) {
    for (const auto& each : methods)
        if (each.at("method") == name) return each.at("needs");
    return "not there";
}

}  // namespace

TEST_CASE("an owner is told every method of the configuration, and what it needs") {
    const auto methods = methods_here(with_every_kind(), false);
    CHECK(methods.size() == 7);
    CHECK(need_of(methods, "email") == "email");
    CHECK(need_of(methods, "sms") == "number");
    CHECK(need_of(methods, "chat") == "address");
    CHECK(need_of(methods, "contact") == "contact");
    CHECK(need_of(methods, "totp") == "app");
    CHECK(need_of(methods, "hotp") == "token");
    CHECK(need_of(methods, "push") == "device");
}

TEST_CASE("who can become root is not told what would be no way of theirs") {
    Settings settings = with_every_kind();
    settings.channels["any"].profile = Profile::Program;
    const auto methods = methods_here(settings, true);
    CHECK(need_of(methods, "push") == "not there");
    CHECK(need_of(methods, "email") == "not there");
    CHECK(need_of(methods, "totp") == "app");
}
