// SPDX-License-Identifier: MIT
#include "tests/integration/verifier/verifier_house.hpp"

#include <cstdlib>
#include <ctime>

#include <liboath/oath.h>

#include "adapters/sodium_vault/sodium_vault.hpp"
#include "adapters/sqlite_store/sqlite_store.hpp"

namespace latchkey {

namespace {

constexpr unsigned kStepSeconds = 30;
constexpr unsigned kOtpDigits = 6;

std::string otp_of(std::string_view key, std::time_t now) {
    std::string digits(kOtpDigits + 1, '\0');
    if (oath_totp_generate(key.data(), key.size(), now, kStepSeconds, 0, kOtpDigits,
                           digits.data()) != OATH_OK)
        throw std::runtime_error{"oath_totp_generate"};
    digits.resize(kOtpDigits);
    return digits;
}

wire::ChannelReply accept(const wire::ChannelCall&) {
    wire::ChannelReply reply;
    reply.outcome = wire::ChannelOutcome::Accepted;
    return reply;
}

}  // namespace

void Talk::step() {
    if (!steps_left_) return;
    if (*steps_left_ == 0) {
        verifier_.hang_up();
        throw HungUp{};
    }
    --*steps_left_;
}

wire::AskScreen Talk::expect_screen(ScreenKind kind) {
    auto screen = expect<wire::AskScreen>();
    if (screen.kind != kind)
        throw std::runtime_error{"expected screen " + std::to_string(static_cast<int>(kind)) +
                                 ", got " + std::to_string(static_cast<int>(screen.kind))};
    return screen;
}

void Talk::choose(const wire::AskScreen& menu, const std::string& method) {
    for (std::size_t i = 0; i < menu.items.size(); ++i)
        if (menu.items[i].first == method) return answer(std::to_string(i + 1));
    throw std::runtime_error{"the menu does not offer " + method};
}

wire::ChannelCall Talk::play_channel(
    const std::string& channel,
    const std::function<wire::ChannelReply(const wire::ChannelCall&)>& plugin) {
    const auto start = expect<wire::StartChannel>();
    if (start.channel != channel) throw std::runtime_error{"expected channel " + channel};
    return serve_channel(plugin);
}

wire::ChannelCall Talk::serve_channel(
    const std::function<wire::ChannelReply(const wire::ChannelCall&)>& plugin) {
    auto ends = Seqpacket::make_pair();
    if (!ends) throw std::runtime_error{ends.error().detail};
    auto& [host, theirs] = *ends;
    say(wire::ChannelStarted{true}, theirs.fd());
    theirs.close();
    step();
    auto call = host.receive_message<wire::ChannelCall>(std::chrono::steady_clock::now() +
                                                        std::chrono::seconds{10});
    if (!call) throw std::runtime_error{"no call: " + call.error().detail};
    step();
    if (!host.send_message(plugin(*call))) throw std::runtime_error{"the caller is gone"};
    return std::move(*call);
}

Secret VerifierHouse::subkey() const {
    return Secret{std::string(Vault::kKeyBytes, 'k')};
}

wire::RecoveryHello VerifierHouse::hello(Surface surface, std::uint32_t gates) const {
    wire::RecoveryHello hello;
    hello.subject = subject;
    hello.deliverable = true;
    hello.subkey = subkey();
    hello.surface = surface;
    hello.gates_needed = gates;
    hello.account_name = "ada";
    hello.host_name = "host.example.org";
    hello.service = surface == Surface::Console ? "login" : "sshd";
    hello.source = surface == Surface::Console ? "console:tty1" : "192.0.2.7";
    return hello;
}

std::vector<nlohmann::json> VerifierHouse::command(wire::AdminVerb verb, const std::string& address,
                                                   const std::string& method) {
    VerifierProcess verifier{files, "--admin"};
    wire::AdminHello hello;
    hello.verb = verb;
    hello.subject = subject;
    hello.method = method;
    hello.address = address;
    hello.account_name = "ada";
    hello.host_name = "host.example.org";
    if (!subject.empty()) hello.subkey = subkey();
    verifier.say(hello);
    std::vector<nlohmann::json> rows;
    while (true) {
        const auto reply = verifier.expect<wire::AdminReply>();
        if (!reply.json.empty()) rows.push_back(nlohmann::json::parse(reply.json.reveal()));
        if (!reply.last) continue;
        refused = reply.error;
        break;
    }
    verifier.hang_up();
    if (verifier.ended() != 0) throw std::runtime_error{"the verifier did not end well"};
    return rows;
}

void VerifierHouse::enrol_email() {
    (void)command(wire::AdminVerb::EnrolContact, "ada.lovelace@example.org");
    if (!refused.empty()) throw std::runtime_error{refused};
}

void VerifierHouse::enrol_totp() {
    const auto rows = command(wire::AdminVerb::EnrolAuthenticator);
    if (!refused.empty()) throw std::runtime_error{refused};
    key_base32_ = rows.at(0).at("key_base32").get<std::string>();
}

std::vector<wire::ChannelCall> VerifierHouse::deliver_all() {
    VerifierProcess verifier{files, "--deliver"};
    Talk talk{verifier};
    verifier.say(wire::DeliverHello{});
    std::vector<wire::ChannelCall> calls;
    while (true) {
        auto packet =
            verifier.link().receive(std::chrono::steady_clock::now() + std::chrono::seconds{10});
        if (!packet) throw std::runtime_error{"delivery: " + packet.error().detail};
        if (wire::decode<wire::DeliverFinish>(packet->bytes)) break;
        const auto key = wire::decode<wire::OutboxKey>(packet->bytes);
        if (!key || key->subject != subject) throw std::runtime_error{"delivery: no key wanted"};
        verifier.say(wire::OutboxKeyIs{SodiumVault{}.derive(subkey(), "outbox")});
        calls.push_back(talk.play_channel("email", accept));
    }
    if (verifier.ended() != 0) throw std::runtime_error{"the delivery did not end well"};
    return calls;
}

std::vector<wire::ChannelCall> VerifierHouse::deliver() {
    auto calls = deliver_all();
    std::erase_if(calls, [](const wire::ChannelCall& call) {
        return call.text.reveal().find("The administrator has added ") != std::string_view::npos;
    });
    return calls;
}

bool VerifierHouse::probe(wire::ChannelOutcome outcome) {
    VerifierProcess verifier{files, "--probe"};
    Talk talk{verifier};
    verifier.say(wire::DeliverHello{});
    bool asked = false;
    while (true) {
        auto packet =
            verifier.link().receive(std::chrono::steady_clock::now() + std::chrono::seconds{10});
        if (!packet) throw std::runtime_error{"probe: " + packet.error().detail};
        if (wire::decode<wire::DeliverFinish>(packet->bytes)) break;
        const auto start = wire::decode<wire::StartChannel>(packet->bytes);
        if (!start || start->channel != "email") throw std::runtime_error{"probe of another kind"};
        const auto call = talk.serve_channel([outcome](const wire::ChannelCall&) {
            wire::ChannelReply reply;
            reply.outcome = outcome;
            return reply;
        });
        asked = call.verb == wire::ChannelVerb::Probe && call.to.empty() && call.text.empty();
    }
    if (verifier.ended() != 0) throw std::runtime_error{"the probe did not end well"};
    return asked;
}

std::string VerifierHouse::delivered_code() {
    const auto calls = deliver();
    if (calls.size() != 1) throw std::runtime_error{"expected one message"};
    constexpr std::string_view kBefore = "recovery code: ";
    const std::string text{calls[0].text.reveal()};
    const auto begin = text.find(kBefore);
    if (begin == std::string::npos) throw std::runtime_error{"no code in: " + text};
    return text.substr(begin + kBefore.size(), text.find('\n', begin) - begin - kBefore.size());
}

std::string VerifierHouse::otp() const {
    char* raw = nullptr;
    std::size_t length = 0;
    if (oath_base32_decode(key_base32_.data(), key_base32_.size(), &raw, &length) != OATH_OK)
        throw std::runtime_error{"oath_base32_decode"};
    const std::string key{raw, length};
    std::free(raw);
    return otp_of(key, std::time(nullptr));
}

wire::ChannelReply VerifierHouse::check_otp(const wire::ChannelCall& call) {
    wire::ChannelReply reply;
    reply.outcome = wire::ChannelOutcome::Wrong;
    // A window of one step on either side, as the configuration says by default.
    for (const std::int64_t step : {-1, 0, 1}) {
        const std::int64_t at = static_cast<std::int64_t>(call.now) + step * kStepSeconds;
        if (otp_of(call.key.reveal(), at) != call.answer.reveal()) continue;
        reply.outcome = wire::ChannelOutcome::Accepted;
        reply.matched_step = static_cast<std::uint64_t>(at) / kStepSeconds;
    }
    return reply;
}

std::vector<std::string> VerifierHouse::audit_events() const {
    const auto store = SqliteStore::open(files.store);
    if (!store) throw std::runtime_error{store.error().detail};
    const auto records = (*store)->audit(subject, 100);
    std::vector<std::string> events;
    for (const AuditRecord& record : *records) events.push_back(record.event);
    return events;
}

Outcome forgot_at_console(VerifierHouse& house, Talk& talk) {
    talk.say(house.hello(Surface::Console, 1));
    talk.choose(talk.expect_screen(ScreenKind::Menu), "email");
    (void)talk.expect_screen(ScreenKind::Code);
    talk.answer(house.delivered_code());
    if (talk.expect<wire::Proof>().possession != "email:example.org")
        throw std::runtime_error{"proof of another possession"};
    talk.tell_changes();
    if (talk.expect<wire::Perform>().act != Act::ChangePassword)
        throw std::runtime_error{"another act"};
    talk.say(wire::Acted{ActResult::Done});
    return talk.expect<wire::RecoveryFinish>().outcome;
}

}  // namespace latchkey
