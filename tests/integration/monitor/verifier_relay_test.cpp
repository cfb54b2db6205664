// SPDX-License-Identifier: MIT
//
// The monitor's half of the talk against a verifier that was taken over: every type of
// message, well formed and not, with and without descriptors, in every phase.
#include "monitor/verifier_relay.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <map>

#include "tests/integration/monitor/relayed_talk.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"

namespace {

using namespace latchkey;

// One valid message of every type there is.
template <class... M>
std::map<wire::Type, Bytes> encoded(const M&... messages) {
    return {{M::kType, wire::encode(messages)}...};
}
std::map<wire::Type, Bytes> one_of_each_type() {
    using namespace wire;
    return encoded(LoginHello{}, Answer{}, Left{}, Ask{}, AskHidden{}, LoginFinish{},
                   RecoveryHello{}, screen(ScreenKind::Menu), CheckSavedCode{}, SavedCodeJudged{},
                   SpendStep{58}, StepSpent{}, StartChannel{"app"}, ChannelStarted{}, Queued{},
                   Proof{kMail}, Perform{}, Acted{}, RecoveryFinish{}, DeliverHello{},
                   OutboxKey{"1001:ben"}, OutboxKeyIs{}, DeliverFinish{}, ChannelSetup{},
                   ChannelCall{}, ChannelReply{}, AdminRequest{}, AdminHello{}, AdminReply{},
                   ImportRows{}, ImportEntries{}, VetoHeard{}, EndWaitingCodes{}, LookForChanges{},
                   ChangesSeen{}, AnnounceChange{}, ChangeAnnounced{});
}

// What a broken peer makes of a message; the first is the message itself.
std::vector<Bytes> forms_of(const Bytes& message) {
    std::vector<Bytes> forms(7, message);
    forms[1].push_back(std::byte{0});  // a byte left over
    forms[2].pop_back();               // cut short, or empty
    forms[3].resize(wire::kMaxPacket, std::byte{0x41});
    forms[4].resize(wire::kMaxPacket + 1, std::byte{0x41});  // too long
    for (std::size_t i = 1; i < forms[5].size(); ++i) forms[5][i] = std::byte{0xff};
    if (forms[5].size() == 1) forms[5].push_back(std::byte{0xff});
    // Any eight bytes are a time step.
    if (message.front() == std::byte{static_cast<std::uint8_t>(wire::Type::SpendStep)})
        forms[5].push_back(std::byte{0xff});
    forms[6].front() = std::byte{0xfe};  // of no type
    return forms;
}

// The talk goes on only with these; written down apart from the monitor's table.
bool goes_on(Phase phase, wire::Type type) {
    if (phase == Phase::ScreenOpen) return false;
    switch (type) {
        case wire::Type::AskScreen:
        case wire::Type::StartChannel:
        case wire::Type::Queued:
            return true;
        case wire::Type::CheckSavedCode:
            return phase == Phase::SavedAnswered;
        case wire::Type::Proof:
            return phase == Phase::CodeAnswered || phase == Phase::OtpAnswered;
        case wire::Type::SpendStep:
            return phase == Phase::OtpAnswered;
        case wire::Type::LookForChanges:
        case wire::Type::Perform:
            return phase == Phase::Proven || phase == Phase::ActRefused;
        default:
            return false;
    }
}

std::size_t open_descriptors() {
    const std::filesystem::directory_iterator all{"/proc/self/fd"};
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

bool is_act(Outcome outcome) {
    return outcome == Outcome::Recovered || outcome == Outcome::Unlocked ||
           outcome == Outcome::NothingWasLocked;
}

// Says `bytes` in that phase; true if the talk went on.
bool goes_on_after(Phase phase, const Bytes& bytes, int descriptor, bool is_screen) {
    Relay relay;
    relay.come_to(phase);
    relay.say(bytes, descriptor);
    if (is_screen) relay.answer("12345678");
    bool is_alive = false;
    for (const wire::Type type : relay.replies(is_alive)) {
        if (type == wire::Type::Acted)
            CHECK((phase == Phase::Proven || phase == Phase::ActRefused));
        if (type == wire::Type::ChangesSeen)
            CHECK((phase == Phase::Proven || phase == Phase::ActRefused));
        if (type == wire::Type::SavedCodeJudged) CHECK(phase == Phase::SavedAnswered);
        if (type == wire::Type::StepSpent) CHECK(phase == Phase::OtpAnswered);
        CHECK(type != wire::Type::OutboxKeyIs);
    }
    const RelayEnd& end = relay.ended();
    CHECK_FALSE(is_act(end.outcome));
    CHECK(end.password.empty());
    return is_alive;
}

}  // namespace

TEST_CASE("every message in every phase: what is not permitted there ends the talk") {
    const auto messages = one_of_each_type();
    CHECK(messages.size() == 37);
    const UniqueFd forged{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
    const std::size_t descriptors_before = open_descriptors();
    int tried = 0;
    int went_on = 0;
    for (const Phase phase : kPhases) {
        for (const auto& [type, message] : messages) {
            const std::vector<Bytes> forms = forms_of(message);
            for (std::size_t form = 0; form < forms.size(); ++form) {
                for (const int descriptor : {-1, forged.get()}) {
                    INFO("phase " << static_cast<int>(phase) << " type " << static_cast<int>(type)
                                  << " form " << form << " descriptor " << descriptor);
                    const bool expected = form == 0 && goes_on(phase, type);
                    const bool is_screen = expected && type == wire::Type::AskScreen;
                    CHECK(goes_on_after(phase, forms[form], descriptor, is_screen) == expected);
                    ++tried;
                    went_on += expected ? 1 : 0;
                }
            }
        }
    }
    CHECK(open_descriptors() == descriptors_before);
    evidence("C2 every message in every phase",
             std::to_string(tried) + " messages: " + std::to_string(messages.size()) +
                 " types, 7 forms, 8 phases, with descriptors",
             std::to_string(went_on) + " of the table went on, 0 acts, 0 descriptors kept");
}

namespace {

// Wants a device to be asked in that phase; true if the talk went on.
bool may_ask_device(LoginSession (*session)(), Phase phase) {
    Relay relay{session};
    relay.come_to(phase);
    relay.say(wire::StartChannel{"device"});
    bool is_alive = false;
    (void)relay.replies(is_alive);
    return is_alive;
}

}  // namespace

TEST_CASE("a device is asked behind another proof only, and for no name that is not eligible") {
    CHECK(may_ask_device(session_of_ada, Phase::Proven));
    CHECK_FALSE(may_ask_device(session_of_ada, Phase::Start));
    CHECK_FALSE(may_ask_device(session_of_ada, Phase::CodeAnswered));
    CHECK_FALSE(may_ask_device(session_of_nobody, Phase::Proven));
    CHECK_FALSE(may_ask_device(session_of_ada_who_can_become_root, Phase::Proven));
}

namespace {

// The same while the owner changes the ways back in; `is_permitted`: behind the password, for a
// change that is to be proven.
bool may_ask_device_in_change(LoginSession (*session)(), Phase phase, bool is_permitted) {
    RelayedChange change;
    change.may_ask_devices = is_permitted;
    Relay relay{session, std::move(change)};
    relay.come_to(phase);
    return relay.may_start("device");
}

// A device that is being enrolled was asked and its screen answered; true if the monitor takes
// that for a proof.
bool proves_by_new_device() {
    RelayedChange change;
    change.may_ask_devices = true;
    Relay relay{session_of_ada, std::move(change)};
    relay.come_to(Phase::Proven);
    REQUIRE(relay.may_start("device"));
    wire::AskScreen new_device = screen(ScreenKind::NewAddress);
    new_device.method = "push";
    new_device.number = "42";
    new_device.seconds = 100;
    relay.say(new_device);
    relay.answer("");
    relay.say(wire::Proof{"app"});
    return relay.may_start("device");
}

}  // namespace

TEST_CASE("in a change a device is asked behind the password and a relayed proof only") {
    CHECK(may_ask_device_in_change(session_of_ada, Phase::Proven, true));
    CHECK_FALSE(may_ask_device_in_change(session_of_ada, Phase::Start, true));
    CHECK_FALSE(may_ask_device_in_change(session_of_ada, Phase::CodeAnswered, true));
    CHECK_FALSE(may_ask_device_in_change(session_of_ada, Phase::EmptyAnswer, true));
    CHECK_FALSE(may_ask_device_in_change(session_of_ada, Phase::Proven, false));
    CHECK_FALSE(may_ask_device_in_change(session_of_nobody, Phase::Proven, true));
    CHECK_FALSE(may_ask_device_in_change(session_of_ada_who_can_become_root, Phase::Proven, true));
}

TEST_CASE("a device that is being enrolled proves nothing to the monitor") {
    CHECK_FALSE(proves_by_new_device());
}

namespace {

// Says that a veto was typed, behind that answer; true if the talk went on.
bool hears_veto(LoginSession (*session)(), ScreenKind kind, const std::string& answer) {
    Relay relay{session};
    relay.say(screen(kind));
    relay.answer(answer);
    relay.say(wire::VetoHeard{false});
    bool is_alive = false;
    (void)relay.replies(is_alive);
    return is_alive;
}

bool ends_waiting_codes(LoginSession (*session)(), Phase phase) {
    Relay relay{session};
    relay.come_to(phase);
    relay.say(wire::EndWaitingCodes{});
    bool is_alive = false;
    (void)relay.replies(is_alive);
    return is_alive;
}

}  // namespace

TEST_CASE("a veto is believed where ten letters were typed that may be one, and for an account") {
    CHECK(hears_veto(session_of_ada, ScreenKind::Menu, "bcdfg-hjklm"));
    CHECK(hears_veto(session_of_ada, ScreenKind::AddressOrSavedCode, "BCDFG HJKLM"));
    CHECK_FALSE(hears_veto(session_of_ada, ScreenKind::Code, "BCDFG-HJKLM"));
    CHECK_FALSE(hears_veto(session_of_ada, ScreenKind::Menu, "1"));
    CHECK_FALSE(hears_veto(session_of_nobody, ScreenKind::Menu, "BCDFG-HJKLM"));
}

TEST_CASE("saved codes that wait are dropped behind a proof, of an account") {
    CHECK(ends_waiting_codes(session_of_ada, Phase::Proven));
    CHECK_FALSE(ends_waiting_codes(session_of_ada, Phase::CodeAnswered));
    CHECK_FALSE(ends_waiting_codes(session_of_nobody, Phase::Proven));
}

namespace {

// Only here is there such a home: the test runs in a sandbox of its own.
constexpr const char* kHome = "/home/ada-of-the-relay";

LoginSession session_of_ada_with_a_key() {
    LoginSession session = session_of_ada();
    session.account->home = kHome;
    return session;
}
LoginSession session_of_root_to_be_with_a_key() {
    LoginSession session = session_of_ada_with_a_key();
    session.privileged = true;
    return session;
}

void put_key() {
    const std::string place = std::string{kHome} + "/.ssh";
    std::filesystem::create_directories(place);
    for (const char* directory : {kHome, place.c_str()}) {
        REQUIRE(::chown(directory, 1001, 1001) == 0);
        REQUIRE(::chmod(directory, 0700) == 0);
    }
    const UniqueFd key{
        ::open((place + "/authorized_keys").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
    REQUIRE(key);
    // Shortly before the clock of the talk: a time of writing counts like one of change.
    const timespec written{FakeClock::kStart.time_since_epoch().count() - 60, 0};
    const std::array<timespec, 2> times{written, written};
    REQUIRE(::futimens(key.get(), times.data()) == 0);
}

}  // namespace

TEST_CASE("what changed in an account is seen behind the proofs for an act alone, and once") {
    put_key();
    {
        Relay relay{session_of_ada_with_a_key};
        relay.come_to(Phase::Proven);
        const auto seen = relay.look_for_changes();
        REQUIRE(seen);
        CHECK(seen->keys);
        CHECK_FALSE(seen->crontab);
        CHECK_FALSE(seen->ways);
        CHECK_FALSE(relay.look_for_changes());
    }
    for (const Phase phase : {Phase::Start, Phase::CodeAnswered, Phase::EmptyAnswer}) {
        Relay relay{session_of_ada_with_a_key};
        relay.come_to(phase);
        CHECK_FALSE(relay.look_for_changes());
    }
    // One proof is none there.
    Relay relay{session_of_root_to_be_with_a_key};
    relay.come_to(Phase::Proven);
    CHECK_FALSE(relay.look_for_changes());
    std::filesystem::remove_all(kHome);
}
