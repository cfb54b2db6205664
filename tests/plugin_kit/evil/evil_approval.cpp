// SPDX-License-Identifier: MIT
//
// The same for a plugin that asks for approvals of a service that it never reaches, with one
// fault, EVIL_FAULT.
#include <poll.h>
#include <signal.h>

#include <string>
#include <string_view>

#include <latchkey/plugin.h>

namespace {

constexpr std::string_view fault = EVIL_FAULT;

void say(latchkey_result_v1& result, std::uint32_t outcome, const std::string& text) {
    result.outcome = outcome;
    result.for_log[text.copy(result.for_log, sizeof result.for_log - 1)] = '\0';
}

bool is_address(const latchkey_bytes_v1& bytes) {
    const std::string_view text{bytes.data, bytes.length};
    return !text.empty() && text.size() < 100 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz.@") == std::string_view::npos;
}

void ask(const latchkey_host_v1* host, const latchkey_approval_v1* approval,
         latchkey_result_v1* result) {
    if (host->secret(host->context).length == 0)
        return say(*result, LATCHKEY_MISCONFIGURED, "there is no secret");
    if (!is_address(approval->to)) return say(*result, LATCHKEY_PERMANENT, "no address");
    say(*result, LATCHKEY_TEMPORARY, "the service is away");
}

void look(const latchkey_host_v1* host, const latchkey_approval_v1* approval,
          latchkey_result_v1* result) {
    if (!is_address(approval->to)) return say(*result, LATCHKEY_PERMANENT, "no address");
    if (fault == "looks_without_time" && host->milliseconds_left(host->context) == 0)
        (void)::poll(nullptr, 0, -1);
    if (fault == "crashes_at_a_strange_state" && approval->state.length > 500) ::raise(SIGSEGV);
    if (fault == "approves_by_itself" && approval->state.length == 0) {
        std::string{"42"}.copy(result->answer, 2);
        return say(*result, LATCHKEY_ACCEPTED, "");
    }
    const std::string id{approval->request_id.data, approval->request_id.length};
    say(*result, LATCHKEY_QUEUED, fault == "logs_the_request" ? "none to " + id : "no answer");
}

constexpr latchkey_plugin_table_v1 table{sizeof(latchkey_plugin_table_v1),
                                         LATCHKEY_ABI,
                                         LATCHKEY_APPROVAL,
                                         0,
                                         "1.0",
                                         nullptr,
                                         nullptr,
                                         nullptr,
                                         &ask,
                                         &look};

}  // namespace

extern "C" {
LATCHKEY_EXPORT = &table;
}
