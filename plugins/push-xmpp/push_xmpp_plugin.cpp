// SPDX-License-Identifier: MIT
//
// Asks for an approval in a chat over XMPP: the person answers with the number that the screen
// shows, or with "no". Options: jid, server, port, tls (none, starttls, implicit), ca_file; the
// channel's secret is the account's password (README.md, latchkey.toml(5)).
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <latchkey/plugin.hpp>

#include "plugins/common/approval_text.hpp"
#include "plugins/common/escape.hpp"
#include "plugins/push-xmpp/archive.hpp"
#include "plugins/push-xmpp/jid.hpp"
#include "plugins/push-xmpp/reply_text.hpp"
#include "plugins/push-xmpp/session.hpp"
#include "plugins/push-xmpp/xmpp_settings.hpp"

namespace {

using namespace latchkey::xmpp;
using latchkey::plugin::ApprovalRequest;
using latchkey::plugin::Host;
using latchkey::plugin::Outcome;
using latchkey::plugin::Reply;
using std::chrono::milliseconds;

constexpr const char* kInstruction =
    "\nAnswer with the number that your screen shows. To deny, answer with: deny\n";
// What is kept back so that a reply is given before the process is killed.
constexpr milliseconds kReserve{500};
// How long poll waits for an answer, and how often it looks.
constexpr milliseconds kPatience{4000};
constexpr milliseconds kBetweenLooks{500};

Reply no_archive() {
    return {Outcome::Misconfigured,
            "the server does not say what it archived; it needs XEP-0313 for the account "
            "(Prosody: the module \"mam\")"};
}

// The message, or nothing if it holds what XML cannot express.
std::optional<std::string> message_of(const ApprovalRequest& request, const std::string& person) {
    using latchkey::plugin::xml_escaped;
    std::string text{request.subject};
    text.append("\n\n").append(request.text).append(kInstruction);
    text.append(latchkey::plugin::until_line(request));
    const auto to = xml_escaped(person);
    const auto body = xml_escaped(text);
    const auto id = xml_escaped(request.request_id);
    if (!to || !body || !id) return std::nullopt;
    return "<message type='chat' to='" + *to + "' id='" + *id + "'><body>" + *body +
           "</body><thread>" + *id + "</thread></message>";
}

// What the servers made of the message, if it came back.
std::optional<Reply> refusal_in(const Session& session, const ApprovalRequest& request) {
    for (const Stanza& stanza : session.messages()) {
        if (attribute_of(stanza.get(), "type") != "error" ||
            attribute_of(stanza.get(), "id") != request.request_id)
            continue;
        xmpp_stanza_t* error = xmpp_stanza_get_child_by_name(stanza.get(), "error");
        const std::string type = attribute_of(error, "type");
        if (type == "auth") return Reply{Outcome::Misconfigured, "the account may not write there"};
        if (type == "wait") return Reply{Outcome::NotTaken, "the message cannot be taken now"};
        return Reply{Outcome::Permanent, "there is no such person, or they take no messages"};
    }
    return std::nullopt;
}

class PushXmpp final : public latchkey::plugin::Approval {
public:
    Reply begin(const Host& host, const ApprovalRequest& request) override {
        const auto read = read_settings(host);
        if (!read.settings) return {Outcome::Misconfigured, read.refusal};
        const auto person = bare_jid(request.to);
        if (!person) return {Outcome::Permanent, "the address is no plain JID"};
        const auto message = message_of(request, *person);
        if (!message) return {Outcome::Permanent, "the request holds what XML cannot express"};
        Session session{*read.settings, host.time_left() - kReserve};
        if (auto failed = session.sign_in()) return before_sending(*failed);
        auto place = end_of_archive(session, *person);
        if (!place) return before_sending(session.end().value_or(no_archive()));
        return sent(session, *message, request, std::move(*place));
    }

    Reply poll(const Host& host, const ApprovalRequest& request) override {
        const auto read = read_settings(host);
        if (!read.settings) return {Outcome::Misconfigured, read.refusal};
        const auto person = bare_jid(request.to);
        if (!person) return {Outcome::Permanent, "the address is no plain JID"};
        Session session{*read.settings, host.time_left() - kReserve};
        if (auto failed = session.sign_in()) return *failed;
        const auto until = std::chrono::steady_clock::now() + kPatience;
        do {
            const auto messages =
                messages_behind(session, std::string{request.state}, *person, read.settings->jid);
            if (!messages) return unheard(session);
            if (auto answer = answer_in(*messages, request)) return *answer;
            session.wait(kBetweenLooks);
        } while (std::chrono::steady_clock::now() < until && session.time_left() > kReserve);
        return not_yet(std::string{request.state});
    }

private:
    // Nobody can have been asked yet.
    static Reply before_sending(Reply failure) {
        if (failure.outcome == Outcome::Temporary) failure.outcome = Outcome::NotTaken;
        return failure;
    }

    static Reply unheard(const Session& session) {
        if (auto end = session.end()) return *end;
        return {Outcome::Temporary, "the server does not say what came"};
    }

    static Reply too_slow() { return {Outcome::Temporary, "the server took too long"}; }

    static Reply not_yet(std::string state) {
        Reply reply{Outcome::Queued, "no answer yet"};
        reply.state = std::move(state);
        return reply;
    }

    static Reply sent(Session& session, const std::string& message, const ApprovalRequest& request,
                      std::string place) {
        session.forget_messages();
        session.send(message);
        // What the server has to say against the message comes before its answer to this.
        const Stanza barrier = session.ask("get", "<ping xmlns='urn:xmpp:ping'/>");
        if (auto refusal = refusal_in(session, request)) return *refusal;
        if (!barrier) return too_slow();
        Reply reply{Outcome::Accepted, "sent"};
        reply.state = std::move(place);
        return reply;
    }

    // The first number; a denial counts whatever was answered beside it.
    static std::optional<Reply> answer_in(const std::vector<ArchivedMessage>& messages,
                                          const ApprovalRequest& request) {
        bool is_denied = false;
        std::optional<std::string> number;
        for (const ArchivedMessage& message : messages) {
            if (!message.thread.empty() && message.thread != request.request_id) continue;
            is_denied = is_denied || is_denial(message.body);
            if (!number) number = number_in(message.body);
        }
        if (is_denied) return Reply{Outcome::Wrong, "denied"};
        if (!number) return std::nullopt;
        Reply answered{Outcome::Accepted, "answered"};
        answered.answer = std::move(*number);
        return answered;
    }
};

}  // namespace

LATCHKEY_APPROVAL(PushXmpp, LATCHKEY_VERSION);
