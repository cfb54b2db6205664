// SPDX-License-Identifier: MIT
#include "monitor/methods_here.hpp"

#include "core/screens.hpp"
#include "monitor/program_channels.hpp"

namespace latchkey {

namespace {

const char* need_of(const MethodSettings& method) {
    if (method.kind == MethodKind::Verification)
        return method.otp == OtpKind::Counter ? "token" : "app";
    if (method.kind == MethodKind::Approval) return "device";
    if (method.recovery_contact) return "contact";
    if (is_telephone(method.medium)) return "number";
    return method.medium == Medium::Email ? "email" : "address";
}

}  // namespace

nlohmann::json methods_here(const Settings& settings, bool privileged) {
    nlohmann::json methods = nlohmann::json::array();
    for (const std::string& name : methods_in_menu_order(settings)) {
        const auto method = settings.methods.find(name);
        if (method != settings.methods.end() && is_way(settings, name, privileged))
            methods.push_back({{"method", name}, {"needs", need_of(method->second)}});
    }
    return methods;
}

}  // namespace latchkey
