// SPDX-License-Identifier: MIT
#include "pam_module/relay.hpp"

#include <security/pam_ext.h>
#include <syslog.h>

#include <chrono>

#include "core/login_texts.hpp"
#include "pam_module/monitor_process.hpp"

namespace latchkey::pam {

namespace {

// The monitor ends every conversation after at most 30 minutes (the upper bound
// of [recovery] lifetime); this is only for a monitor that stands still.
constexpr std::chrono::minutes kPatience{31};

Recovery refusal(const Handle& handle, const Error& error) {
    pam_syslog(handle.get(), LOG_ERR, "latchkey refused: %s", error.detail.c_str());
    return {};
}

// Sends the answer, or that there is none.
Result<void> answer(Seqpacket& monitor, std::optional<Secret> text) {
    if (!text) return monitor.send_message(wire::Left{});
    return monitor.send_message(wire::Answer{std::move(*text)});
}

template <typename Hello>
Result<Seqpacket> introduced(const std::string& monitor, const Hello& hello) {
    auto link = start_monitor(monitor);
    if (!link) return link;
    if (auto sent = link->send_message(hello); !sent) return std::move(sent).error();
    return link;
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
    auto link = introduced(monitor, hello);
    return link ? relay(handle, *link) : refusal(handle, link.error());
}

std::string run_sign_in(const Handle& handle, const std::string& monitor,
                        const wire::SignInHello& hello) {
    auto link = introduced(monitor, hello);
    std::string text = (link ? relay(handle, *link) : refusal(handle, link.error())).text;
    return text.empty() ? std::string{login_texts::kNotNow} : text;
}

void send_off(const Handle& handle, const std::string& monitor, const wire::SignInHello& hello) {
    if (auto link = introduced(monitor, hello); !link)
        pam_syslog(handle.get(), LOG_WARNING, "no reminders: %s", link.error().detail.c_str());
}

}  // namespace latchkey::pam
