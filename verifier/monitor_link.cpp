// SPDX-License-Identifier: MIT
#include "verifier/monitor_link.hpp"

#include <errno.h>
#include <poll.h>

#include <utility>

namespace latchkey {

namespace {

constexpr std::chrono::seconds kPatience{10};
constexpr std::chrono::seconds kLinger{2};  // a greeting follows the start at once

wire::AskScreen message_of(const Screen& screen) {
    wire::AskScreen message;
    message.kind = screen.kind;
    message.remark = screen.remark;
    message.resume_code = screen.resume_code;
    message.method = screen.method;
    message.masked_destination = screen.masked_destination;
    message.minutes = screen.minutes;
    message.has_more = screen.has_more;
    message.signs = screen.signs;
    message.in_words = screen.in_words;
    message.not_working = screen.not_working;
    message.number = screen.number;
    message.seconds = screen.seconds;
    for (const MenuItem& item : screen.items)
        message.items.emplace_back(item.method, item.masked_destination);
    return message;
}

// What poll(2) found within the time: POLLIN, POLLOUT, POLLHUP; 0 for nothing.
short wait_for(int fd, short events, Deadline deadline) {
    pollfd waiting{fd, events, 0};
    int ready = 0;
    do ready = ::poll(&waiting, 1, poll_timeout(deadline));
    while (ready < 0 && errno == EINTR);
    if (ready < 0) return POLLERR;
    return ready == 0 ? short{0} : waiting.revents;
}

}  // namespace

MonitorLink::MonitorLink(Seqpacket socket, Deadline deadline)
    : socket_(std::move(socket)), deadline_(deadline) {}

Error MonitorLink::gone() {
    return {ErrorKind::Unavailable, "the monitor is gone"};
}

Result<Packet> MonitorLink::next_packet() {
    if (!usable()) return gone();
    auto packet = socket_.receive(deadline_);
    if (!packet) close();
    return packet;
}

std::optional<Secret> MonitorLink::ask(const Screen& screen) {
    if (!say(message_of(screen))) return std::nullopt;
    auto packet = next_packet();
    if (!packet) return std::nullopt;
    auto answer = wire::decode<wire::Answer>(packet->bytes);
    const bool left = wire::decode<wire::Left>(packet->bytes).has_value();
    explicit_bzero(packet->bytes.data(), packet->bytes.size());
    if (answer) return std::move(answer->text);
    if (!left) close();
    return std::nullopt;
}

Result<std::optional<RightCode>> MonitorLink::use_saved_code() {
    if (auto said = say(wire::CheckSavedCode{}); !said) return std::move(said).error();
    auto judged = reply<wire::SavedCodeJudged>();
    if (!judged) return std::move(judged).error();
    if (!judged->right) return std::optional<RightCode>{};
    return std::optional{RightCode{judged->is_pass, judged->left}};
}

Result<StepResult> MonitorLink::spend_step(std::uint64_t step) {
    if (auto said = say(wire::SpendStep{step}); !said) return std::move(said).error();
    auto spent = reply<wire::StepSpent>();
    if (!spent) return std::move(spent).error();
    return spent->result;
}

Result<void> MonitorLink::report_proof(std::string_view possession) {
    return say(wire::Proof{std::string{possession}});
}

Result<void> MonitorLink::report_veto(bool ends_codes) {
    return say(wire::VetoHeard{ends_codes});
}

Result<void> MonitorLink::end_waiting_codes() {
    return say(wire::EndWaitingCodes{});
}

Result<void> MonitorLink::announce_change(const ChangeToCome& change) {
    const wire::AnnounceChange message{change.is_new, change.is_first, change.told};
    if (auto said = say(message); !said) return std::move(said).error();
    auto answer = reply<wire::ChangeAnnounced>();
    if (!answer) return std::move(answer).error();
    if (!answer->announced)
        return Error{ErrorKind::Unavailable, "the root side cannot write down that a change comes"};
    return {};
}

Result<RecentlyChanged> MonitorLink::look_for_changes() {
    if (auto said = say(wire::LookForChanges{}); !said) return std::move(said).error();
    auto seen = reply<wire::ChangesSeen>();
    if (!seen) return std::move(seen).error();
    return seen->changed;
}

Result<ActResult> MonitorLink::perform(Act act) {
    if (auto said = say(wire::Perform{act}); !said) return std::move(said).error();
    auto acted = reply<wire::Acted>();
    if (!acted) return std::move(acted).error();
    return acted->result;
}

Result<UniqueFd> MonitorLink::start_channel(const std::string& channel) {
    if (auto said = say(wire::StartChannel{channel}); !said) return std::move(said).error();
    UniqueFd socket;
    auto started = reply<wire::ChannelStarted>(&socket);
    if (!started) return std::move(started).error();
    if (!started->started)
        return Error{ErrorKind::Rejected, "the monitor did not start channel " + channel};
    if (!socket) {
        close();
        return Error{ErrorKind::Corrupt, "the monitor sent no socket of channel " + channel};
    }
    return socket;
}

void MonitorLink::announce_due() {
    // A monitor that is gone is noticed with the next question; the timer delivers.
    (void)say(wire::Queued{});
}

Result<Secret> MonitorLink::outbox_key(const SubjectKey& subject) {
    if (auto said = say(wire::OutboxKey{subject}); !said) return std::move(said).error();
    auto lent = reply<wire::OutboxKeyIs>();
    if (!lent) return std::move(lent).error();
    return std::move(lent->key);
}

bool MonitorLink::wait_until_writable() {
    if (!usable()) return false;
    const short found =
        wait_for(socket_.fd(), POLLOUT, std::chrono::steady_clock::now() + kPatience);
    if ((found & POLLOUT) != 0 && (found & (POLLHUP | POLLERR)) == 0) return true;
    close();
    return false;
}

bool MonitorLink::stays_quiet(std::chrono::milliseconds longest) {
    if (!usable()) return false;
    if (wait_for(socket_.fd(), POLLIN, std::chrono::steady_clock::now() + longest) == 0)
        return true;
    close();
    return false;
}

void MonitorLink::linger() {
    if (usable()) (void)wait_for(socket_.fd(), 0, std::chrono::steady_clock::now() + kLinger);
}

}  // namespace latchkey
