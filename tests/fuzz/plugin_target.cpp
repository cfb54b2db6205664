// SPDX-License-Identifier: MIT
//
// A hostile plugin in the channel host, and a hostile channel host in front of the
// verifier: whatever they answer, the reply keeps the rules.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>

#include "adapters/process_channels/process_channels.hpp"
#include "adapters/system/seqpacket.hpp"
#include "channel_host/plugin_call.hpp"
#include "core/backoff.hpp"
#include "core/printable.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace latchkey;
using fuzz::holds;

// What the plugin of this run does.
struct Plan {
    latchkey_result_v1 result{};
    std::array<std::string, 3> notes;
};
Plan plan;

void act(const latchkey_host_v1* host, latchkey_result_v1* result) {
    for (const std::string& note : plan.notes) host->log(host->context, note.c_str());
    (void)host->option(host->context, plan.notes[0].c_str());
    holds(host->milliseconds_left(host->context) <= 60'000, "time only runs out");
    const latchkey_bytes_v1 secret = host->secret(host->context);
    holds(secret.data[secret.length] == '\0', "a NUL stands behind the secret");
    *result = plan.result;
}
void deliver(const latchkey_host_v1* host, const latchkey_message_v1* message,
             latchkey_result_v1* result) {
    holds(message->text.data[message->text.length] == '\0', "a NUL stands behind the text");
    act(host, result);
}
void verify(const latchkey_host_v1* host, const latchkey_question_v1* question,
            latchkey_result_v1* result) {
    holds(question->answer.data[question->answer.length] == '\0', "a NUL stands behind the answer");
    act(host, result);
}

void probe(const latchkey_host_v1* host, latchkey_result_v1* result) {
    act(host, result);
}

latchkey_result_v1 result_from(fuzz::Input& input) {
    latchkey_result_v1 result{};
    result.outcome = input.flag() ? input.below(8) : input.number<std::uint32_t>();
    result.retry_after = input.number<std::uint32_t>();
    result.matched_step = input.number<std::uint64_t>();
    // All of it, so without a NUL at the end if the input says so.
    std::memset(result.for_log, input.byte(), sizeof result.for_log);
    const std::string_view text = input.part();
    std::memcpy(result.for_log, text.data(), std::min(text.size(), sizeof result.for_log));
    return result;
}

// A word as codes are: four signs or more, a digit among them (the channel host's own
// sentences hold none).
bool is_confidence(std::string_view text) {
    const auto is = [&text](int (*kind)(int)) {
        return std::count_if(text.begin(), text.end(),
                             [kind](unsigned char c) { return kind(c) != 0; });
    };
    return text.size() >= 4 && is(std::isalnum) == std::ssize(text) && is(std::isdigit) > 0;
}

void check_reply(const wire::ChannelReply& reply, const wire::ChannelSetup& setup,
                 const wire::ChannelCall& call) {
    using wire::ChannelOutcome;
    const bool verifying = call.verb == wire::ChannelVerb::Verify;
    holds(reply.for_log.size() <= LATCHKEY_MAX_LOG, "a log text has at most 512 bytes");
    holds(verifying || reply.outcome != ChannelOutcome::Wrong, "a delivery is never judged");
    holds(!verifying || reply.outcome != ChannelOutcome::Queued, "a judgement is never queued");
    holds(!verifying || reply.outcome != ChannelOutcome::Accepted ||
              reply.matched_step > call.last_step,
          "an accepted step is a new one");
    for (const std::string_view word :
         {std::string_view{call.to}, setup.secret.reveal(), call.answer.reveal()})
        holds(!is_confidence(word) || reply.for_log.find(word) == std::string::npos,
              "no confidence is logged");
    const bool as_told = static_cast<std::uint32_t>(reply.outcome) == plan.result.outcome;
    const bool cannot_tell =
        call.verb == wire::ChannelVerb::Probe && reply.outcome == ChannelOutcome::CannotTell;
    holds(as_told || cannot_tell || reply.outcome == ChannelOutcome::Misconfigured,
          "an outcome is the plugin's own, or a failure");
}

void try_plugin(fuzz::Input& input) {
    wire::ChannelSetup setup;
    wire::ChannelCall call;
    const bool delivers = input.flag();
    call.verb = static_cast<wire::ChannelVerb>(input.below(3));
    const bool probes = input.flag();
    call.last_step = input.number<std::uint64_t>();
    plan.result = result_from(input);
    for (std::string& note : plan.notes) note = input.text();
    call.to = input.text();
    setup.secret = Secret{input.part()};
    call.answer = Secret{input.part()};
    setup.plugin = "fuzzed";
    setup.options = {{"port", input.text()}};
    call.text = Secret{input.rest()};
    latchkey_plugin_table_v1 table{};
    table.kind = delivers ? LATCHKEY_DELIVERY : LATCHKEY_VERIFICATION;
    table.deliver = deliver;
    table.verify = verify;
    table.size = sizeof table;
    if (probes) table.probe = probe;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    check_reply(call_plugin(table, setup, call, deadline), setup, call);
}

void try_channel_host(fuzz::Input& input) {
    const Secret key{"a key of 20 bytes..."};
    const Secret otp{"123456"};
    const std::uint64_t last_step = input.number<std::uint64_t>();
    const OtpQuestion question{"totp", key, otp, TimePoint{}, last_step, 1};
    const std::string_view packet = input.rest();
    auto ends = Seqpacket::make_pair();
    holds(ends.has_value(), "there is a socket");
    (void)ends->second.send(fuzz::as_bytes(packet));
    ProcessChannels channels{[&ends](const std::string&) -> Result<UniqueFd> {
                                 return std::move(ends->first).take_fd();
                             },
                             [] {}};
    const auto step = channels.verify(question);
    if (step && *step) holds(**step > question.last_step, "a spent step is never right");
    if (!step) holds(is_printable(step.error().detail), "a plugin's words are escaped");
    const auto reply = wire::decode<wire::ChannelReply>(fuzz::as_bytes(packet));
    holds(!step || !*step || reply, "only a reply is an answer");
    if (!reply) return;
    const auto delay =
        delay_after(reply->retry_after % 9, std::chrono::seconds{reply->retry_after});
    holds(delay >= kRetryDelays.front() && delay <= kRetryDelays.back(),
          "a gateway's wish puts nothing off for ever");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input{data, size};
    if (input.below(4) == 0)
        try_channel_host(input);
    else
        try_plugin(input);
    return 0;
}
