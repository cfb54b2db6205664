// SPDX-License-Identifier: MIT
//
// The monitor's half of the talk against a verifier that was taken over: every type of
// message, well formed and not, with and without descriptors, in every phase.
#include "monitor/verifier_relay.hpp"

#include <fcntl.h>

#include <filesystem>
#include <map>
#include <thread>

#include "core/ports/vault.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/recorded_events.hpp"

namespace {

using namespace latchkey;
using Bytes = std::vector<std::byte>;

constexpr std::chrono::seconds kPatience{20};
const std::string kMail = "email:example.org";

Deadline soon() {
    return std::chrono::steady_clock::now() + kPatience;
}

wire::AskScreen screen(ScreenKind kind) {
    wire::AskScreen message;
    message.kind = kind;
    message.method = kind == ScreenKind::OtpCode ? "totp" : "email";
    message.minutes = 10;
    message.items = {{"email", ""}};
    return message;
}

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
                   ImportRows{}, ImportEntries{});
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

// How far the talk has come when the message is said.
enum class Phase {
    Start,
    ScreenOpen,
    CodeAnswered,
    OtpAnswered,
    EmptyAnswer,
    SavedAnswered,
    Proven,
    ActRefused
};
constexpr std::array kPhases{Phase::Start,       Phase::ScreenOpen,  Phase::CodeAnswered,
                             Phase::OtpAnswered, Phase::EmptyAnswer, Phase::SavedAnswered,
                             Phase::Proven,      Phase::ActRefused};

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
        case wire::Type::Perform:
            return phase == Phase::Proven || phase == Phase::ActRefused;
        default:
            return false;
    }
}

ScreenKind asked_in(Phase phase) {
    if (phase == Phase::SavedAnswered) return ScreenKind::SavedCode;
    return phase == Phase::OtpAnswered ? ScreenKind::OtpCode : ScreenKind::Code;
}

LoginSession session_of_nobody() {
    LoginSession session;
    session.settings.reply_grid = std::chrono::milliseconds{0};
    session.settings.methods["email"].label = "E-mail me";
    session.settings.methods["totp"] = {
        "My app", MethodKind::Verification, {"app"}, std::chrono::minutes{10}};
    session.settings.methods["push"] = {
        "My phone", MethodKind::Approval, {"device"}, std::chrono::minutes{10}};
    session.master_key = Secret{std::string(Vault::kKeyBytes, 'k')};
    session.host_name = "tower";
    session.subject = "#0042";
    return session;
}

LoginSession session_of_ada() {
    LoginSession session = session_of_nobody();
    session.subject = "1001:ada";
    session.account.emplace();
    session.account->name = "ada";
    session.account->uid = 1001;
    session.eligible = true;
    session.privileged = false;
    return session;
}

LoginSession session_of_ada_who_can_become_root() {
    LoginSession session = session_of_ada();
    session.privileged = true;
    return session;
}

// A relay at work; the test is the verifier, and the module with the person.
class Relay {
public:
    explicit Relay(LoginSession (*begin)() = session_of_nobody) {
        auto to_verifier = Seqpacket::make_pair();
        auto to_module = Seqpacket::make_pair();
        if (!to_verifier || !to_module) throw std::runtime_error{"socketpair"};
        verifier_ = std::move(to_verifier->second);
        module_ = std::move(to_module->second);
        monitor_ = std::thread{[this, begin, link = std::move(to_verifier->first),
                                module = std::move(to_module->first)]() mutable {
            const LoginSession session = begin();
            Claimant claimant{std::move(module), soon()};
            claimant.watch(link.fd());
            end_ = VerifierRelay{session, link, claimant, clock_, log_}.run();
        }};
    }
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;
    ~Relay() { (void)ended(); }

    void say(const Bytes& bytes, int descriptor = -1) { (void)verifier_.send(bytes, descriptor); }
    template <class M>
    void say(const M& message) {
        say(wire::encode(message));
    }
    // The person answers what is asked.
    void answer(const std::string& text) {
        REQUIRE(module_.receive_message<wire::Ask>(soon()));
        REQUIRE(module_.send_message(wire::Answer{Secret{text}}));
        REQUIRE(verifier_.receive_message<wire::Answer>(soon()));
    }
    void come_to(Phase phase) {
        if (phase == Phase::Start) return;
        say(screen(asked_in(phase)));
        if (phase == Phase::ScreenOpen) {
            REQUIRE(module_.receive_message<wire::Ask>(soon()));
            return;
        }
        answer(phase == Phase::EmptyAnswer ? "" : "12345678");
        if (phase != Phase::Proven && phase != Phase::ActRefused) return;
        say(wire::Proof{kMail});
        if (phase == Phase::Proven) return;
        say(wire::Perform{});
        REQUIRE(verifier_.receive_message<wire::Acted>(soon()));
    }
    // The types of what comes back, until the monitor has shown that it still
    // listens, or has ended the talk.
    std::vector<wire::Type> replies(bool& is_alive) {
        say(wire::StartChannel{"app"});
        std::vector<wire::Type> types;
        is_alive = false;
        for (auto packet = verifier_.receive(soon()); packet; packet = verifier_.receive(soon())) {
            types.push_back(wire::type_of(packet->bytes).value());
            is_alive = types.back() == wire::Type::ChannelStarted;
            if (is_alive) break;
        }
        return types;
    }
    const RelayEnd& ended() {
        verifier_.close();
        module_.close();
        if (monitor_.joinable()) monitor_.join();
        return end_;
    }
    [[nodiscard]] Seqpacket& module() { return module_; }

private:
    Seqpacket verifier_{UniqueFd{}};
    Seqpacket module_{UniqueFd{}};
    FakeClock clock_;
    RecordedEvents log_;
    RelayEnd end_;
    std::thread monitor_;
};

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
    CHECK(messages.size() == 31);
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
             std::to_string(tried) + " messages: 29 types, 7 forms, 8 phases, with descriptors",
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
