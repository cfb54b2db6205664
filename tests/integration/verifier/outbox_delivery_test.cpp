// SPDX-License-Identifier: MIT
//
// What becomes of a queued message, on the real store and vault; gateways and
// time are the test's.
#include "verifier/outbox_delivery.hpp"

#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "adapters/sodium_vault/sodium_vault.hpp"
#include "adapters/sqlite_store/sqlite_store.hpp"
#include "core/channel_budget.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;
using namespace std::chrono_literals;
using wire::ChannelOutcome;

namespace {

const SubjectKey kAda = "1001:ada";

Settings two_channels() {
    Settings settings;
    settings.methods["email"].channels = {"first", "second"};
    for (const char* name : {"first", "second"}) settings.channels[name].deadline = 10s;
    return settings;
}

wire::ChannelReply reply(ChannelOutcome outcome, std::uint32_t retry_after = 0) {
    wire::ChannelReply reply;
    reply.outcome = outcome;
    reply.retry_after = retry_after;
    reply.for_log = "the gateway said \"so\"";
    return reply;
}

// A store with messages in it, and gateways that answer by script.
class Post {
public:
    Post() : store_(std::move(SqliteStore::open(directory_.file("store/store.db"))).value()) {}

    // A message to ada of that life, queued the way a conversation does.
    void queue(std::chrono::seconds life, bool deliverable = true) {
        const TimePoint now = clock.now();
        IssuedCode code;
        code.recovery = start_recovery(deliverable);
        code.method = "email";
        code.issued_at = now;
        code.expires_at = now + life;
        if (deliverable) code.message = sealed(OutboxPurpose::Code, code.expires_at);
        REQUIRE(store_->issue_code(code));
    }
    // A notice to ada of that life, of a recovery that a saved code has opened.
    void queue_notice(std::chrono::seconds life) {
        const TimePoint now = clock.now();
        const RecoveryId id = start_recovery(true);
        const Attempt guess{kAda, "console:tty1", AttemptKind::SavedCode, "saved", id};
        REQUIRE(store_->settle_saved_code(store_->charge_attempt(guess, {}, now).value().id, id,
                                          {"saved", now}));
        const Grant grant{id,        "lease", {sealed(OutboxPurpose::Notice, now + life)},
                          "granted", "",      now,
                          now - 1min};
        REQUIRE(store_->spend_grant(grant).value());
    }

    void queue_bulk(std::chrono::seconds life, int number) {
        for (int i = 0; i < number; ++i)
            REQUIRE(store_->enrol_all(
                {}, std::vector{sealed(OutboxPurpose::BulkNotice, clock.now() + life)}));
    }

    wire::DeliverFinish run() { return OutboxDelivery{settings, ports()}.run(); }

    [[nodiscard]] std::vector<std::string> audit() const {
        std::vector<std::string> details;
        const auto records = store_->audit(kAda, 100);
        for (const AuditRecord& record : *records) details.push_back(record.detail);
        return details;
    }
    // What another run, started meanwhile, would find.
    [[nodiscard]] std::size_t left_for_others() {
        return store_->claim_due(clock.now(), clock.now() + 1min, 64).value().size();
    }
    [[nodiscard]] ChannelUse used(const std::string& channel) {
        return use_of(*store_, channel, clock.now()).value();
    }
    void answers(const std::string& channel, ChannelOutcome outcome, int times = 1) {
        for (int i = 0; i < times; ++i) script[channel].push_back(reply(outcome));
    }
    [[nodiscard]] std::size_t channels_judged() { return store_->channel_health().value().size(); }
    [[nodiscard]] bool is_due() const {
        return store_->oldest_due(clock.now()).value().has_value();
    }

    Settings settings = two_channels();
    std::string address = "ada.lovelace@example.org";
    FakeClock clock;
    RecordedEvents log;
    std::map<std::string, std::vector<Result<wire::ChannelReply>>> script;  // by channel
    std::vector<wire::ChannelCall> calls;
    std::vector<std::string> called;  // channels
    std::vector<std::chrono::seconds> pauses;
    std::uint32_t keys_lent = 0;
    bool lends_empty_key = false;
    bool spoil_next_key = false;
    bool monitor_is_gone = false;
    std::chrono::seconds call_takes = 0s;
    std::function<void()> during_call = [] {};

private:
    RecoveryId start_recovery(bool deliverable) {
        NewRecovery recovery;
        recovery.subject = deliverable ? kAda : "#0042";
        recovery.deliverable = deliverable;
        recovery.service = "login";
        recovery.source = "console:tty1";
        recovery.gates_needed = 1;
        recovery.opened_at = clock.now();
        recovery.expires_at = clock.now() + 15min;
        return store_->start_recovery(recovery, "lease", {}).value().id;
    }
    OutboxRow sealed(OutboxPurpose purpose, TimePoint expires_at) {
        OutboxRow row;
        row.purpose = purpose;
        row.subject = kAda;
        row.method = "email";
        row.due_at = clock.now();
        row.expires_at = expires_at;
        const Secret plain = encode_outbox_message(
            {address, "Code", Secret{"1234"}, std::string(32, 'a'), Secret{"1234"}, Secret{"1234"},
             expires_at.time_since_epoch().count()});
        row.sealed = vault_.seal(outbox_key(), outbox_binding(row), plain.reveal());
        return row;
    }
    [[nodiscard]] Secret outbox_key() const {
        return vault_.derive(Secret{std::string(Vault::kKeyBytes, 'k')}, "outbox");
    }
    Result<Secret> lend(const SubjectKey& subject) {
        if (monitor_is_gone) return Error{ErrorKind::Unavailable, "gone"};
        ++keys_lent;
        CHECK(subject == kAda);
        if (std::exchange(spoil_next_key, false)) return Secret{std::string(Vault::kKeyBytes, 'x')};
        return lends_empty_key ? Secret{} : outbox_key();
    }
    Result<wire::ChannelReply> carry(const std::string& channel, const wire::ChannelCall& call) {
        called.push_back(channel);
        wire::ChannelCall seen;
        seen.verb = call.verb;
        seen.to = call.to;
        seen.subject = call.subject;
        seen.text = call.text.duplicate();
        seen.message_id = call.message_id;
        seen.short_text = call.short_text.duplicate();
        seen.code = call.code.duplicate();
        seen.expires_at = call.expires_at;
        calls.push_back(std::move(seen));
        during_call();
        clock.advance(call_takes);
        auto& replies = script[channel];
        REQUIRE(!replies.empty());
        auto next = std::move(replies.front());
        replies.erase(replies.begin());
        return next;
    }
    DeliveryPorts ports() {
        return {*store_,
                vault_,
                clock,
                log,
                [this](const SubjectKey& subject) { return lend(subject); },
                [this](const std::string& channel, const wire::ChannelCall& call) {
                    return carry(channel, call);
                },
                [this](std::chrono::seconds longest) {
                    pauses.push_back(longest);
                    clock.advance(longest);
                    return true;
                }};
    }

    TemporaryDirectory directory_;
    std::unique_ptr<Store> store_;
    SodiumVault vault_;
};

}  // namespace

TEST_CASE("an accepted message goes, to the address that was sealed") {
    Post post;
    post.queue(10min);
    post.script["first"].push_back(reply(ChannelOutcome::Accepted));
    const auto done = post.run();
    CHECK(done.delivered == 1);
    CHECK(done.postponed == 0);
    REQUIRE(post.calls.size() == 1);
    CHECK(post.calls[0].to == "ada.lovelace@example.org");
    CHECK(post.calls[0].subject == "Code");
    CHECK(post.calls[0].text.reveal() == "1234");
    CHECK(post.calls[0].message_id == std::string(32, 'a'));
    CHECK(post.audit() == std::vector<std::string>{"code by email: accepted"});
    CHECK_FALSE(post.is_due());
}

TEST_CASE("a message that a gateway has queued is not sent again") {
    Post post;
    post.queue(10min);
    post.script["first"].push_back(reply(ChannelOutcome::Queued));
    CHECK(post.run().delivered == 1);
    post.clock.advance(1h);
    CHECK(post.run().delivered == 0);
    CHECK(post.audit() == std::vector<std::string>{"code by email: queued"});
}

TEST_CASE("a temporary refusal is tried again after 5 and 30 seconds, by the same channel") {
    Post post;
    post.queue(10min);
    post.script["first"].push_back(reply(ChannelOutcome::Temporary));
    post.script["first"].push_back(reply(ChannelOutcome::Temporary));
    post.script["first"].push_back(reply(ChannelOutcome::Accepted));
    const auto done = post.run();
    CHECK(done.postponed == 0);  // none waits any more
    CHECK(done.delivered == 1);
    CHECK_FALSE(done.ended_early);
    CHECK(post.pauses == std::vector<std::chrono::seconds>{5s, 30s});
    CHECK(post.called == std::vector<std::string>{"first", "first", "first"});
    CHECK(post.calls[0].message_id == post.calls[2].message_id);
}

TEST_CASE("a run does not wait for a try that lies beyond its end") {
    Post post;
    post.queue(10min);
    post.script["first"].push_back(reply(ChannelOutcome::Temporary, 120));
    const auto done = post.run();
    CHECK(done.postponed == 1);
    CHECK_FALSE(done.ended_early);  // nothing more is due
    CHECK(post.pauses.empty());
    post.clock.advance(119s);
    CHECK(post.run().postponed == 0);
    post.clock.advance(1s);
    post.script["first"].push_back(reply(ChannelOutcome::Accepted));
    CHECK(post.run().delivered == 1);
}

TEST_CASE("a gateway cannot put a notice off for longer than an hour") {
    Post post;
    post.queue(72h);
    post.script["first"].push_back(reply(ChannelOutcome::Temporary, 4'000'000'000U));
    CHECK(post.run().postponed == 1);
    post.clock.advance(1h);
    post.script["first"].push_back(reply(ChannelOutcome::Accepted));
    CHECK(post.run().delivered == 1);
}

TEST_CASE("a permanent refusal is tried by the next channel, and by no third") {
    Post post;
    post.queue(10min);
    SECTION("that accepts") {
        post.script["first"].push_back(reply(ChannelOutcome::Permanent));
        post.script["second"].push_back(reply(ChannelOutcome::Accepted));
        CHECK(post.run().delivered == 1);
        CHECK(post.called == std::vector<std::string>{"first", "second"});
    }
    SECTION("that refuses too") {
        post.script["first"].push_back(reply(ChannelOutcome::Permanent));
        post.script["second"].push_back(reply(ChannelOutcome::Permanent));
        CHECK(post.run().given_up == 1);
        CHECK(post.audit() == std::vector<std::string>{"code by email: refused"});
    }
    SECTION("that an administrator can mend") {
        post.script["first"].push_back(reply(ChannelOutcome::Permanent));
        post.script["second"].push_back(Error{ErrorKind::Rejected, "not started"});
        post.script["first"].push_back(reply(ChannelOutcome::Permanent));
        post.script["second"].push_back(reply(ChannelOutcome::Accepted));
        const auto done = post.run();
        CHECK(post.called == std::vector<std::string>{"first", "second", "first", "second"});
        CHECK(done.postponed == 0);
        CHECK(done.delivered == 1);
    }
}

TEST_CASE("a channel that dies in mid-call may have sent: no other channel is tried") {
    Post post;
    post.queue(10min);
    post.script["first"].push_back(Error{ErrorKind::Unavailable, "the channel host is gone"});
    post.script["first"].push_back(reply(ChannelOutcome::Accepted));
    const auto done = post.run();
    CHECK(post.called == std::vector<std::string>{"first", "first"});
    CHECK(done.delivered == 1);
}

TEST_CASE("a message past its life is given up unopened, and its expiry is not overshot") {
    Post post;
    post.queue(20s);
    post.script["first"].push_back(reply(ChannelOutcome::Temporary));
    post.script["first"].push_back(reply(ChannelOutcome::Temporary));
    const auto done = post.run();
    CHECK(post.pauses == std::vector<std::chrono::seconds>{5s, 15s});
    CHECK(post.keys_lent == 2);
    CHECK(done.given_up == 1);
    CHECK(post.audit() == std::vector<std::string>{"code by email: expired"});
    CHECK(post.log.has("gave up a message"));
}

TEST_CASE("a row without a text goes without a key, a channel or a line in the audit trail") {
    Post post;
    post.queue(10min, false);
    const auto done = post.run();
    CHECK(done.delivered + done.postponed + done.given_up == 0);
    CHECK(post.keys_lent == 0);
    CHECK(post.called.empty());
    CHECK_FALSE(post.is_due());
    CHECK(post.audit().empty());
}

TEST_CASE("a key that is refused leaves the message waiting") {
    Post post;
    post.queue(10min);
    post.lends_empty_key = true;
    CHECK(post.run().delivered == 0);
    CHECK(post.called.empty());
    post.lends_empty_key = false;
    post.clock.advance(3min);
    post.script["first"].push_back(reply(ChannelOutcome::Accepted));
    CHECK(post.run().delivered == 1);
}

TEST_CASE("a message of an account whose key has changed is given up with an alarm") {
    Post post;
    post.queue(10min);
    post.queue(10min);
    post.script["first"].push_back(reply(ChannelOutcome::Accepted));
    post.spoil_next_key = true;
    const auto done = post.run();
    CHECK(done.given_up == 1);
    CHECK(done.delivered == 1);
    CHECK(post.log.has_alarm());
    CHECK(post.log.has("why=\"unreadable\""));
}

TEST_CASE("a monitor that is gone leaves every message due") {
    Post post;
    post.queue(10min);
    post.queue(10min);
    post.monitor_is_gone = true;
    const auto done = post.run();
    CHECK(done.delivered + done.postponed + done.given_up == 0);
    CHECK(done.ended_early);
    CHECK(post.is_due());
    post.monitor_is_gone = false;
    post.script["first"].push_back(reply(ChannelOutcome::Accepted));
    post.script["first"].push_back(reply(ChannelOutcome::Accepted));
    CHECK(post.run().delivered == 2);
}

TEST_CASE("while a gateway hangs over one message the others are left for other runs") {
    Post post;
    for (int i = 0; i < 3; ++i) post.queue(10min);
    post.script["first"].push_back(Error{ErrorKind::Unavailable, "deadline"});
    std::size_t left = 0;
    post.script["first"].push_back(reply(ChannelOutcome::Accepted));  // at its second try
    post.during_call = [&] { left += post.left_for_others(); };
    post.call_takes = 10s;
    (void)post.run();
    CHECK(left == 2);
}

TEST_CASE("gateways that hang until their deadline do not make a run outlast its leases") {
    Post post;
    for (int i = 0; i < 20; ++i) {
        post.queue(72h);
        post.script["first"].push_back(Error{ErrorKind::Unavailable, "deadline"});
    }
    post.call_takes = 10s;
    const auto done = post.run();
    CHECK(done.ended_early);
    CHECK(done.postponed == 5);
    CHECK(post.clock.now() <= FakeClock::kStart + OutboxDelivery::kRunLength);
    CHECK(post.called.size() == 5);
    CHECK(post.is_due());
}

TEST_CASE("one run takes no more keys than the monitor lends") {
    Post post;
    for (std::uint32_t i = 0; i < OutboxDelivery::kRowsPerRun + 6; ++i) {
        post.queue(10min);
        post.script["first"].push_back(reply(ChannelOutcome::Accepted));
    }
    const auto done = post.run();
    CHECK(done.delivered == OutboxDelivery::kRowsPerRun);
    CHECK(done.ended_early);
    CHECK(post.keys_lent == OutboxDelivery::kRowsPerRun);
    CHECK(post.run().delivered == 6);
}

TEST_CASE("the log has no address, no text and no quotation mark of a gateway") {
    Post post;
    post.queue(10min);
    post.script["first"].push_back(reply(ChannelOutcome::Permanent));
    post.script["second"].push_back(reply(ChannelOutcome::Accepted));
    (void)post.run();
    CHECK_FALSE(post.log.has("lovelace"));
    CHECK_FALSE(post.log.has("1234"));
    CHECK(post.log.has("to=\"a...e at e....org\""));
    CHECK(post.log.has("why=\"the gateway said 'so'\""));
}

TEST_CASE("a method without a channel keeps its messages until one is configured") {
    Post post;
    post.queue(72h);
    const auto method = post.settings.methods["email"];
    post.settings.methods.erase("email");
    CHECK(post.run().postponed > 0);
    post.settings.methods["email"] = method;
    post.clock.advance(1h);
    post.script["first"].push_back(reply(ChannelOutcome::Accepted));
    CHECK(post.run().delivered == 1);
}

TEST_CASE("deliveries that fail, which happen for right guesses alone, judge no channel") {
    Post post;
    for (int i = 0; i < 5; ++i) {
        post.queue(72h);
        for (const char* channel : {"first", "second"})
            for (int tries = 0; tries < 6; ++tries)
                post.script[channel].push_back(reply(
                    i % 2 == 0 ? ChannelOutcome::Temporary : ChannelOutcome::Misconfigured, 120));
        (void)post.run();
        post.clock.advance(2min);
    }
    CHECK(post.called.size() >= 5);
    CHECK(post.channels_judged() == 0);
}

TEST_CASE("a channel carries as many messages as its budget allows, the next one all others") {
    Post post;
    post.settings.channels["first"].budget = {2, 10};
    for (int i = 0; i < 5; ++i) post.queue(10min);
    post.answers("first", ChannelOutcome::Accepted, 2);
    post.answers("second", ChannelOutcome::Accepted, 3);
    CHECK(post.run().delivered == 5);
    CHECK(post.called == std::vector<std::string>{"first", "first", "second", "second", "second"});
    CHECK(post.used("first").last_hour == 2);
    CHECK(post.used("second").last_day == 0);  // it has no budget
    CHECK(post.log.count("the budget of a channel is used up channel=first limit=per_hour") == 1);
    CHECK(post.log.count("left out a channel whose budget is used up channel=first") == 3);
}

TEST_CASE(
    "where every channel's budget is used up a message waits, and is sent when there is room") {
    Post post;
    post.settings.channels["first"].budget = {1, 10};
    post.settings.methods["email"].channels = {"first"};
    post.queue(10min);
    post.answers("first", ChannelOutcome::Accepted, 2);
    CHECK(post.run().delivered == 1);
    SECTION("in its life") {
        post.queue(2h);
        CHECK(post.run().delivered == 0);
        CHECK(post.is_due());
        post.clock.advance(1h);
        CHECK(post.run().delivered == 1);
    }
    SECTION("or goes unsent") {
        post.queue(10min);
        CHECK(post.run().delivered == 0);
        post.clock.advance(10min);
        CHECK(post.run().given_up == 1);
        CHECK(post.called.size() == 1);
        CHECK(post.audit().front() == "code by email: expired");
    }
}

TEST_CASE("a budget that codes have used up keeps no notice from the owner") {
    Post post;
    post.settings.channels["first"].budget = {1, 1};
    post.settings.methods["email"].channels = {"first"};
    post.answers("first", ChannelOutcome::Accepted, 2);
    post.queue(10min);
    post.queue(10min);
    post.queue_notice(72h);
    CHECK(post.run().delivered == 2);
    CHECK(post.audit().front() == "notice by email: accepted");
    CHECK(post.used("first").last_hour == 2);  // and it counts
    CHECK(post.log.has("left out a channel whose budget is used up channel=first purpose=code"));
    CHECK_FALSE(
        post.log.has("left out a channel whose budget is used up channel=first purpose=notice"));
}

TEST_CASE("what root has sent to many uses up no budget that others need for codes") {
    Post post;
    post.settings.channels["first"].budget = {1, 1};
    post.settings.methods["email"].channels = {"first"};
    post.answers("first", ChannelOutcome::Accepted, 4);
    post.queue_bulk(72h, 3);
    CHECK(post.run().delivered == 3);
    CHECK(post.used("first").last_hour == 0);
    post.queue(10min);
    CHECK(post.run().delivered == 1);
}

TEST_CASE("the alarm of a budget is raised once a day, for each channel") {
    Post post;
    for (const char* name : {"first", "second"}) post.settings.channels[name].budget = {1, 1};
    const auto alarms = [&post](const std::string& channel) {
        return post.log.count("the budget of a channel is used up channel=" + channel);
    };
    for (int i = 0; i < 3; ++i) {
        post.queue(10min);
        post.answers("first", ChannelOutcome::Accepted);
        post.answers("second", ChannelOutcome::Accepted);
        (void)post.run();
    }
    CHECK(alarms("first") == 1);
    CHECK(alarms("second") == 1);
    post.clock.advance(24h);
    for (int i = 0; i < 3; ++i) {
        post.queue(10min);
        (void)post.run();
    }
    CHECK(alarms("first") == 2);
    CHECK(alarms("second") == 2);
}

TEST_CASE("what certainly did not leave costs nothing, and what may have left does") {
    Post post;
    post.settings.channels["first"].budget = {5, 5};
    post.queue(10min);
    const auto outcome =
        GENERATE(ChannelOutcome::Permanent, ChannelOutcome::Misconfigured, ChannelOutcome::NotTaken,
                 ChannelOutcome::Temporary, ChannelOutcome::Queued);
    const bool may_have_left =
        outcome == ChannelOutcome::Temporary || outcome == ChannelOutcome::Queued;
    bool is_charged = false;
    post.during_call = [&] { is_charged = is_charged || post.used("first").last_day == 1; };
    post.answers("first", outcome);
    post.answers("first", ChannelOutcome::Misconfigured, 9);
    post.answers("second", ChannelOutcome::Accepted);
    (void)post.run();
    CHECK(is_charged);  // before it could leave
    CHECK(post.used("first").last_day == (may_have_left ? 1U : 0U));
}

TEST_CASE("a code that no gateway takes is tried again when the first of them may") {
    Post post;
    post.queue(10min);
    for (int i = 0; i < 2; ++i)
        post.script["first"].push_back(reply(ChannelOutcome::NotTaken, 300));
    post.script["second"].push_back(reply(ChannelOutcome::NotTaken, 60));
    post.script["second"].push_back(reply(ChannelOutcome::Accepted));
    CHECK(post.run().delivered == 0);
    CHECK(post.called.size() == 2);
    post.clock.advance(59s);
    CHECK(post.run().delivered == 0);
    CHECK(post.called.size() == 2);
    post.clock.advance(2s);
    CHECK(post.run().delivered == 1);
    CHECK(post.called == std::vector<std::string>{"first", "second", "first", "second"});
}

TEST_CASE("a code that no gateway ever takes costs a few calls until it expires, and is given up") {
    Post post;
    post.queue(10min);
    const auto wish = GENERATE(0U, 1U);  // at once, says the gateway
    for (int i = 0; i < 100; ++i)
        for (const char* channel : {"first", "second"})
            post.script[channel].push_back(reply(ChannelOutcome::NotTaken, wish));
    std::uint32_t given_up = 0;
    for (int minute = 0; minute < 12; ++minute) {
        given_up += post.run().given_up;
        post.clock.advance(1min);
    }
    CHECK(given_up == 1);
    // After 5 and 30 seconds and 2 minutes; the next try would lie behind its end.
    CHECK(post.called.size() == 4 * 2);
    CHECK(post.audit() == std::vector<std::string>{"code by email: expired"});
    CHECK(post.used("first").last_day == 0);
    CHECK_FALSE(post.is_due());
}

TEST_CASE("a notice outlasts an outage of nearly three days, by whichever gateway is back first") {
    Post post;
    post.queue_notice(72h);
    // Once a minute, as the timer does it.
    const auto minutes_pass = [&post](int minutes) {
        wire::DeliverFinish all;
        for (int minute = 0; minute < minutes; ++minute) {
            const auto one = post.run();
            all.delivered += one.delivered;
            all.given_up += one.given_up;
            post.clock.advance(1min);
        }
        return all;
    };
    for (const char* channel : {"first", "second"})
        post.answers(channel, ChannelOutcome::NotTaken, 200);
    CHECK(minutes_pass(70 * 60).delivered == 0);
    CHECK(post.called.size() < 2 * 80);  // with back-off: about once an hour
    post.called.clear();
    SECTION("the second one is back") {
        post.script["second"].clear();
        post.answers("second", ChannelOutcome::Accepted);
        CHECK(minutes_pass(2 * 60).delivered == 1);
        CHECK(post.called == std::vector<std::string>{"first", "second"});
    }
    SECTION("none is") {
        const auto all = minutes_pass(3 * 60);
        CHECK(all.delivered == 0);
        CHECK(all.given_up == 1);
        CHECK(post.audit().front() == "notice by email: expired");
    }
}

TEST_CASE("a number outside the method's countries gets nothing, by no channel") {
    Post post;
    MethodSettings& method = post.settings.methods["email"];
    method.medium = Medium::Text;
    post.address = "+491701234567";
    post.answers("first", ChannelOutcome::Accepted);
    SECTION("because the list has changed since it was enrolled") {
        method.countries = {"+43", "+41"};
    }
    SECTION("or because it is billed to whoever writes to it") {
        post.address = "+499001234567";
    }
    post.queue(10min);
    CHECK(post.run().given_up == 1);
    CHECK(post.called.empty());
    CHECK(post.audit().front() == "code by email: the number's country is not allowed");
    method.countries = {"+43", "+49"};
    post.address = "+491701234567";
    post.queue(10min);
    CHECK(post.run().delivered == 1);
}
