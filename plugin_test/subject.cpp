// SPDX-License-Identifier: MIT
#include "plugin_test/subject.hpp"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include <array>
#include <ctime>

#include "channel_host/plugin_call.hpp"

namespace latchkey::plugin_test {

namespace {

constexpr std::uint64_t kNow = 1'800'000'007;
constexpr std::uint64_t kLifetime = 600;

std::string signal_name(int number) {
    const char* name = ::sigabbrev_np(number);
    return name == nullptr ? std::to_string(number) : std::string{"SIG"} + name;
}

}  // namespace

wire::ChannelCall message_to(const std::string& address) {
    wire::ChannelCall call;
    call.verb = wire::ChannelVerb::Deliver;
    call.to = address;
    call.subject = "Your recovery code for web1";
    call.text = Secret{
        "Your recovery code for ada on web1 is 4821 0673.\n"
        "It is valid for 10 minutes.\n"};
    call.short_text = Secret{"4821 0673 is your recovery code for web1, valid for 10 minutes."};
    call.code = Secret{kCode};
    call.message_id = "1f0c7f3e-0001";
    call.expires_at = static_cast<std::uint64_t>(std::time(nullptr)) + kLifetime;
    return call;
}

wire::ChannelCall question() {
    wire::ChannelCall call;
    call.verb = wire::ChannelVerb::Verify;
    call.key = Secret{"a key of 20 bytes..."};
    call.answer = Secret{"000000"};
    call.now = kNow;
    return call;
}

wire::ChannelCall probe() {
    wire::ChannelCall call;
    call.verb = wire::ChannelVerb::Probe;
    return call;
}

wire::ChannelCall request_to(const std::string& address) {
    wire::ChannelCall call;
    call.verb = wire::ChannelVerb::Begin;
    call.to = address;
    call.subject = "Is that you, at web1?";
    call.text = Secret{
        "Somebody wants to get back into the account ada on web1.\n"
        "If it is not you, deny.\n"};
    call.choices = "17 42 88";
    call.message_id = "0123456789abcdef0123456789abcdef";
    call.now = static_cast<std::uint64_t>(std::time(nullptr));
    call.expires_at = call.now + kLifetime;
    return call;
}

wire::ChannelCall look_at(const std::string& address) {
    wire::ChannelCall call = request_to(address);
    call.verb = wire::ChannelVerb::Poll;
    return call;
}

wire::ChannelCall ordinary_call(const Subject& subject) {
    if (subject.approves()) return request_to(subject.channel.address);
    return subject.verifies() ? question() : message_to(subject.channel.address);
}

Deed one_call(const wire::ChannelSetup& setup, const wire::ChannelCall& call) {
    return [&setup, &call](const Inside& inside) {
        Observation& seen = inside.seen;
        seen.stage = Stage::Calling;
        try {
            const PluginAnswer answer = run_plugin(inside.table, setup, call, inside.deadline);
            seen.result = answer.result;
            write_text(seen.notes, sizeof seen.notes, answer.notes);
            seen.stage = Stage::Returned;
        } catch (...) {
            seen.threw = true;
        }
    };
}

Account call(const Guest& guest, const wire::ChannelCall& call) {
    return watch(guest, one_call(guest.setup, call));
}

std::string end_of(const Account& account, const Guest& guest) {
    if (account.overdue)
        return "it had not returned after " + std::to_string(guest.deadline.count()) + " s";
    if (WIFSIGNALED(account.wait_status))
        return "its process was ended by " + signal_name(WTERMSIG(account.wait_status));
    if (account.seen.threw) return "an exception was thrown across the border";
    if (account.seen.stage != Stage::Returned && account.seen.trouble[0] == '\0')
        return "it ended the process with status " +
               std::to_string(WEXITSTATUS(account.wait_status));
    return {};
}

std::string disorder_in(const Account& account, const Guest& guest, const wire::ChannelCall& call) {
    if (std::string end = end_of(account, guest); !end.empty()) return end;
    if (account.seen.trouble[0] != '\0') return account.seen.trouble;
    const char* const objection = objection_to(account.seen.result, call);
    return objection == nullptr ? "" : objection;
}

std::string name_of(std::uint32_t outcome) {
    constexpr std::array kNames{"Misconfigured", "Accepted", "Queued",  "Temporary",
                                "Permanent",     "Wrong",    "NotTaken"};
    return outcome < kNames.size() ? kNames[outcome] : "unknown outcome " + std::to_string(outcome);
}

}  // namespace latchkey::plugin_test
