// SPDX-License-Identifier: MIT
#include "monitor/serve_login.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/printable.hpp"
#include "core/screens.hpp"
#include "monitor/acts.hpp"
#include "monitor/keys.hpp"
#include "monitor/login_audit.hpp"
#include "monitor/login_session.hpp"
#include "monitor/paths.hpp"
#include "monitor/process.hpp"
#include "monitor/saved_codes.hpp"
#include "monitor/serve_sign_in.hpp"
#include "monitor/slots.hpp"
#include "monitor/temporary_passes.hpp"
#include "monitor/verifier_relay.hpp"

namespace latchkey {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kGreeting{10};
// One write to the store, which waits for 3 s at most.
constexpr std::chrono::seconds kLettingGo{5};

wire::RecoveryHello introduction(const LoginSession& session, TimePoint now) {
    wire::RecoveryHello hello;
    hello.subject = session.subject;
    hello.deliverable = session.eligible;
    hello.privileged = session.account && session.privileged;
    hello.subkey = subject_key(session.master_key, session.subject, session.hello.user);
    hello.surface = session.surface;
    hello.gates_needed = session.gates_needed();
    hello.host_name = session.host_name;
    hello.service = session.hello.service;
    hello.source = session.source;
    hello.reason = session.hello.reason;
    hello.resume_code = session.hello.resume_code;
    if (session.account) {
        hello.account_name = session.account->name;
        SavedCodes codes{paths::kActs, session.subject, session.account->uid,
                         saved_code_key(session.master_key, session.subject)};
        (void)codes.settle(now);
        hello.has_saved_codes = codes.left() > 0;
        TemporaryPasses passes{paths::kActs, session.subject, session.account->uid,
                               temporary_pass_key(session.master_key, session.subject)};
        const auto alive = passes.alive(now);
        hello.has_pass = alive && !alive->empty();
    }
    return hello;
}

struct Verifier {
    Seqpacket link;
    ChildProcess process;
};

Result<Verifier> start_verifier() {
    auto ends = Seqpacket::make_pair();
    if (!ends) return std::move(ends).error();
    auto process = start({paths::kVerifier, {"--login"}, paths::kVerifierUser},
                         std::move(ends->second).take_fd());
    if (!process) return std::move(process).error();
    return Verifier{std::move(ends->first), std::move(*process)};
}

// Introduces the account, relays to the end.
Result<RelayEnd> recover(const LoginSession& session, Verifier verifier, Claimant& claimant,
                         const Clock& clock, EventLog& log) {
    auto sent = verifier.link.send_message(introduction(session, clock.now()));
    if (!sent) return std::move(sent).error();
    claimant.watch(verifier.link.fd());
    RelayEnd end = VerifierRelay{session, verifier.link, claimant, clock, log}.run();
    if (claimant.gone()) {
        // Killed at once it would hold the recovery, and who was cut off could not resume it.
        verifier.link.close();
        (void)verifier.process.wait(steady_clock::now() + kLettingGo);
    }
    return end;
}

// Recovery does not work for anybody now. Told on a grid like every refusal, on the
// default one where the settings have not been read.
RelayEnd refused(const ReplyGrid& grid) {
    RelayEnd end;
    end.grid = grid;
    return end;
}

RelayEnd serve(wire::LoginHello hello, Claimant& claimant, const Clock& clock, EventLog& log) {
    const auto answered_at = steady_clock::now();
    const ReplyGrid default_grid{Settings{}.reply_grid, {}, answered_at};
    const std::string source = source_of(hello);
    const auto slot = take_slot(paths::kSlots, surface_of(hello), source);
    if (!slot) {
        log.record(Severity::Warning, "no slot is free source=" + source);
        audit_unserved(hello, "slot", clock, log);
        return refused(default_grid);
    }
    // It loads and confines itself while the account is looked at here.
    auto verifier = start_verifier();
    auto session = begin_session(std::move(hello), answered_at, clock.now());
    if (!session) {
        log.record(Severity::Alarm, "recovery is off why=" + in_quotes(session.error().detail));
        return refused(default_grid);
    }
    settle_interrupted_acts(clock, log);
    auto end = verifier ? recover(*session, std::move(*verifier), claimant, clock, log)
                        : Result<RelayEnd>{verifier.error()};
    if (!end) {
        log.record(Severity::Alarm, "cannot start verifier why=" + in_quotes(end.error().detail));
        audit_end(*session, {Outcome::Refused, claimant.gone(), {}, "no_verifier"}, clock, log);
        return refused(session->grid);
    }
    return std::move(*end);
}

}  // namespace

void serve_login(Seqpacket module, const Clock& clock, EventLog& log) {
    auto first = module.receive(steady_clock::now() + kGreeting);
    const auto signed_in = first ? wire::decode<wire::SignInHello>(first->bytes) : std::nullopt;
    if (signed_in && signed_in->version == wire::kVersion)
        return serve_sign_in(std::move(module), *signed_in, clock, log);
    auto hello = first ? wire::decode<wire::LoginHello>(first->bytes) : std::nullopt;
    // Nobody changes security info at a login.
    if (!hello || hello->version != wire::kVersion || hello->reason == Reason::ChangeSecurityInfo) {
        log.record(Severity::Warning, "refused greeting of another version");
        (void)module.send_message(wire::LoginFinish{});
        return;
    }
    // The upper bound of [recovery] lifetime: the verifier ends earlier by the setting.
    Claimant claimant{std::move(module), steady_clock::now() + std::chrono::minutes{30}};
    RelayEnd end = serve(std::move(*hello), claimant, clock, log);
    // Last of all: the verifier is gone, and nothing is left to do that could take time.
    if (end.grid) (void)claimant.stay_until(end.grid->slot_for(steady_clock::now()));
    end.text.resize(std::min(end.text.size(), kMaxScreenBytes));  // a message has its bounds
    (void)claimant.module().send_message(
        wire::LoginFinish{end.outcome, std::move(end.password), std::move(end.text)});
}

}  // namespace latchkey
