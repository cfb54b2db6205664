// SPDX-License-Identifier: MIT
//
// What a tag covers, with the vault that is used at a login.
#include "core/row_tags.hpp"

#include <array>
#include <functional>
#include <set>
#include <string>

#include "adapters/sodium_vault/sodium_vault.hpp"
#include "tests/support/catch.hpp"

using namespace latchkey;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint kNow{1'800'000'000s};
const Secret kAdas{std::string(Vault::kKeyBytes, 'a')};
const Secret kBens{std::string(Vault::kKeyBytes, 'b')};

NewRecovery recovery() {
    return {"1002:ben", true, Reason::ForgotPassword, "sshd", "192.0.2.7", 2, kNow, kNow + 15min};
}

}  // namespace

TEST_CASE("a tag is the same for the same row and key", "[tags]") {
    const SodiumVault vault;
    CHECK(is_same_tag(vault, gate_tag(vault, kBens, 1, recovery(), {"app", kNow}),
                      gate_tag(vault, kBens, 1, recovery(), {"app", kNow})));
    CHECK(is_same_tag(vault, recovery_tag(vault, kBens, 1, recovery(), {}),
                      recovery_tag(vault, kBens, 1, recovery(), {})));
}

TEST_CASE("a tag under another account's key does not fit", "[tags]") {
    const SodiumVault vault;
    CHECK_FALSE(is_same_tag(vault, gate_tag(vault, kBens, 1, recovery(), {"app", kNow}),
                            gate_tag(vault, kAdas, 1, recovery(), {"app", kNow})));
    CHECK_FALSE(is_same_tag(vault, recovery_tag(vault, kBens, 1, recovery(), {}),
                            recovery_tag(vault, kAdas, 1, recovery(), {})));
}

TEST_CASE("a row without a tag does not fit", "[tags]") {
    const SodiumVault vault;
    CHECK_FALSE(is_same_tag(vault, Digest{}, gate_tag(vault, kBens, 1, recovery(), {"app", kNow})));
}

TEST_CASE("a gate's tag is another one for every recovery, possession and time", "[tags]") {
    const SodiumVault vault;
    const std::set<Digest> tags{gate_tag(vault, kBens, 1, recovery(), {"app", kNow}),
                                gate_tag(vault, kBens, 2, recovery(), {"app", kNow}),
                                gate_tag(vault, kBens, 1, recovery(), {"saved", kNow}),
                                gate_tag(vault, kBens, 1, recovery(), {"app", kNow + 1s}),
                                gate_tag(vault, kBens, -1, recovery(), {"app", kNow})};
    CHECK(tags.size() == 5);
    NewRecovery of_another_day = recovery();
    of_another_day.opened_at += 24h;
    CHECK_FALSE(tags.contains(gate_tag(vault, kBens, 1, of_another_day, {"app", kNow})));
}

TEST_CASE("a recovery's tag changes with every field and with its resume code", "[tags]") {
    const SodiumVault vault;
    const std::array<std::function<void(NewRecovery&)>, 8> changes{
        [](NewRecovery& r) { r.subject = "1001:ada"; },
        [](NewRecovery& r) { r.deliverable = false; },
        [](NewRecovery& r) { r.reason = Reason::KnowsPassword; },
        [](NewRecovery& r) { r.service = "login"; },
        [](NewRecovery& r) { r.source = "console:tty1"; },
        [](NewRecovery& r) { r.gates_needed = 1; },
        [](NewRecovery& r) { r.opened_at += 1s; },
        [](NewRecovery& r) { r.expires_at += 1s; }};
    Digest other_code{};
    other_code.back() = 1;
    std::set<Digest> tags{recovery_tag(vault, kBens, 1, recovery(), {}),
                          recovery_tag(vault, kBens, 2, recovery(), {}),
                          recovery_tag(vault, kBens, 1, recovery(), other_code)};
    for (const auto& change : changes) {
        NewRecovery changed = recovery();
        change(changed);
        tags.insert(recovery_tag(vault, kBens, 1, changed, {}));
    }
    CHECK(tags.size() == 3 + changes.size());
}

TEST_CASE("no bytes wander from one field of a row into the next", "[tags]") {
    const auto texts = std::set<std::string>{row_text({"ab", "c"}),  row_text({"a", "bc"}),
                                             row_text({"abc"}),      row_text({"abc", ""}),
                                             row_text({"", "abc"}),  row_text({"1:a", "bc"}),
                                             row_text({"a", "1:bc"})};
    CHECK(texts.size() == 7);
}

TEST_CASE("a gate's tag is no recovery's, whatever stands in the row", "[tags]") {
    const SodiumVault vault;
    const std::string text = row_text({recovery_text(1, recovery()), "app", row_field(kNow)});
    CHECK(gate_tag(vault, kBens, 1, recovery(), {"app", kNow}) ==
          vault.digest(kBens, "row|gate", text));
    CHECK(gate_tag(vault, kBens, 1, recovery(), {"app", kNow}) !=
          vault.digest(kBens, "row|recovery", text));
}

TEST_CASE("the seal of an enrolment is bound to every field that decides", "[tags]") {
    const Contact enrolled{7, "email", "email:example.org", "sealed", kNow, kNow};
    const std::string binding = contact_binding("1002:ben", enrolled);
    const auto changed = [&](auto change) {
        Contact contact = enrolled;
        change(contact);
        return contact_binding("1002:ben", contact) != binding;
    };
    CHECK(contact_binding("1001:ada", enrolled) != binding);
    CHECK(changed([](Contact& c) { c.method = "sms"; }));
    CHECK(changed([](Contact& c) { c.possession = "email:other"; }));
    CHECK(changed([](Contact& c) { c.confirmed_at = TimePoint{}; }));
    CHECK(changed([](Contact& c) { c.usable_from += 1s; }));
    CHECK_FALSE(changed([](Contact& c) { c.id = 8; }));

    const Authenticator app{"sealed", 5, kNow};
    CHECK(authenticator_binding("1001:ada", app) != authenticator_binding("1002:ben", app));
    CHECK(authenticator_binding("1002:ben", app) !=
          authenticator_binding("1002:ben", {"sealed", 5, kNow + 1s}));
    CHECK(authenticator_binding("1002:ben", app) !=
          authenticator_binding("1002:ben", {"sealed", 5, kNow, "hotp"}));
    CHECK(authenticator_binding("1002:ben", app) ==
          authenticator_binding("1002:ben", {"sealed", 6, kNow}));
}
