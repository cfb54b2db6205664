// SPDX-License-Identifier: MIT
#include "pam_module/relay.hpp"

#include <security/pam_ext.h>
#include <syslog.h>

#include <chrono>

#include "pam_module/monitor_process.hpp"

namespace latchkey::pam {

namespace {

// The monitor ends every conversation after at most 30 minutes (the upper bound
// of [recovery] lifetime); this is only for a monitor that stands still.
constexpr std::chrono::minutes kPatience{31};

Recovery refusal(const Handle& handle, const Error& error) {
    pam_syslog(handle.get(), LOG_ERR, "recovery refused: %s", error.detail.c_str());
    return {};
}

// Sends the answer, or that there is none.
Result<void> answer(Seqpacket& monitor, std::optional<Secret> text) {
    if (!text) return monitor.send_message(wire::Left{});
    return monitor.send_message(wire::Answer{std::move(*text)});
}

Recovery relay(const Handle& handle, Seqpacket& monitor) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (true) {
        auto packet = monitor.receive(deadline);
        if (!packet) return refusal(handle, packet.error());
        Result<void> sent;
        if (auto ask = wire::decode<wire::Ask>(packet->bytes)) {
            sent = answer(monitor, handle.ask(ask->text));
        } else if (auto hidden = wire::decode<wire::AskHidden>(packet->bytes)) {
            sent = answer(monitor, handle.ask_hidden(hidden->text));
        } else if (auto finish = wire::decode<wire::LoginFinish>(packet->bytes)) {
            explicit_bzero(packet->bytes.data(), packet->bytes.size());
            return {finish->outcome, std::move(finish->password), std::move(finish->text)};
        } else {
            return refusal(
                handle, {ErrorKind::Corrupt, "the monitor sent a message that is not permitted"});
        }
        if (!sent) return refusal(handle, sent.error());
    }
}

}  // namespace

Recovery run_recovery(const Handle& handle, const std::string& monitor,
                      const wire::LoginHello& hello) {
    auto link = start_monitor(monitor);
    if (!link) return refusal(handle, link.error());
    if (auto sent = link->send_message(hello); !sent) return refusal(handle, sent.error());
    return relay(handle, *link);
}

}  // namespace latchkey::pam
