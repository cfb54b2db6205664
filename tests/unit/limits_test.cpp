// SPDX-License-Identifier: MIT
#include "core/limits.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_store.hpp"

using namespace latchkey;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

constexpr std::array kAllKinds{AttemptKind::Start, AttemptKind::Address,   AttemptKind::Code,
                               AttemptKind::Otp,   AttemptKind::SavedCode, AttemptKind::Resume,
                               AttemptKind::Send};

bool has(const std::vector<Limit>& limits, LimitScope scope, seconds window,
         std::uint32_t at_most) {
    return std::any_of(limits.begin(), limits.end(), [&](const Limit& limit) {
        return limit.scope == scope && limit.window == window && limit.at_most == at_most;
    });
}
bool names_an_account(LimitScope scope) {
    return scope == LimitScope::Subject || scope == LimitScope::SubjectAndMethod;
}

}  // namespace

TEST_CASE("every number of the settings is a limit of its kind", "[limits]") {
    LimitSettings settings;
    settings.wrong_per_code = 101;
    settings.wrong_per_hour = 102;
    settings.wrong_per_day = 103;
    settings.consecutive_wrong = 104;
    settings.saved_code_interval = 105;
    settings.saved_code_alarm = 106;
    settings.sends_per_minute = 107;
    settings.sends_per_ten_minutes = 108;
    settings.sends_per_hour = 109;
    settings.sends_per_day = 110;
    settings.starts_per_source_hour = 111;
    settings.names_per_source_hour = 112;
    settings.wrong_addresses_per_source_hour = 113;
    settings.wrong_addresses_per_pair_day = 114;
    settings.wrong_resumes_per_source_hour = 115;
    settings.host_alarm_per_day = 116;
    settings.approvals_per_hour = 117;
    settings.approvals_per_day = 118;
    settings.denials_per_day = 119;
    settings.wrong_at_console_per_day = 120;

    const auto code = limits_for(AttemptKind::Code, settings);
    CHECK(has(code, LimitScope::Recovery, hours{1}, 101));
    for (const AttemptKind kind : {AttemptKind::Code, AttemptKind::Otp}) {
        const auto limits = limits_for(kind, settings);
        CHECK(has(limits, LimitScope::Subject, hours{1}, 102));
        CHECK(has(limits, LimitScope::Subject, hours{24}, 103));
        CHECK(has(limits, LimitScope::Subject, hours{24}, 120));
        CHECK(has(limits, LimitScope::SubjectAndMethod, hours{7 * 24}, 104));
    }
    CHECK(has(limits_for(AttemptKind::SavedCode, settings), LimitScope::Source, seconds{105}, 1));
    CHECK(saved_code_alarm(settings).at_most == 106);
    const auto send = limits_for(AttemptKind::Send, settings);
    CHECK(has(send, LimitScope::SubjectAndMethod, seconds{60}, 107));
    CHECK(has(send, LimitScope::SubjectAndMethod, seconds{600}, 108));
    CHECK(has(send, LimitScope::SubjectAndMethod, hours{1}, 109));
    CHECK(has(send, LimitScope::SubjectAndMethod, hours{24}, 110));
    const auto approval = limits_for(AttemptKind::Approval, settings);
    CHECK(has(approval, LimitScope::Subject, kApprovalLifetime, 1));
    CHECK(has(approval, LimitScope::Subject, hours{1}, 117));
    CHECK(has(approval, LimitScope::Subject, hours{24}, 118));
    CHECK(has(approval, LimitScope::Subject, hours{24}, 119));
    CHECK(limits_for(AttemptKind::Denial, settings).empty());
    const auto start = limits_for(AttemptKind::Start, settings);
    CHECK(has(start, LimitScope::Source, hours{1}, 111));
    CHECK(has(start, LimitScope::SubjectsOfSource, hours{1}, 112));
    const auto address = limits_for(AttemptKind::Address, settings);
    CHECK(has(address, LimitScope::Source, hours{1}, 113));
    CHECK(has(address, LimitScope::SourceAndSubject, hours{24}, 114));
    CHECK(has(limits_for(AttemptKind::Resume, settings), LimitScope::Source, hours{1}, 115));
    CHECK(host_alarm(settings).at_most == 116);
    CHECK(host_gate(settings).at_most == 116);
}

TEST_CASE("guesses at a console and over a remote service have limits of their own", "[limits]") {
    const AttemptKind kind = GENERATE(AttemptKind::Code, AttemptKind::Otp);
    std::multiset<std::pair<std::string_view, Surface>> found;
    for (const Limit& limit : limits_for(kind, {})) {
        if (!names_an_account(limit.scope)) continue;
        REQUIRE(limit.only_at.has_value());
        found.emplace(limit.name, *limit.only_at);
    }
    CHECK(found == std::multiset<std::pair<std::string_view, Surface>>{
                       {"wrong_per_hour", Surface::Console},
                       {"wrong_per_hour", Surface::Remote},
                       {"wrong_at_console_per_day", Surface::Console},
                       {"wrong_per_day", Surface::Remote},
                       {"consecutive_wrong", Surface::Console},
                       {"consecutive_wrong", Surface::Remote}});
}

TEST_CASE("every kind of attempt has a limit", "[limits]") {
    for (const AttemptKind kind : kAllKinds) CHECK_FALSE(limits_for(kind, {}).empty());
}

TEST_CASE("what a stranger can try without a proof is limited by source alone", "[limits]") {
    for (const AttemptKind kind :
         {AttemptKind::Start, AttemptKind::Address, AttemptKind::SavedCode, AttemptKind::Resume})
        for (const Limit& limit : limits_for(kind, {})) CHECK_FALSE(names_an_account(limit.scope));
}

TEST_CASE("no limit of the account counts what strangers try", "[limits]") {
    for (const AttemptKind kind : kAllKinds)
        for (const Limit& limit : limits_for(kind, {})) {
            if (!names_an_account(limit.scope)) continue;
            for (const AttemptKind counted : limit.kinds)
                CHECK((counted == AttemptKind::Code || counted == AttemptKind::Otp ||
                       counted == AttemptKind::Send));
        }
}

TEST_CASE("a right proof ends a run of wrong ones and forgets nothing else", "[limits]") {
    for (const Limit& limit : limits_for(AttemptKind::Otp, {}))
        CHECK(limit.since_last_right == (limit.scope == LimitScope::SubjectAndMethod));
}

TEST_CASE("each limit admits its number and not one more", "[limits]") {
    const AttemptKind kind = GENERATE(from_range(kAllKinds.begin(), kAllKinds.end()));
    FakeStore store;
    const Attempt attempt{"1001:ada", "192.0.2.7", kind, "email", 1};
    const auto limits = limits_for(kind, {});
    std::uint32_t tightest = limits.front().at_most;
    for (const Limit& limit : limits)
        if (limit.scope != LimitScope::SubjectsOfSource)
            tightest = std::min(tightest, limit.at_most);

    for (std::uint32_t i = 0; i < tightest; ++i) {
        const auto charge = store.charge_attempt(attempt, limits, FakeClock::kStart);
        REQUIRE(charge);
        REQUIRE(charge->allowed);
    }
    CHECK_FALSE(store.charge_attempt(attempt, limits, FakeClock::kStart)->allowed);
}

TEST_CASE("a stranger's bucket is one and is not the account", "[limits]") {
    CHECK(is_bucket(stranger_of("1001:ada")));
    CHECK(stranger_of("1001:ada") != stranger_of("1002:bob"));
    CHECK(stranger_of("#0042") == "#0042");
    for (int i = 0; i < 4096; ++i) CHECK(stranger_of("1001:ada") != "#" + std::to_string(i));
}
