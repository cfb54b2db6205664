// SPDX-License-Identifier: MIT
//
// Every interleaving of charge, settle and grant for three clients with five
// tries each, on the limits of the core and the store's fake, which keeps the
// contract of the real one (tests/contract). Each step is one transaction, as in
// core/recovery_judging.cpp; a client that is never scheduled again is one that
// was killed there. The same search finds each of four faults that are seeded
// into the protocol, so it could have found them in ours.
#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/limits.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_store.hpp"

using namespace latchkey;

namespace {

constexpr int kClients = 3;
constexpr int kTries = 5;
constexpr int kResends = 1;
constexpr TimePoint kNow = FakeClock::kStart;
const SubjectKey kSubject = "1001:ada";
const LimitSettings kShipped;

enum class Fault : std::uint8_t {
    None,
    CompareBeforeCharge,
    CountThenCharge,      // two transactions where there must be one, as pam_faillock does
    SettleUnconditional,  // look whether the code is alive, then use it up
    GrantUnconditional,   // look whether a grant is there, then act
};

Digest digest_of(std::uint8_t byte) {
    Digest digest{};
    digest.fill(byte);
    return digest;
}

struct Client {
    enum class At : std::uint8_t { Idle, Counted, Charged, Looked, Proven, Granting };
    At at = At::Idle;
    int tries = kTries;
    bool right = false;  // what it types this time
    AttemptId attempt = 0;
    friend auto operator<=>(const Client&, const Client&) = default;
};

// What is the case, and what an observer has seen happen.
struct World {
    FakeStore store;
    RecoveryId recovery = 0;
    std::array<Client, kClients> clients;
    int resends = kResends;
    std::size_t issued_after = 0;     // attempts that were there before the code now alive
    unsigned compared = 0;            // in all
    unsigned compared_with_code = 0;  // with the code now alive
    unsigned told_right = 0;          // of the code now alive
    unsigned acted = 0;
};

class Model {
public:
    Model(AttemptKind kind, Fault fault) : kind_(kind), fault_(fault) {}

    // Walks through every state there is; what was violated, or nothing.
    std::string search() {
        std::vector<World> open{start()};
        while (!open.empty()) {
            World world = std::move(open.back());
            open.pop_back();
            for (World& next : successors(world)) {
                ++steps;
                if (std::string broken = violation(next); !broken.empty()) return broken;
                if (seen_.insert(key(next)).second) open.push_back(std::move(next));
            }
        }
        return {};
    }
    [[nodiscard]] std::size_t states() const { return seen_.size(); }
    std::size_t steps = 0;

private:
    [[nodiscard]] bool is_app() const { return kind_ == AttemptKind::Otp; }
    [[nodiscard]] const char* method() const { return is_app() ? "totp" : "email"; }

    World start() const {
        World world;
        world.recovery = world.store
                             .start_recovery({kSubject, true, Reason::ForgotPassword, "sshd",
                                              "192.0.2.7", 1, kNow, kNow + std::chrono::hours{1}},
                                             "mine", {})
                             .value()
                             .id;
        REQUIRE(world.store.enrol_authenticator(kSubject, {"sealed", 100, kNow}));
        if (!is_app()) issue(world);
        return world;
    }
    static void issue(World& world) {
        REQUIRE(world.store.issue_code({world.recovery,
                                        "email",
                                        digest_of(7),
                                        {},
                                        kNow,
                                        kNow + std::chrono::minutes{10},
                                        std::nullopt}));
        world.compared_with_code = world.told_right = 0;
        world.issued_after = world.store.attempts().size();
    }

    std::vector<World> successors(const World& world) const {
        std::vector<World> all;
        if (!is_app() && world.resends > 0) {
            World next = world;
            --next.resends;
            issue(next);
            all.push_back(std::move(next));
        }
        for (std::size_t i = 0; i < kClients; ++i) {
            const Client& client = world.clients.at(i);
            if (client.at != Client::At::Idle) {
                go_on(all.emplace_back(world), i);
            } else if (client.tries > 0) {
                for (const bool right : {false, true}) {
                    World& next = all.emplace_back(world);
                    next.clients.at(i).right = right;
                    --next.clients.at(i).tries;
                    begin(next, next.clients.at(i));
                }
            }
        }
        return all;
    }

    [[nodiscard]] Attempt attempt(const World& world) const {
        return {kSubject, "192.0.2.7", kind_, method(), world.recovery};
    }
    // What it typed is history, so that worlds that differ by it alone are one.
    static void rest(Client& client) {
        client.at = Client::At::Idle;
        client.right = false;
        client.attempt = 0;
    }
    [[nodiscard]] bool charge(World& world, Client& client, bool limited) const {
        const auto limits = limited ? limits_for(kind_, kShipped) : std::vector<Limit>{};
        const auto charge = world.store.charge_attempt(attempt(world), limits, kNow).value();
        client.attempt = charge.id;
        return charge.allowed;
    }
    static void compare(World& world) {
        ++world.compared;
        ++world.compared_with_code;
    }

    // The first transaction of a try.
    void begin(World& world, Client& client) const {
        if (fault_ == Fault::CompareBeforeCharge) {
            compare(world);
            client.at = Client::At::Counted;
        } else if (fault_ == Fault::CountThenCharge) {
            const auto limits = limits_for(kind_, kShipped);
            const bool free = std::all_of(limits.begin(), limits.end(), [&](const Limit& limit) {
                return world.store.count_attempts(attempt(world), limit, kNow).value() <
                       limit.at_most;
            });
            if (free)
                client.at = Client::At::Counted;
            else
                rest(client);
        } else if (charge(world, client, true)) {
            client.at = Client::At::Charged;
        } else {
            rest(client);
        }
    }

    // The next transaction of a try that is under way.
    void go_on(World& world, std::size_t index) const {
        Client& client = world.clients.at(index);
        switch (client.at) {
            case Client::At::Idle:
                break;
            case Client::At::Counted:
                if (charge(world, client, fault_ == Fault::CompareBeforeCharge))
                    client.at = Client::At::Charged;
                else
                    rest(client);
                break;
            case Client::At::Charged:
                judge(world, client);
                break;
            case Client::At::Looked:
                (void)settle(world, client);
                ++world.told_right;
                client.at = Client::At::Proven;
                break;
            case Client::At::Proven:
                grant(world, client);
                break;
            case Client::At::Granting:
                (void)spend(world);
                ++world.acted;
                rest(client);
                break;
        }
    }

    void judge(World& world, Client& client) const {
        if (fault_ != Fault::CompareBeforeCharge) compare(world);
        if (fault_ == Fault::SettleUnconditional) {
            World look = world;
            if (settle(look, client) == Verdict::Right) {
                client.at = Client::At::Looked;
                return;
            }
        }
        if (settle(world, client) != Verdict::Right) return rest(client);
        ++world.told_right;
        client.at = Client::At::Proven;
    }
    Verdict settle(World& world, const Client& client) const {
        if (is_app() && !client.right) {
            (void)world.store.settle_attempt(client.attempt, AttemptResult::Wrong);
            return Verdict::Wrong;
        }
        if (is_app())
            return world.store
                .settle_otp(client.attempt, world.recovery, {kSubject, 101, "sealed"},
                            {"app", kNow})
                .value();
        return world.store
            .settle_code(client.attempt, world.recovery, "email", digest_of(client.right ? 7 : 1),
                         {"email:example.org", kNow}, kShipped.wrong_per_code)
            .value();
    }

    void grant(World& world, Client& client) const {
        if (fault_ == Fault::GrantUnconditional) {
            World look = world;
            if (!spend(look)) return rest(client);
            client.at = Client::At::Granting;
            return;
        }
        if (spend(world)) ++world.acted;
        rest(client);
    }
    static bool spend(World& world) {
        return world.store
            .spend_grant(
                {world.recovery, "mine", {}, "granted", "", kNow, kNow - std::chrono::minutes{5}})
            .value();
    }

    // --- what must hold in every state ----------------------------------------------

    [[nodiscard]] std::string violation(World& world) const {
        const auto& rows = world.store.attempts();
        if (world.compared > rows.size()) return "compared more than is on disk";
        if (world.compared_with_code > kShipped.wrong_per_code + world.told_right)
            return "a code was compared more than five times";
        const auto right = std::count_if(rows.begin(), rows.end(), [](const auto& row) {
            return row.result == AttemptResult::Right;
        });
        if (world.compared > kShipped.wrong_per_hour + static_cast<unsigned>(right))
            return "more than five wrong guesses in an hour";
        if (world.told_right > 1) return "a code was right twice";
        if (world.acted > 1) return "two acts of one recovery";
        if (world.acted > 0 && world.store.open_gates(world.recovery).value().empty())
            return "an act without a proof";
        return {};
    }

    // Two worlds with one key go on alike: clients differ by where they are alone.
    std::string key(const World& world) const {
        std::array<Client, kClients> clients = world.clients;
        std::sort(clients.begin(), clients.end());
        std::string text;
        const auto add = [&text](auto value) { text += std::to_string(value) + ' '; };
        for (const Client& client : clients) {
            add(static_cast<int>(client.at));
            add(client.tries);
            add(client.right ? 1 : 0);
            add(client.attempt);
        }
        for (const RecordedAttempt& row : world.store.attempts()) add(static_cast<int>(row.result));
        for (const unsigned count : {world.compared, world.compared_with_code, world.told_right,
                                     world.acted, static_cast<unsigned>(world.resends)})
            add(count);
        add(world.issued_after);
        return text;
    }

    AttemptKind kind_;
    Fault fault_;
    std::unordered_set<std::string> seen_;
};

}  // namespace

TEST_CASE("in no order of charge, settle and grant do three clients gain anything", "[model]") {
    for (const AttemptKind kind : {AttemptKind::Code, AttemptKind::Otp}) {
        Model model{kind, Fault::None};
        CHECK(model.search().empty());
        CHECK(model.states() > 10'000);
        evidence(kind == AttemptKind::Code ? "G5, G7 model of counting, e-mailed codes"
                                           : "G5, G7 model of counting, TOTP",
                 "3 clients x 5 tries, all interleavings: " + std::to_string(model.states()) +
                     " states, " + std::to_string(model.steps) + " steps",
                 "0 violations");
    }
}

TEST_CASE("the model finds what it looks for when the protocol is broken", "[model]") {
    const std::vector<std::pair<Fault, std::string>> faults{
        {Fault::CompareBeforeCharge, "compared more than is on disk"},
        {Fault::CountThenCharge, "more than five"},
        {Fault::SettleUnconditional, "a code was right twice"},
        {Fault::GrantUnconditional, "two acts of one recovery"},
    };
    std::size_t found = 0;
    for (const auto& [fault, expected] : faults) {
        const std::string broken = Model{AttemptKind::Code, fault}.search();
        INFO(expected);
        CHECK(broken.find(expected) != std::string::npos);
        if (!broken.empty()) ++found;
    }
    evidence("G5, G7 the model can fail",
             "4 faults seeded: compare before charge, count then charge, settle and grant "
             "unconditional",
             std::to_string(found) + " found");
}
