// SPDX-License-Identifier: MIT
#include "channel_host/plugin_call.hpp"

#include <string.h>

#include <algorithm>
#include <cctype>
#include <limits>

#include "channel_host/plugin_table.hpp"

namespace latchkey {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kLongestLog = LATCHKEY_MAX_LOG;
// Notes are kept up to this length while the plugin runs; a reply takes less.
constexpr std::size_t kLongestNotes = 4096;
// What a plugin is told to keep free for its reply to travel.
constexpr milliseconds kReserve{250};

// What the functions of latchkey_host_v1 look at.
struct CallContext {
    const wire::ChannelSetup& setup;
    Secret secret;  // with a NUL behind it
    steady_clock::time_point deadline;
    std::string notes;
};

latchkey_bytes_v1 bytes_of(const std::string& text) {
    return {text.c_str(), text.size()};
}

// `size` leaves out the NUL that terminated() put behind.
latchkey_bytes_v1 bytes_of(const Secret& terminated) {
    return {terminated.reveal().data(), terminated.size() - 1};
}

Secret terminated(const Secret& secret) {
    std::string text{secret.reveal()};
    Secret copy{std::string_view{text.c_str(), text.size() + 1}};
    explicit_bzero(text.data(), text.size());
    return copy;
}

latchkey_bytes_v1 option(void* context, const char* name) {
    const auto& call = *static_cast<const CallContext*>(context);
    const auto& options = call.setup.options;
    const auto found = std::find_if(options.begin(), options.end(), [&](const auto& entry) {
        return name != nullptr && entry.first == name;
    });
    if (found == options.end()) return {nullptr, 0};
    return bytes_of(found->second);
}

latchkey_bytes_v1 secret(void* context) {
    return bytes_of(static_cast<const CallContext*>(context)->secret);
}

void take_note(void* context, const char* text) {
    auto& call = *static_cast<CallContext*>(context);
    if (text == nullptr || call.notes.size() >= kLongestNotes) return;
    call.notes.append(text, ::strnlen(text, kLongestNotes - call.notes.size()));
    call.notes += "; ";
}

std::uint32_t milliseconds_left(void* context) {
    const auto& call = *static_cast<const CallContext*>(context);
    const auto left = std::chrono::duration_cast<milliseconds>(call.deadline - steady_clock::now());
    return static_cast<std::uint32_t>(std::max<std::int64_t>((left - kReserve).count(), 0));
}

wire::ChannelReply misconfigured(std::string why) {
    wire::ChannelReply reply;
    reply.outcome = wire::ChannelOutcome::Misconfigured;
    reply.for_log = std::move(why);
    return reply;
}

wire::ChannelReply cannot_tell() {
    wire::ChannelReply reply;
    reply.outcome = wire::ChannelOutcome::CannotTell;
    return reply;
}

wire::ChannelOutcome outcome_of(std::uint32_t outcome) {
    switch (outcome) {
        case LATCHKEY_ACCEPTED:
            return wire::ChannelOutcome::Accepted;
        case LATCHKEY_QUEUED:
            return wire::ChannelOutcome::Queued;
        case LATCHKEY_TEMPORARY:
            return wire::ChannelOutcome::Temporary;
        case LATCHKEY_PERMANENT:
            return wire::ChannelOutcome::Permanent;
        case LATCHKEY_WRONG:
            return wire::ChannelOutcome::Wrong;
        case LATCHKEY_NOT_TAKEN:
            return wire::ChannelOutcome::NotTaken;
        default:
            return wire::ChannelOutcome::Misconfigured;
    }
}

std::string answer_of(const latchkey_result_v1& result) {
    return {result.answer, ::strnlen(result.answer, sizeof result.answer)};
}

bool is_number(std::string_view text) {
    return !text.empty() && text.size() < LATCHKEY_MAX_ANSWER &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_approval(const wire::ChannelCall& call) {
    return call.verb == wire::ChannelVerb::Begin || call.verb == wire::ChannelVerb::Poll;
}

// The kind of plugin that can take such a call.
std::uint32_t kind_for(const wire::ChannelCall& call) {
    if (is_approval(call)) return LATCHKEY_APPROVAL;
    return call.verb == wire::ChannelVerb::Verify ? LATCHKEY_VERIFICATION : LATCHKEY_DELIVERY;
}

std::string what_it_does(std::uint32_t kind) {
    if (kind == LATCHKEY_APPROVAL) return "asks for approvals";
    return kind == LATCHKEY_VERIFICATION ? "checks answers" : "delivers messages";
}

void blot_out(std::string& text, std::string_view confidence) {
    constexpr std::string_view kBlot = "[...]";
    if (confidence.size() < 4) return;
    for (std::size_t at = text.find(confidence); at != std::string::npos;
         at = text.find(confidence, at + kBlot.size()))
        text.replace(at, confidence.size(), kBlot);
}

bool is_word_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

// A message's codes are such words, as people read them.
void blot_out_words_with_digits(std::string& text, std::string_view message) {
    for (auto begin = message.begin(); begin != message.end();) {
        begin = std::find_if(begin, message.end(), is_word_character);
        const auto end = std::find_if_not(begin, message.end(), is_word_character);
        const bool has_digit = std::any_of(
            begin, end, [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
        if (has_digit) blot_out(text, std::string_view{begin, end});
        begin = end;
    }
}

}  // namespace

const char* objection_to(const latchkey_result_v1& result, const wire::ChannelCall& call) {
    if (result.outcome > LATCHKEY_NOT_TAKEN) return "the plugin returned an unknown outcome";
    if (result.state_length > sizeof result.state) return "the plugin keeps too long a state";
    if (call.verb == wire::ChannelVerb::Poll)
        return result.outcome == LATCHKEY_ACCEPTED && !is_number(answer_of(result))
                   ? "the plugin was given an answer that is no number"
                   : nullptr;
    const bool verifying = call.verb == wire::ChannelVerb::Verify;
    if (!verifying && result.outcome == LATCHKEY_WRONG)
        return "the plugin judged an answer, but was asked about none";
    if (verifying && result.outcome == LATCHKEY_QUEUED)
        return "the plugin queued an answer instead of judging it";
    if (verifying && result.outcome == LATCHKEY_ACCEPTED && result.matched_step <= call.last_step)
        return "the plugin accepted a step that is spent";
    return nullptr;
}

PluginAnswer run_plugin(const latchkey_plugin_table_v1& plugin, const wire::ChannelSetup& setup,
                        const wire::ChannelCall& call, steady_clock::time_point deadline) {
    CallContext context{setup, terminated(setup.secret), deadline, {}};
    const latchkey_host_v1 host{
        sizeof(latchkey_host_v1), LATCHKEY_ABI, &context, &option, &secret, &take_note,
        &milliseconds_left};
    latchkey_result_v1 result{};
    result.size = sizeof result;
    result.abi = LATCHKEY_ABI;
    if (call.verb == wire::ChannelVerb::Verify) {
        const Secret key = terminated(call.key);
        const Secret answer = terminated(call.answer);
        const latchkey_question_v1 question{sizeof(latchkey_question_v1),
                                            LATCHKEY_ABI,
                                            bytes_of(key),
                                            bytes_of(answer),
                                            call.now,
                                            call.last_step,
                                            call.window};
        plugin.verify(&host, &question, &result);
    } else if (call.verb == wire::ChannelVerb::Probe) {
        probe_of(plugin)(&host, &result);
    } else if (is_approval(call)) {
        const Secret text = terminated(call.text);
        const Secret state = terminated(call.state);
        const latchkey_approval_v1 approval{sizeof(latchkey_approval_v1),
                                            LATCHKEY_ABI,
                                            bytes_of(call.to),
                                            bytes_of(call.subject),
                                            bytes_of(text),
                                            bytes_of(call.choices),
                                            bytes_of(call.message_id),
                                            bytes_of(state),
                                            call.expires_at,
                                            call.now};
        const auto function = call.verb == wire::ChannelVerb::Begin ? plugin.begin : plugin.poll;
        function(&host, &approval, &result);
    } else {
        const Secret text = terminated(call.text);
        const Secret short_text = terminated(call.short_text);
        const Secret code = terminated(call.code);
        const latchkey_message_v1 message{
            sizeof(latchkey_message_v1), LATCHKEY_ABI,   bytes_of(call.to),
            bytes_of(call.subject),      bytes_of(text), bytes_of(call.message_id),
            bytes_of(short_text),        bytes_of(code), call.expires_at};
        plugin.deliver(&host, &message, &result);
    }
    return {result, std::move(context.notes)};
}

std::string without_confidences(std::string text, const wire::ChannelSetup& setup,
                                const wire::ChannelCall& call) {
    blot_out(text, call.to);
    blot_out(text, setup.secret.reveal());
    blot_out(text, call.answer.reveal());
    blot_out(text, call.code.reveal());
    blot_out_words_with_digits(text, call.text.reveal());
    blot_out_words_with_digits(text, call.short_text.reveal());
    if (is_approval(call)) blot_out(text, call.message_id);
    blot_out(text, call.state.reveal());
    return text;
}

wire::ChannelReply call_plugin(const latchkey_plugin_table_v1& plugin,
                               const wire::ChannelSetup& setup, const wire::ChannelCall& call,
                               steady_clock::time_point deadline) {
    if (const std::uint32_t wanted = kind_for(call); plugin.kind != wanted)
        return misconfigured("plugin " + setup.plugin + ' ' + what_it_does(plugin.kind) +
                             ", but here one is needed that " + what_it_does(wanted));
    if (call.verb == wire::ChannelVerb::Probe && probe_of(plugin) == nullptr) return cannot_tell();
    const auto [result, notes] = run_plugin(plugin, setup, call, deadline);
    if (const char* wrong = objection_to(result, call); wrong != nullptr)
        return misconfigured(wrong);
    wire::ChannelReply reply;
    reply.outcome = outcome_of(result.outcome);
    reply.retry_after = result.retry_after;
    reply.matched_step = result.matched_step;
    if (call.verb == wire::ChannelVerb::Poll) reply.answer = answer_of(result);
    if (is_approval(call))
        reply.state = Secret{std::string_view{result.state, result.state_length}};
    const std::string text{result.for_log, ::strnlen(result.for_log, sizeof result.for_log)};
    reply.for_log = without_confidences(notes + text, setup, call).substr(0, kLongestLog);
    return reply;
}

}  // namespace latchkey
