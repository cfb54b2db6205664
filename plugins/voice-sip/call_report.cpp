// SPDX-License-Identifier: MIT
//
// The lines are those of baresip 1.0 (src/call.c, src/ua.c, modules/menu). What the other side
// has put into one stands at its end, so that each is known by how it begins. Between them stand
// the messages of both sides; of them a redirect's first line alone counts.
#include "plugins/voice-sip/call_report.hpp"

#include <algorithm>
#include <charconv>

namespace latchkey::sip {

namespace {

using plugin::Outcome;
using plugin::Reply;
using std::chrono::seconds;

constexpr std::size_t kLongestLine = 4096;
// As long as a code lives at most, so that for a code no telephone rings twice. The person at
// the prompt can have another one sent.
constexpr seconds kPause{600};

bool is_one_of(int status, std::initializer_list<int> several) {
    return std::find(several.begin(), several.end(), status) != several.end();
}

}  // namespace

void CallReport::take(std::string_view piece) {
    while (!piece.empty()) {
        const std::size_t end = piece.find('\n');
        const std::string_view part = piece.substr(0, end);
        unfinished_.append(
            part.substr(0, kLongestLine - std::min(kLongestLine, unfinished_.size())));
        if (end == std::string_view::npos) return;
        take_line(unfinished_);
        unfinished_.clear();
        piece.remove_prefix(end + 1);
    }
}

void CallReport::take_line(std::string_view line) {
    constexpr std::string_view kMessage = "\x1b[36;1m#";
    constexpr std::string_view kEndOfMessage = "\x1b[;m";
    if (line.starts_with("SIP/2.0 3") && !answered_) is_redirected_ = over_ = true;
    if (line.ends_with(kMessage)) {
        is_message_ = is_spoken_to_ = true;
    } else if (is_message_) {
        is_message_ = !line.ends_with(kEndOfMessage);
    } else if (!is_redirected_) {
        take_own_line(line);
    }
}

void CallReport::take_own_line(std::string_view line) {
    constexpr std::string_view kClosed = ": session closed";
    if (line == "baresip is ready.") {
        ready_ = true;
    } else if (line.starts_with("call: SIP Progress: 18")) {
        rung_ = true;
    } else if (line.starts_with(caller_ + ": Call established: ")) {
        answered_ = true;
    } else if (line.starts_with("menu: audio error (0,end of file)")) {
        said_ = answered_;
        over_ = true;
    } else if (line.starts_with("menu: ua_connect failed") ||
               line.starts_with("menu: audio error (") ||
               (line.starts_with("sip:") && line.find(": Call with ") != line.npos)) {
        over_ = true;
    } else if (const std::size_t at = line.find(kClosed);
               line.starts_with("sip:") && at != std::string_view::npos) {
        take_end(line.substr(at + kClosed.size()));
    }
}

// ": 486 Busy Here", ": Connection timed out [110]", or nothing.
void CallReport::take_end(std::string_view reason) {
    over_ = true;
    if (answered_ || !reason.starts_with(": ")) return;
    reason.remove_prefix(2);
    (void)std::from_chars(reason.data(), reason.data() + reason.size(), status_);
}

Reply CallReport::reply() const {
    if (is_redirected_)
        return {Outcome::Permanent,
                "the server named another number to call, and latchkey calls none"};
    if (said_) return {Outcome::Accepted, "the call was answered, the code said to the end"};
    if (answered_) return {Outcome::Queued, "the call was answered and ended early"};
    if (status_ != 0) {
        Reply reply = reply_to_status(status_);
        if (rung_) reply.retry_after = kPause;
        return reply;
    }
    if (rung_) return {Outcome::Temporary, "nobody answered the call", kPause};
    // An INVITE is shown when it leaves, over tcp and tls behind the connection and its handshake.
    if (!is_spoken_to_) return {Outcome::NotTaken, "no connection to the server"};
    if (over_) return {Outcome::Temporary, "the connection to the server broke off"};
    return {Outcome::Temporary, "the server did not answer"};
}

Reply reply_to_status(int status) {
    const std::string what = "the server's answer was " + std::to_string(status);
    // Not found, gone, address incomplete, does not exist anywhere; busy everywhere and declined:
    // the telephone has rung, and somebody does not want it to ring again.
    if (is_one_of(status, {404, 410, 484, 600, 603, 604})) return {Outcome::Permanent, what};
    // Who calls, and how: unauthorized, forbidden, proxy's, no codec or no encryption in common.
    if (is_one_of(status, {401, 402, 403, 407, 415, 488, 494, 606}))
        return {Outcome::Misconfigured, what};
    // No answer, not there, busy.
    if (is_one_of(status, {408, 480, 486, 487})) return {Outcome::Temporary, what, kPause};
    return {Outcome::Temporary, what};
}

}  // namespace latchkey::sip
