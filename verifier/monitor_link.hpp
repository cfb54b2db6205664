// SPDX-License-Identifier: MIT
//
// The monitor, seen from the verifier: relays questions, compares saved codes,
// starts channel hosts, acts. Everything the verifier cannot do itself goes
// through here, one request and one reply at a time.
#pragma once

#include <optional>
#include <string>

#include "adapters/system/seqpacket.hpp"
#include "core/ports/acts.hpp"
#include "core/ports/conversation.hpp"
#include "core/wire/message.hpp"

namespace latchkey {

// A reply of another type, a malformed one or the end of the socket breaks the
// link for good: nothing is sent or read afterwards and every call says that the
// monitor is gone.
class MonitorLink final : public Conversation, public Acts {
public:
    // `deadline` bounds the life of the link; none: the monitor keeps the time,
    // as it does while a claimant types.
    explicit MonitorLink(Seqpacket socket, Deadline deadline = std::nullopt);

    // The monitor's greeting. Unavailable: it did not come.
    template <class Hello>
    Result<Hello> greeting() {
        return reply<Hello>();
    }

    [[nodiscard]] std::optional<Secret> ask(const Screen& screen) override;

    [[nodiscard]] Result<std::optional<RightCode>> use_saved_code() override;
    [[nodiscard]] Result<StepResult> spend_step(std::uint64_t step) override;
    [[nodiscard]] Result<void> report_proof(std::string_view possession) override;
    [[nodiscard]] Result<void> report_veto(bool ends_codes) override;
    [[nodiscard]] Result<void> end_waiting_codes() override;
    [[nodiscard]] Result<void> announce_change(const ChangeToCome& change) override;
    [[nodiscard]] Result<RecentlyChanged> look_for_changes() override;
    [[nodiscard]] Result<ActResult> perform(Act act) override;

    // The socket of a channel host that was started for one call. Rejected: the
    // monitor could not start it, and has logged why.
    Result<UniqueFd> start_channel(const std::string& channel);

    // Says that the outbox has a row that is due.
    void announce_due();

    // Opens the queued messages of `subject`.
    Result<Secret> outbox_key(const SubjectKey& subject);

    // The last message, or one of several of an answer to the command.
    template <class M>
    Result<void> say(const M& message) {
        if (!usable()) return gone();
        auto sent = socket_.send_message(message);
        if (!sent) close();
        return sent;
    }

    // Waits until the peer reads, where say() would find it busy. False: it is
    // gone, or did not read for ten seconds.
    [[nodiscard]] bool wait_until_writable();
    // Waits for `longest`, or less if the monitor is gone or speaks unasked;
    // false then.
    [[nodiscard]] bool stays_quiet(std::chrono::milliseconds longest);
    // For a verifier that cannot serve: the greeting must not meet a closed socket.
    void linger();

    [[nodiscard]] bool usable() const noexcept { return socket_.fd() >= 0; }

private:
    static Error gone();
    void close() noexcept { socket_.close(); }

    Result<Packet> next_packet();

    template <class M>
    Result<M> reply(UniqueFd* descriptor = nullptr) {
        auto packet = next_packet();
        if (!packet) return std::move(packet).error();
        auto message = wire::decode<M>(packet->bytes);
        explicit_bzero(packet->bytes.data(), packet->bytes.size());
        if (!message) {
            close();
            return Error{ErrorKind::Corrupt, "the monitor sent an unexpected message"};
        }
        if (descriptor != nullptr) *descriptor = std::move(packet->descriptor);
        return std::move(*message);
    }

    Seqpacket socket_;
    Deadline deadline_;
};

}  // namespace latchkey
