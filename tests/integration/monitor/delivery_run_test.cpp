// SPDX-License-Identifier: MIT
//
// The monitor's half of a delivery, with the test in the verifier's place.
#include "monitor/delivery_run.hpp"

#include <signal.h>

#include <fstream>
#include <optional>
#include <set>
#include <thread>

#include "core/ports/vault.hpp"
#include "monitor/program_channels.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/recorded_events.hpp"

namespace {

using namespace latchkey;

Deadline soon() {
    return std::chrono::steady_clock::now() + std::chrono::seconds{20};
}

// The method "text" goes by a script, then by the mail server.
Settings settings_with_a_script() {
    Settings settings;
    settings.methods["text"] = {
        "Text me", MethodKind::Delivery, {"script", "mail"}, std::chrono::minutes{10}};
    settings.channels["script"].plugin = "exec";
    settings.channels["script"].profile = Profile::Program;
    settings.channels["mail"].plugin = "email";
    return settings;
}

class Delivery {
public:
    explicit Delivery(bool carries_messages = true) {
        auto ends = Seqpacket::make_pair();
        if (!ends) throw std::runtime_error{"socketpair"};
        verifier_ = std::move(ends->second);
        monitor_ = std::thread{[this, carries_messages, link = std::move(ends->first)]() mutable {
            const Settings settings = settings_with_a_script();
            const Secret key{std::string(carries_messages ? Vault::kKeyBytes : 0, 'k')};
            const DeliveryPorts ports{
                [this](const std::string& channel) { return started(channel); },
                [](const SubjectKey& subject) { return subject != "1001:ben"; }, log};
            done = DeliveryRun{settings, key, link, ports,
                               carries_messages ? wire::delivery_permissions()
                                                : wire::probing_permissions()}
                       .run();
        }};
        REQUIRE(verifier_.receive_message<wire::DeliverHello>(soon()));
    }
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;
    ~Delivery() { end(); }

    void ask_for_key_of(const SubjectKey& subject) {
        REQUIRE(verifier_.send_message(wire::OutboxKey{subject}));
        const auto lent = verifier_.receive_message<wire::OutboxKeyIs>(soon());
        REQUIRE(lent);
        CHECK(lent->key.size() == Vault::kKeyBytes);
    }
    bool starts(const std::string& channel) {
        REQUIRE(verifier_.send_message(wire::StartChannel{channel}));
        auto reply = verifier_.receive_message<wire::ChannelStarted>(soon());
        REQUIRE(reply);
        return reply->started;
    }
    void finish(const wire::DeliverFinish& said) {
        REQUIRE(verifier_.send_message(said));
        monitor_.join();
    }
    void end() {
        verifier_.close();
        if (monitor_.joinable()) monitor_.join();
    }

    RecordedEvents log;
    std::optional<Result<wire::DeliverFinish>> done;  // behind end() or finish()
    std::multiset<std::string> started_channels;
    bool ran_side_by_side = false;
    pid_t last_host = -1;

private:
    static pid_t pid_of(const ChildProcess& process) {
        std::ifstream info{"/proc/self/fdinfo/" + std::to_string(process.pidfd())};
        std::string word;
        pid_t pid = -1;
        while (info >> word)
            if (word == "Pid:") info >> pid;
        return pid;
    }

    Result<StartedChannel> started(const std::string& channel) {
        started_channels.insert(channel);
        auto ends = Seqpacket::make_pair();
        if (!ends) return std::move(ends).error();
        if (last_host >= 0 && ::kill(last_host, 0) == 0) ran_side_by_side = true;
        auto host = start({"/bin/sleep", {"600"}, ""}, std::move(ends->second).take_fd());
        if (!host) return std::move(host).error();
        last_host = pid_of(*host);
        return StartedChannel{std::move(*host), std::move(ends->first).take_fd()};
    }

    Seqpacket verifier_{UniqueFd{}};
    std::thread monitor_;
};

}  // namespace

TEST_CASE("no program gets a message of an account that can become root") {
    Delivery delivery;
    delivery.ask_for_key_of("1000:ada");
    CHECK_FALSE(delivery.starts("script"));
    CHECK(delivery.starts("mail"));  // the method's next channel
    delivery.end();
    CHECK(delivery.started_channels == std::multiset<std::string>{"mail"});
    CHECK(
        delivery.log.has("cannot start channel why=\"channel script runs a program, which gets "
                         "no message of an account that can become root\""));
}

TEST_CASE("a program gets the message of an account that cannot become root") {
    Delivery delivery;
    delivery.ask_for_key_of("1001:ben");
    CHECK(delivery.starts("script"));
    CHECK(delivery.starts("script"));
    delivery.ask_for_key_of("1000:ada");
    CHECK_FALSE(delivery.starts("script"));
    delivery.ask_for_key_of("1001:ben");
    CHECK(delivery.starts("script"));
    delivery.end();
    CHECK(delivery.started_channels.count("script") == 3);
}

TEST_CASE("a program is not started before it is known whose message it is for") {
    Delivery delivery;
    CHECK_FALSE(delivery.starts("script"));
    CHECK(delivery.starts("mail"));
    delivery.end();
    CHECK(delivery.started_channels.count("script") == 0);
}

TEST_CASE("a program is asked whether it would take a message, since no message is there") {
    Delivery probes{false};
    CHECK(probes.starts("script"));
}

TEST_CASE("a method reaches nobody who can become root if each of its channels runs programs") {
    Settings settings = settings_with_a_script();
    CHECK_FALSE(runs_programs_only(settings, "text"));
    settings.methods["text"].channels = {"script"};
    CHECK(runs_programs_only(settings, "text"));
    settings.channels["script"].profile = Profile::Network;
    CHECK_FALSE(runs_programs_only(settings, "text"));
    settings.methods["text"].kind = MethodKind::Verification;
    CHECK_FALSE(runs_programs_only(settings, "text"));
    CHECK_FALSE(runs_programs_only(settings, "unknown"));
}

TEST_CASE("what a recovery of the account would not take is no way of it") {
    Settings settings = settings_with_a_script();
    settings.methods["push"] = {"Push", MethodKind::Approval, {"mail"}, std::chrono::minutes{10}};
    settings.methods["app"] = {"App", MethodKind::Verification, {"mail"}, std::chrono::minutes{10}};
    for (const bool privileged : {false, true}) {
        CAPTURE(privileged);
        CHECK(is_way(settings, "app", privileged));
        CHECK(is_way(settings, "text", privileged));
        // A device is asked for nobody who can become root.
        CHECK(is_way(settings, "push", privileged) == !privileged);
        CHECK_FALSE(is_way(settings, "unknown", privileged));
    }
    settings.methods["text"].channels = {"script"};
    CHECK(is_way(settings, "text", false));
    CHECK_FALSE(is_way(settings, "text", true));
}

TEST_CASE("a channel's host is ended before the next one starts") {
    Delivery delivery;
    delivery.ask_for_key_of("1001:ben");
    CHECK(delivery.starts("script"));
    CHECK(::kill(delivery.last_host, 0) == 0);
    CHECK(delivery.starts("mail"));
    CHECK(delivery.starts("script"));
    CHECK_FALSE(delivery.ran_side_by_side);
    delivery.end();
    CHECK(::kill(delivery.last_host, 0) == -1);
}

TEST_CASE("a channel that carries no method's messages is not started") {
    Delivery delivery;
    delivery.ask_for_key_of("1001:ben");
    CHECK_FALSE(delivery.starts("totp"));
    CHECK_FALSE(delivery.starts(""));
    CHECK_FALSE(delivery.starts("../script"));
    delivery.end();
    CHECK(delivery.started_channels.empty());
}

TEST_CASE("what became of the messages is handed on, and a run without an end is an error") {
    Delivery delivery;
    delivery.finish({5, 2, 1, true});
    REQUIRE((delivery.done && *delivery.done));
    const wire::DeliverFinish& said = **delivery.done;
    CHECK(said.delivered == 5);
    CHECK(said.postponed == 2);
    CHECK(said.given_up == 1);
    CHECK(said.ended_early);

    Delivery gone;
    gone.end();
    REQUIRE(gone.done);
    CHECK_FALSE(*gone.done);
    CHECK(gone.log.has("delivery ended why="));
}
