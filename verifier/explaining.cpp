// SPDX-License-Identifier: MIT
#include "verifier/explaining.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/addresses.hpp"
#include "core/channel_budget.hpp"
#include "core/channel_health.hpp"
#include "core/limits.hpp"
#include "core/reminding.hpp"
#include "core/screens.hpp"
#include "verifier/account_notices.hpp"
#include "verifier/time_text.hpp"

namespace latchkey {

namespace {

using nlohmann::json;

// A source of each surface: limits of sources are not asked for.
constexpr std::array<std::pair<const char*, const char*>, 2> kSurfaces{
    {{"console", "console:"}, {"remote", "remote"}}};

struct Verdict {
    std::string rule;  // empty: it works
    std::optional<TimePoint> until{};
    std::chrono::minutes within{0};
};

std::vector<AttemptKind> tries_of(MethodKind kind) {
    switch (kind) {
        case MethodKind::Delivery:
            return {AttemptKind::Send, AttemptKind::Code};
        case MethodKind::Verification:
            return {AttemptKind::Otp};
        case MethodKind::Approval:
            return {AttemptKind::Approval};
        default:
            return {};
    }
}

bool is_of_account(const Limit& limit) {
    return limit.scope == LimitScope::Subject || limit.scope == LimitScope::SubjectAndMethod;
}

class Explaining {
public:
    Explaining(const wire::AdminHello& hello, const VerifierPorts& ports)
        : hello_(hello), ports_(ports) {}

    Result<json> ways() {
        auto contacts = ports_.store.contacts(hello_.subject);
        if (!contacts) return std::move(contacts).error();
        auto apps = ports_.store.authenticators(hello_.subject);
        if (!apps) return std::move(apps).error();
        const auto health = ports_.store.channel_health();
        if (!health) return Error{health.error()};
        in_trouble_ = methods_in_trouble(ports_.settings, *health, now_);
        for (const std::string& method : methods_as_menu())
            if (auto told = tell_method(method, *contacts, *apps); !told)
                return std::move(told).error();
        return std::move(ways_);
    }

private:
    [[nodiscard]] std::vector<std::string> methods_as_menu() const {
        std::vector<std::string> names;
        for (const auto& [name, method] : ports_.settings.methods) names.push_back(name);
        std::stable_sort(names.begin(), names.end(),
                         [this](const std::string& a, const std::string& b) {
                             return comes_before(ports_.settings, a, b);
                         });
        return names;
    }

    Result<void> tell_method(const std::string& method, const std::vector<Contact>& contacts,
                             const std::vector<Authenticator>& apps) {
        bool is_enrolled = false;
        for (const Contact& contact : contacts) {
            if (contact.method != method || !is_there(contact, now_)) continue;
            is_enrolled = true;
            if (auto told = tell_contact(contact); !told) return told;
        }
        for (const Authenticator& app : apps) {
            if (app.method != method || !is_there(app, now_)) continue;
            is_enrolled = true;
            if (auto told = tell(method, kDevicePossession, "", verdict_of(app)); !told)
                return told;
        }
        return is_enrolled ? Result<void>{} : tell(method, "", "", {"not_enrolled"});
    }

    Result<void> tell_contact(const Contact& contact) {
        const auto address = ports_.vault.unseal(
            hello_.subkey, contact_binding(hello_.subject, contact), contact.sealed_address);
        if (!address) return tell(contact.method, contact.possession, "", {"unreadable"});
        Verdict verdict = verdict_of(contact);
        if (verdict.rule.empty() && has_expired(contact, ports_.settings.security_info, now_))
            verdict.rule = "expired";
        const Medium medium = ports_.settings.methods.at(contact.method).medium;
        return tell(contact.method, contact.possession, masked(medium, address->reveal()), verdict);
    }

    template <class Enrolled>
    [[nodiscard]] Verdict verdict_of(const Enrolled& enrolled) const {
        if (counts(enrolled, now_)) return {};
        return {"hold", std::max(enrolled.usable_from, enrolled.confirmed_at)};
    }

    Result<void> tell(const std::string& method, const std::string& possession,
                      const std::string& destination, const Verdict& enrolled) {
        for (const auto& [surface, source] : kSurfaces) {
            Verdict verdict = enrolled;
            if (verdict.rule.empty()) {
                auto limited = limit_reached(method, source);
                if (!limited) return std::move(limited).error();
                verdict = std::move(*limited);
            }
            ways_.push_back({{"method", method},
                             {"destination", destination},
                             {"possession", possession},
                             {"surface", surface},
                             {"works", verdict.rule.empty()},
                             {"rule", verdict.rule},
                             {"until", nullptr},
                             {"minutes", verdict.within.count()},
                             {"not_working", in_trouble_.contains(method)}});
            if (verdict.until) ways_.back()["until"] = iso_time(*verdict.until);
        }
        return {};
    }

    [[nodiscard]] Result<Verdict> limit_reached(const std::string& method,
                                                const std::string& source) const {
        const MethodSettings& settings = ports_.settings.methods.at(method);
        for (const AttemptKind kind : tries_of(settings.kind)) {
            const Attempt like{hello_.subject, source, kind, method};
            for (const Limit& limit : limits_for(kind, ports_.settings.limits)) {
                if (!is_of_account(limit) || !binds(limit, like)) continue;
                const auto count = ports_.store.count_attempts(like, limit, now_);
                if (!count) return Error{count.error()};
                if (*count >= limit.at_most)
                    return Verdict{"limits." + std::string{limit.name},
                                   {},
                                   std::chrono::duration_cast<std::chrono::minutes>(limit.window)};
            }
        }
        auto used_up = are_budgets_used_up(settings);
        if (!used_up) return std::move(used_up).error();
        return *used_up ? Verdict{"budget"} : Verdict{};
    }

    // A message waits for such a channel, and a code does not wait for long.
    [[nodiscard]] Result<bool> are_budgets_used_up(const MethodSettings& method) const {
        if (method.kind != MethodKind::Delivery || method.channels.empty()) return false;
        for (const std::string& name : method.channels) {
            const auto channel = ports_.settings.channels.find(name);
            if (channel == ports_.settings.channels.end()) continue;
            const ChannelBudget& budget = channel->second.budget;
            if (budget.per_hour == 0 && budget.per_day == 0) return false;
            const auto use = use_of(ports_.store, name, now_);
            if (!use) return Error{use.error()};
            const bool is_left = (budget.per_hour == 0 || use->last_hour < budget.per_hour) &&
                                 (budget.per_day == 0 || use->last_day < budget.per_day);
            if (is_left) return false;
        }
        return true;
    }

    const wire::AdminHello& hello_;
    const VerifierPorts& ports_;
    const TimePoint now_ = ports_.clock.now();
    std::set<std::string> in_trouble_;  // methods
    json ways_ = json::array();
};

}  // namespace

wire::AdminReply explain_ways(const wire::AdminHello& hello, const VerifierPorts& ports) {
    auto ways = Explaining{hello, ports}.ways();
    if (!ways) return store_refusal(ports, "cannot look at the account", ways.error());
    return {true, 0, Secret{json{{"ways", std::move(*ways)}}.dump()}, {}};
}

}  // namespace latchkey
