// SPDX-License-Identifier: MIT
//
// The monitor's half of the talk with a verifier that answers at once: until the first proof
// the person is told nothing before its slot of the grid has come.
#include <thread>

#include "core/ports/vault.hpp"
#include "monitor/verifier_relay.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/recorded_events.hpp"

namespace {

using namespace latchkey;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kGrid{300};

Deadline soon() {
    return steady_clock::now() + std::chrono::seconds{20};
}

// A relay at work; the test is the verifier, and the module with the person.
class Talk {
public:
    Talk() {
        auto to_verifier = Seqpacket::make_pair();
        auto to_module = Seqpacket::make_pair();
        if (!to_verifier || !to_module) throw std::runtime_error{"socketpair"};
        verifier_ = std::move(to_verifier->second);
        module_ = std::move(to_module->second);
        answered_ = steady_clock::now();
        monitor_ = std::thread{[this, link = std::move(to_verifier->first),
                                module = std::move(to_module->first)]() mutable {
            LoginSession session;
            session.settings.methods["email"].label = "E-mail me";
            session.master_key = Secret{std::string(Vault::kKeyBytes, 'k')};
            session.host_name = "tower";
            session.subject = "#0042";
            session.grid = ReplyGrid{kGrid, {}, answered_};
            Claimant claimant{std::move(module), soon()};
            claimant.watch(link.fd());
            end_ = VerifierRelay{session, link, claimant, clock_, log_}.run();
        }};
    }
    Talk(const Talk&) = delete;
    Talk& operator=(const Talk&) = delete;
    ~Talk() { (void)end(); }

    // From the person's last answer to the next question, which the verifier asks at once.
    milliseconds reply() {
        wire::AskScreen screen;
        screen.kind = ScreenKind::Code;
        screen.method = "email";
        screen.minutes = 10;
        REQUIRE(verifier_.send_message(screen));
        REQUIRE(module_.receive_message<wire::Ask>(soon()));
        const auto time = steady_clock::now() - answered_;
        answered_ = steady_clock::now();
        REQUIRE(module_.send_message(wire::Answer{Secret{"12345678"}}));
        REQUIRE(verifier_.receive_message<wire::Answer>(soon()));
        return std::chrono::duration_cast<milliseconds>(time);
    }
    void prove() { REQUIRE(verifier_.send_message(wire::Proof{"email:example.org"})); }
    const RelayEnd& end() {
        verifier_.close();
        if (monitor_.joinable()) monitor_.join();
        return end_;
    }

private:
    Seqpacket verifier_{UniqueFd{}};
    Seqpacket module_{UniqueFd{}};
    steady_clock::time_point answered_;
    FakeClock clock_;
    RecordedEvents log_;
    RelayEnd end_;
    std::thread monitor_;
};

}  // namespace

TEST_CASE("until the first proof every reply waits for its slot, and so does the end") {
    Talk talk;
    for (int i = 0; i < 3; ++i) CHECK(talk.reply() >= kGrid);
    CHECK(talk.end().grid.has_value());
}

TEST_CASE("after a proof the end waits for no slot") {
    Talk talk;
    CHECK(talk.reply() >= kGrid);
    talk.prove();
    (void)talk.reply();
    CHECK_FALSE(talk.end().grid.has_value());
}
